import type {Piscina} from 'piscina';
import type {ControllerConfig} from '../../autoscaler/reconcile.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {type SharedSchedule, shareSchedule} from '../../experiment/schedule-hash.ts';
import type {Task} from '../../tune/budgeted-runs.ts';
import {asFound, scheduleOf} from '../../tune/evaluate-candidate.ts';
import type {CandidateFigures} from '../../tune/figures.ts';
import {endPool, startPool} from './start-pool.ts';
import type {TuneTask, TuneWorkerData} from './tune-worker.ts';

type CandidatePoolOptions = {
	readonly experiment: Experiment;
	readonly controller: ControllerConfig;
	/** Threads, at least 1. */
	readonly workers: number;
};

export type EvaluateOptions = {
	readonly isStopped: () => boolean;
	readonly onEvaluated: (index: number, figures: CandidateFigures) => void;
};

/** Largest schedules that are kept in shared memory, all together and each [bytes]. */
const most = {all: 2 ** 28, each: 2 ** 26} as const;

/** Evaluates candidates on worker threads. A replication's requests are drawn once, and all threads read them. */
export class CandidatePool {
	readonly #options: CandidatePoolOptions;
	readonly #pool: Piscina<TuneTask, CandidateFigures>;
	readonly #schedules = new Map<number, SharedSchedule | undefined>();

	constructor(options: CandidatePoolOptions) {
		const {experiment, controller, workers} = options;
		const workerData: TuneWorkerData = {experiment, controller};
		this.#options = options;
		this.#pool = startPool('tune-worker', {run: 'evaluateTask', workerData, threads: workers});
	}

	/**
	 * Evaluates tasks, in their order as far as threads are free.
	 *
	 * @param options - `isStopped`: whether no more are to be begun; `onEvaluated` is called for each as it ends
	 * @returns the figures of the tasks before the first that was not begun
	 */
	async evaluate(tasks: readonly Task[], {isStopped, onEvaluated}: EvaluateOptions): Promise<CandidateFigures[]> {
		const results: CandidateFigures[] = [];
		let next = 0;
		const work = async () => {
			while (next < tasks.length && !isStopped()) {
				const index = next++;
				const {candidate, replication} = tasks[index]!;
				const schedule = this.#scheduleOf(replication);
				results[index] = await this.#pool.run({scaling: candidate.scaling, replication, schedule});
				onEvaluated(index, results[index]);
			}
		};
		// More than there are threads: none of them waits for the next task.
		await Promise.all(Array.from({length: 2 * this.#options.workers}, work));
		return results;
	}

	async close(): Promise<void> {
		await endPool(this.#pool);
	}

	#scheduleOf(replication: number): SharedSchedule | undefined {
		const {experiment} = this.#options;
		if (!this.#schedules.has(replication)) {
			const drawn = scheduleOf(asFound(experiment, replication), replication);
			const schedule = drawn && shareSchedule(drawn, most.each);
			this.#makeRoom(schedule?.bytes ?? 0);
			this.#schedules.set(replication, schedule);
		}

		return this.#schedules.get(replication);
	}

	/** Lets the schedules go that were drawn first; one that is wanted again is drawn again. */
	#makeRoom(wanted: number): void {
		let bytes = wanted;
		for (const schedule of this.#schedules.values()) {
			bytes += schedule?.bytes ?? 0;
		}

		for (const [replication, schedule] of this.#schedules) {
			if (bytes <= most.all) {
				return;
			}

			bytes -= schedule?.bytes ?? 0;
			this.#schedules.delete(replication);
		}
	}
}
