import {mean, sampleStandardDeviation} from 'simple-statistics';
import {studentProbability} from '../statistics/student-probability.ts';

/** Mean of independent values, and what is known of it. */
export type Sample = {
	readonly count: number;
	readonly mean: number;
	/** Standard deviation of a value; Infinity for a single one, of which nothing is known. */
	readonly deviation: number;
};

/** @throws {Error} when there is no value */
export function sampleOf(values: readonly number[]): Sample {
	return {
		count: values.length,
		mean: mean([...values]),
		deviation: values.length > 1 ? sampleStandardDeviation([...values]) : Number.POSITIVE_INFINITY,
	};
}

/** Fewest values from which a difference tells how much it varies. */
const fewest = 3;

/**
 * The same, told more exactly by another candidate that has played more of the same replications: what it is off by in
 * the first ones, all are off by that share its luck (a control variate with coefficient 1). Values alone hold where
 * that is no more exact.
 *
 * @param values - of the first replications
 * @param anchor - of more of them
 */
export function anchoredSample(values: readonly number[], anchor: readonly number[]): Sample {
	const own = sampleOf(values);
	const {count} = own;
	if (count < fewest || anchor.length <= count) {
		return own;
	}

	const long = sampleOf(anchor);
	const difference = sampleOf(values.map((value, index) => value - anchor[index]!));
	const variance = difference.deviation ** 2 / count + long.deviation ** 2 / long.count;
	return variance < own.deviation ** 2 / count
		? {count, mean: long.mean + difference.mean, deviation: Math.sqrt(variance * count)}
		: own;
}

/** Probability that the true mean is above a bound, by Student's t. */
export function probabilityAbove({count, mean: center, deviation}: Sample, bound: number): number {
	if (deviation === 0) {
		return center >= bound ? 1 : 0;
	}

	const error = deviation / Math.sqrt(count);
	return error === Number.POSITIVE_INFINITY ? 0.5 : studentProbability((center - bound) / error, count - 1);
}
