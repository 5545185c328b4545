import {availableParallelism} from 'node:os';
import type {Experiment} from '../../experiment/experiment.ts';
import {mostEventsUnasked, withBaselines} from '../../forecast/baselines.ts';
import type {ReplicationResult} from '../../forecast/replicate.ts';
import {summarize} from '../../forecast/summarize.ts';
import type {Summary} from '../../forecast/summary.ts';
import type {RunAccount} from '../../records/pod-usage.ts';
import type {BaselineTask, ReplicationTask, WorkerData} from './replicate-worker.ts';
import {endPool, startPool} from './start-pool.ts';

type Task = ReplicationTask | BaselineTask;
type Outcome<T extends Task> = T extends BaselineTask ? RunAccount : ReplicationResult;
type Waiting = {readonly task: Task; readonly start: () => void};

/**
 * Hands tasks to workers, an earlier experiment's first: what an experiment needs once its replications are done does
 * not wait behind all replications of the others.
 */
export class TaskLine {
	readonly #run: (task: Task) => Promise<ReplicationResult | RunAccount>;
	readonly #most: number;
	readonly #waiting: Waiting[] = [];
	#running = 0;

	/** @param most - tasks handed over at a time */
	constructor(run: (task: Task) => Promise<ReplicationResult | RunAccount>, most: number) {
		this.#run = run;
		this.#most = most;
	}

	async run<T extends Task>(task: T): Promise<Outcome<T>> {
		await new Promise<void>(start => {
			const index = this.#waiting.findIndex(other => other.task.experiment > task.experiment);
			this.#waiting.splice(index === -1 ? this.#waiting.length : index, 0, {task, start});
			this.#next();
		});
		try {
			return (await this.#run(task)) as Outcome<T>;
		} finally {
			this.#running--;
			this.#next();
		}
	}

	#next(): void {
		while (this.#running < this.#most && this.#waiting.length > 0) {
			this.#running++;
			this.#waiting.shift()!.start();
		}
	}
}

export type ReplicateAllOptions = {
	/** Threads, at least 1; no more are started than there are replications. */
	readonly workers: number;
	/**
	 * Whether to play the first replications' baselines too: of every experiment, of none (the default), or of those
	 * with a fixed arm whose runs are short.
	 */
	readonly baselines?: boolean | 'where short';
	/** Called as each replication ends, in whatever order they do. */
	readonly onReplication?: (experiment: Experiment) => void;
};

/**
 * Runs every replication of every experiment on worker threads.
 *
 * @yields the results of one experiment in the order of replications, experiment by experiment; the first result
 *   carries the recordings. What is yielded does not depend on the number of workers.
 */
export async function* replicateAll(
	experiments: readonly Experiment[],
	{workers, baselines = false, onReplication}: ReplicateAllOptions,
): AsyncGenerator<ReplicationResult[], void, void> {
	const tasks = experiments.flatMap((experiment, index) => tasksOf(experiment, index));
	if (tasks.length === 0) {
		return;
	}

	const threads = Math.min(workers, tasks.length);
	const workerData: WorkerData = {experiments};
	const pool = startPool<ReplicationTask | BaselineTask, ReplicationResult | RunAccount>('replicate-worker', {
		run: 'replicateTask',
		workerData,
		threads,
	});
	const line = new TaskLine(async task => pool.run(task), 2 * threads);
	const play = async (experiment: Experiment, index: number) => {
		const results = await Promise.all(
			tasksOf(experiment, index).map(async task => {
				const result = await line.run(task);
				onReplication?.(experiment);
				return result;
			}),
		);
		return isWanted(baselines, experiment, results)
			? withBaselines(experiment, results, async (replication, baseline) =>
					line.run({experiment: index, replication, baseline}),
				)
			: results;
	};
	try {
		const pending = experiments.map(async (experiment, index) => play(experiment, index));
		// Those of later experiments are awaited later: until then a failure of theirs is not unhandled.
		void Promise.allSettled(pending);
		for (const results of pending) {
			yield await results;
		}
	} finally {
		await endPool(pool);
	}
}

function isWanted(
	baselines: NonNullable<ReplicateAllOptions['baselines']>,
	{fixed}: Experiment,
	[first]: readonly ReplicationResult[],
): boolean {
	const events = (first?.dynamic.eventCount ?? 0) + (first?.fixed?.eventCount ?? 0);
	return baselines === 'where short' ? fixed !== undefined && events <= mostEventsUnasked : baselines;
}

function tasksOf({replications}: Experiment, experiment: number): ReplicationTask[] {
	return Array.from({length: replications}, (_, replication) => ({
		experiment,
		replication,
		record: replication === 0,
	}));
}

export type ForecastOptions = {
	/** Threads, at least 1; one a core when left out. The result does not depend on it. */
	readonly workers?: number;
	/** Called as each replication ends. */
	readonly onReplication?: () => void;
};

/**
 * Simulates the dynamic arm of an experiment and, where it has one, the fixed arm under the same requests.
 *
 * @returns what `replicast run --json` prints: means over the replications with their 95 % intervals; seconds, dollars,
 *   watt-hours, fractions
 * @throws {RangeError} when `workers` is no integer of at least 1
 */
export async function forecast(
	experiment: Experiment,
	{workers = availableParallelism(), onReplication = () => {}}: ForecastOptions = {},
): Promise<Summary> {
	if (!Number.isInteger(workers) || workers < 1) {
		throw new RangeError(`Expected workers to be an integer of at least 1, got ${workers}`);
	}

	const summaries: Summary[] = [];
	for await (const results of replicateAll([experiment], {workers, onReplication})) {
		summaries.push(summarize(experiment, results));
	}

	return summaries[0]!;
}
