import type {Comparison, ComparisonInput} from '../../comparison/compare.ts';
import {endPool, startPool} from './start-pool.ts';

export type CompareAllOptions = {
	/** Threads, at least 1; no more are started than there are comparisons. */
	readonly workers: number;
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
	{workers, onRun, onComparison}: CompareAllOptions,
): Promise<Comparison[]> {
	if (inputs.length === 0) {
		return [];
	}

	const pool = startPool<ComparisonInput, Comparison>('compare-worker', {threads: Math.min(workers, inputs.length)});
	pool.on('message', () => onRun?.());
	try {
		return await Promise.all(
			inputs.map(async (input, index) => {
				const comparison = await pool.run(input);
				onComparison?.(index);
				return comparison;
			}),
		);
	} finally {
		await endPool(pool);
	}
}
