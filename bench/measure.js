import {performance} from 'node:perf_hooks';

/** The middle of several values, or the mean of the two in the middle. */
export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Calls each side in turn, round after round, so that what else the machine does falls on all of them alike.
 *
 * @param sides - by name, functions that measure once; undefined for one that is missing
 * @returns by name, what each call gave; null for one that is missing
 */
export async function interleave(sides, rounds) {
	const present = Object.entries(sides).filter(([, side]) => side !== undefined);
	const results = Object.fromEntries(Object.keys(sides).map(name => [name, null]));
	for (const [name] of present) {
		results[name] = [];
	}

	for (let round = 0; round < rounds; round++) {
		for (const [name, side] of present) {
			results[name].push(await side(round));
		}
	}

	return results;
}

/** Median and spread of one figure over the rounds. */
export function spread(values) {
	return {median: median(values), lowest: Math.min(...values), highest: Math.max(...values), rounds: values.length};
}

/** One median over another; null where a side is missing. */
export const ratio = (above, below) => (above && below ? above.median / below.median : null);

/** How long `work` took [s], and what it gave. */
export async function timed(work) {
	const start = performance.now();
	const value = await work();
	return {seconds: (performance.now() - start) / 1000, value};
}
