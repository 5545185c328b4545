import {mean, quantileSorted} from 'simple-statistics';

/* simple-statistics reads numbers by their index alone, which its types do not say. */

/** Quantile of ascending numbers, at least one, by linear interpolation (type 7 of R). */
export function quantileOfSorted(sorted: ArrayLike<number>, probability: number): number {
	return quantileSorted(sorted as readonly number[], probability);
}

/** Mean of numbers, at least one. */
export function meanOfArray(values: ArrayLike<number>): number {
	return mean(values as readonly number[]);
}
