import {fileURLToPath} from 'node:url';
import {Piscina} from 'piscina';
import type {Experiment} from '../experiment/experiment.ts';
import type {ReplicationResult} from '../forecast/forecast.ts';
import type {ReplicationTask, WorkerData} from './replicate-worker.ts';

export type ReplicateAllOptions = {
	/** Threads, at least 1; no more are started than there are replications. */
	readonly workers: number;
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
	{workers, onReplication}: ReplicateAllOptions,
): AsyncGenerator<ReplicationResult[], void, void> {
	const tasks = experiments.flatMap((experiment, index) => tasksOf(experiment, index));
	if (tasks.length === 0) {
		return;
	}

	const pool = startPool({experiments}, Math.min(workers, tasks.length));
	try {
		const pending = experiments.map((experiment, index) =>
			Promise.all(
				tasksOf(experiment, index).map(async task => {
					const result = await pool.run(task);
					onReplication?.(experiment);
					return result;
				}),
			),
		);
		// Those of later experiments are awaited later: until then a failure of theirs is not unhandled.
		void Promise.allSettled(pending);
		for (const results of pending) {
			yield await results;
		}
	} finally {
		await pool.destroy();
	}
}

function tasksOf({replications}: Experiment, experiment: number): ReplicationTask[] {
	return Array.from({length: replications}, (_, replication) => ({
		experiment,
		replication,
		record: replication === 0,
	}));
}

function startPool(workerData: WorkerData, threads: number): Piscina<ReplicationTask, ReplicationResult> {
	// The compiler rewrites imports only: the worker's file has the extension of this one, built or not.
	const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
	return new Piscina({
		filename: fileURLToPath(new URL(`./replicate-worker${extension}`, import.meta.url)),
		name: 'runTask',
		workerData,
		minThreads: threads,
		maxThreads: threads,
	});
}
