import type {Experiment} from '../experiment/experiment.ts';
import type {ReplicationResult} from '../forecast/forecast.ts';
import type {RunAccount} from '../records/run-account.ts';
import {mostEventsUnasked, withBaselines} from './play-baselines.ts';
import type {BaselineTask, ReplicationTask, WorkerData} from './replicate-worker.ts';
import {endPool, startPool} from './start-pool.ts';
import {TaskLine} from './task-line.ts';

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
