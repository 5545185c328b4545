import {presentValues} from './present-values.ts';

/**
 * Kolmogorov–Smirnov distance of two samples: the largest difference of their empirical distribution functions.
 *
 * @param one - ascending numbers; NaN is left out
 * @param other - ascending numbers; NaN is left out
 * @returns 0 to 1; NaN when one of them is empty
 */
export function kolmogorovSmirnov(one: ArrayLike<number>, other: ArrayLike<number>): number {
	const [first, second] = [presentValues(one), presentValues(other)];
	if (first.length === 0 || second.length === 0) {
		return Number.NaN;
	}

	let largest = 0;
	let [i, j] = [0, 0];
	while (i < first.length && j < second.length) {
		const value = Math.min(first[i]!, second[j]!);
		while (i < first.length && first[i]! <= value) {
			i++;
		}

		while (j < second.length && second[j]! <= value) {
			j++;
		}

		largest = Math.max(largest, Math.abs(i / first.length - j / second.length));
	}

	return largest;
}

/**
 * Wasserstein-1 distance of two samples: the area between their empirical distribution functions, in the unit of the
 * values. It says how far on average a value has to be moved to make one sample of the other.
 *
 * @param one - ascending numbers; NaN is left out
 * @param other - ascending numbers; NaN is left out
 * @returns NaN when one of them is empty
 */
export function wasserstein(one: ArrayLike<number>, other: ArrayLike<number>): number {
	const [first, second] = [presentValues(one), presentValues(other)];
	if (first.length === 0 || second.length === 0) {
		return Number.NaN;
	}

	let area = 0;
	let [i, j] = [0, 0];
	let last = Math.min(first[0]!, second[0]!);
	while (i < first.length || j < second.length) {
		const value = Math.min(first[i] ?? Number.POSITIVE_INFINITY, second[j] ?? Number.POSITIVE_INFINITY);
		area += Math.abs(i / first.length - j / second.length) * (value - last);
		last = value;
		if (first[i] === value) {
			i++;
		} else {
			j++;
		}
	}

	return area;
}
