import type {ForecastLines, LineTask} from './line-worker.ts';
import {endPool, startPool} from './start-pool.ts';

type PoolOptions = {
	/** Threads, at least 1. */
	readonly workers: number;
	/** Stops the threads; what is being forecast is rejected with its reason. */
	readonly signal?: AbortSignal | undefined;
};

type ForecastingOptions<Job> = {
	/** Makes a job's task: called when a thread is about to take it, so that few are in memory at a time. */
	readonly taskOf: (job: Job) => Promise<LineTask>;
	/** Called with a job's lines, in whatever order jobs end. */
	readonly onLines: (job: Job, lines: ForecastLines, task: LineTask) => void;
};

/** Worker threads that forecast the replicas of recordings. */
export class ForecastPool {
	readonly #workers: number;
	readonly #signal: AbortSignal | undefined;
	readonly #pool: ReturnType<typeof startPool<LineTask, ForecastLines>>;
	readonly #stop = () => void endPool(this.#pool);

	constructor({workers, signal}: PoolOptions) {
		signal?.throwIfAborted();
		this.#workers = workers;
		this.#signal = signal;
		this.#pool = startPool<LineTask, ForecastLines>('line-worker', {run: 'forecastLines', threads: workers});
		signal?.addEventListener('abort', this.#stop, {once: true});
	}

	/** Forecasts jobs, in their order as far as threads are free. */
	async forecast<Job>(jobs: readonly Job[], {taskOf, onLines}: ForecastingOptions<Job>): Promise<void> {
		let next = 0;
		const takeTurns = async () => {
			while (next < jobs.length) {
				const job = jobs[next++]!;
				const task = await taskOf(job);
				onLines(job, await this.#pool.run(task), task);
			}
		};
		try {
			const turns = Math.min(this.#workers, jobs.length) + 1; // one more, so that no thread waits for a task to be made
			await Promise.all(Array.from({length: turns}, takeTurns));
		} catch (error) {
			this.#signal?.throwIfAborted(); // a task of a pool that ends fails
			throw error;
		}
	}

	async close(): Promise<void> {
		this.#signal?.removeEventListener('abort', this.#stop);
		await endPool(this.#pool);
	}
}

/** Forecasts the replicas of many recordings on worker threads. */
export async function forecastRecordings<Job>(
	jobs: readonly Job[],
	{workers, signal, ...options}: PoolOptions & ForecastingOptions<Job>,
): Promise<void> {
	signal?.throwIfAborted();
	if (jobs.length === 0) {
		return;
	}

	const pool = new ForecastPool({workers: Math.min(workers, jobs.length), signal});
	try {
		await pool.forecast(jobs, options);
	} finally {
		await pool.close();
	}
}
