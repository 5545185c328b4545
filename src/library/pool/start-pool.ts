import {fileURLToPath} from 'node:url';
import {Piscina} from 'piscina';

/**
 * Starts worker threads.
 *
 * @param file - of this folder, without its extension; of the workers
 * @param options - `run`: name of the file's function that a task calls; `workerData`: given to each worker once, when it starts
 */
export function startPool<Task, Result>(
	file: string,
	{run, workerData, threads}: {readonly run: string; readonly workerData?: unknown; readonly threads: number},
): Piscina<Task, Result> {
	// A pool that ends before all its workers have begun stops some in the middle of loading. Node 20 dies of that where a
	// module is loaded by require, which is what the pool tries first; refused, it imports. Options of this process are
	// not handed on: workers refuse those of V8, such as --max-old-space-size.
	// The compiler rewrites imports only: the worker's file has the extension of this one, built or not. Bundled, this one
	// is a chunk in a folder beside the workers' folder.
	const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
	return new Piscina({
		filename: fileURLToPath(new URL(`../pool/${file}${extension}`, import.meta.url)),
		name: run,
		workerData,
		minThreads: threads,
		maxThreads: threads,
		execArgv: ['--no-experimental-require-module'],
	});
}

/** Ends a pool. What a worker still answers meanwhile has no taker any more; to the pool that is a fault, to nobody else. */
export async function endPool<Task, Result>(pool: Piscina<Task, Result>): Promise<void> {
	pool.on('error', (error: Error) => {
		if (!error.message.startsWith('Unexpected message from Worker')) {
			throw error;
		}
	});
	await pool.destroy();
}
