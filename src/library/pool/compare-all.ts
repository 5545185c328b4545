import type {Comparison, ComparisonInput} from '../../comparison/compare.ts';
import {endPool, startPool} from './start-pool.ts';

type CompareAllOptions = {
	/** Threads, at least 1; no more are started than there are comparisons. */
	readonly workers: number;
	/** Stops the threads; the promise is rejected with its reason. */
	readonly signal?: AbortSignal | undefined;
	/** Called as each simulated run of a comparison ends. */
	readonly onRun?: () => void;
	/** Called with its number as each comparison ends, in whatever order they do. */
	readonly onComparison?: (index: number) => void;
};

/**
 * Makes comparisons on worker threads.
 *
 * @returns in the order of the inputs; what is in them does not depend on the number of workers
 */
export async function compareAll(
	inputs: readonly ComparisonInput[],
	{workers, signal, onRun, onComparison}: CompareAllOptions,
): Promise<Comparison[]> {
	signal?.throwIfAborted();
	if (inputs.length === 0) {
		return [];
	}

	const pool = startPool<ComparisonInput, Comparison>('compare-worker', {
		run: 'compareTask',
		threads: Math.min(workers, inputs.length),
	});
	pool.on('message', () => onRun?.());
	const stop = () => void endPool(pool);
	signal?.addEventListener('abort', stop, {once: true});
	try {
		return await Promise.all(
			inputs.map(async (input, index) => {
				const comparison = await pool.run(input);
				onComparison?.(index);
				return comparison;
			}),
		);
	} catch (error) {
		signal?.throwIfAborted(); // a task of a pool that ends fails
		throw error;
	} finally {
		signal?.removeEventListener('abort', stop);
		await endPool(pool);
	}
}
