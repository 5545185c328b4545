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
