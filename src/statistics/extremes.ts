/*
 * `Math.max(...values)` hands each value over as an argument, which the stack bears for some 100,000 of them. These take
 * any number.
 */

/** The largest value, NaN where one of them is; -Infinity where there is none. */
export function largest(values: Iterable<number>): number {
	let most = Number.NEGATIVE_INFINITY;
	for (const value of values) {
		most = Math.max(most, value);
	}

	return most;
}

/** The smallest value, NaN where one of them is; Infinity where there is none. */
export function smallest(values: Iterable<number>): number {
	let least = Number.POSITIVE_INFINITY;
	for (const value of values) {
		least = Math.min(least, value);
	}

	return least;
}
