import type {Timeline} from '../../records/replica-line.ts';
import type {LineTask} from './line-worker.ts';
import {endPool, startPool} from './start-pool.ts';

type ForecastingOptions<Job> = {
	/** Threads, at least 1; no more are started than there are jobs. */
	readonly workers: number;
	/** Stops the threads; the promise is rejected with its reason. */
	readonly signal?: AbortSignal | undefined;
	/** Makes a job's task: called when a thread is about to take it, so that few are in memory at a time. */
	readonly taskOf: (job: Job) => Promise<LineTask>;
	/** Called with a job's lines, in whatever order jobs end. */
	readonly onLines: (job: Job, lines: readonly Timeline[], task: LineTask) => void;
};

/** Forecasts the replicas of many recordings on worker threads. */
export async function forecastRecordings<Job>(
	jobs: readonly Job[],
	{workers, signal, taskOf, onLines}: ForecastingOptions<Job>,
): Promise<void> {
	signal?.throwIfAborted();
	if (jobs.length === 0) {
		return;
	}

	const threads = Math.min(workers, jobs.length);
	const pool = startPool<LineTask, Timeline[]>('line-worker', {run: 'forecastLines', threads});
	const stop = () => void endPool(pool);
	signal?.addEventListener('abort', stop, {once: true});
	let next = 0;
	const takeTurns = async () => {
		while (next < jobs.length) {
			const job = jobs[next++]!;
			const task = await taskOf(job);
			onLines(job, await pool.run(task), task);
		}
	};
	try {
		await Promise.all(Array.from({length: threads + 1}, takeTurns)); // one more, so that no thread waits for a task to be made
	} catch (error) {
		signal?.throwIfAborted(); // a task of a pool that ends fails
		throw error;
	} finally {
		signal?.removeEventListener('abort', stop);
		await endPool(pool);
	}
}
