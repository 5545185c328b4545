import {median} from 'simple-statistics';

/** Of the standard normal distribution, at 97.5 %. */
const z = 1.96;

/**
 * Median, and its 95 % interval between two of the ordered values, whatever their distribution.
 *
 * W. J. Conover, Practical Nonparametric Statistics, 3rd edition, 1999, section 3.2, with the normal approximation.
 *
 * @param values - independent numbers; NaN is left out
 * @returns all NaN without a value
 */
export function medianWithInterval(values: readonly number[]): {value: number; low: number; high: number} {
	const sorted = values.filter(value => !Number.isNaN(value)).sort((a, b) => a - b);
	if (sorted.length === 0) {
		return {value: Number.NaN, low: Number.NaN, high: Number.NaN};
	}

	const half = (z * Math.sqrt(sorted.length)) / 2;
	const low = Math.max(0, Math.floor(sorted.length / 2 - half));
	const high = Math.min(sorted.length - 1, Math.ceil(sorted.length / 2 + half) - 1);
	return {value: median(sorted), low: sorted[low]!, high: sorted[high]!};
}
