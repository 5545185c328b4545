import {mean, sampleVariance} from 'simple-statistics';
import {shareProbability, studentProbability} from '../../statistics/estimate.ts';

/** Variance that candidates have in common: what few values of one say of its own is moderated by it. */
export type CommonSpread = {
	readonly variance: number;
	/** Weight of the variance, as degrees of freedom. */
	readonly freedom: number;
};

/** Weight of the common variance against a candidate's own. */
const commonFreedom = 4;

/** Fewest values that have a say in the common variance, and from which a claim is made. */
const fewest = 3;

/**
 * The variance that samples have in common: the mean of theirs.
 *
 * @see Smyth, Linear models and empirical Bayes methods for assessing differential expression, 2004: the moderated t
 */
export function commonSpread(samples: readonly (readonly number[])[]): CommonSpread {
	const variances = samples.filter(({length}) => length >= fewest).map(values => sampleVariance([...values]));
	return {variance: variances.length === 0 ? Number.POSITIVE_INFINITY : mean(variances), freedom: commonFreedom};
}

/**
 * Doubt that the mean of values is above a bound: the probability of the contrary, by a moderated Student's t that is
 * corrected for skewness, as large as it has to be for {@link atAnyLook looks at any time}.
 *
 * @see Hall, On the removal of skewness by transformation, 1992
 */
export function doubtOfMean(values: readonly number[], bound: number, common: CommonSpread): number {
	const {length: count} = values;
	if (count < fewest) {
		return 1;
	}

	const center = mean([...values]);
	const freedom = common.freedom + count - 1;
	const own = sampleVariance([...values]) * (count - 1);
	const deviation = Math.sqrt((common.variance * common.freedom + own) / freedom);
	if (deviation === 0) {
		return center > bound ? 0 : 1;
	}

	const student = (center - bound) / (deviation / Math.sqrt(count));
	const skewness = values.reduce((sum, value) => sum + ((value - center) / deviation) ** 3, 0) / count;
	return atAnyLook(studentProbability(-withoutSkewness(student, skewness, count), freedom), count);
}

/** Student's t of values with a long tail, as if they had none: the mean of few of them is mostly on the other side of the true one. */
function withoutSkewness(t: number, skewness: number, count: number): number {
	const root = Math.sqrt(count);
	return t + (skewness / root) * (t ** 2 / 3 + 1 / 6) + (skewness ** 2 * t ** 3) / (27 * count);
}

/**
 * Doubt that a share of all runs is above a bound, by the runs that are counted.
 *
 * @param counted - `hits` are the runs of the `count` that have the property
 * @param bound - above 0 and below 1
 */
export function doubtOfShare(counted: {readonly hits: number; readonly count: number}, bound: number): number {
	return counted.count < fewest ? 1 : atAnyLook(1 - shareProbability(counted, bound), counted.count);
}

/**
 * Probability of an error where one looks again and again while replications are added, and may stop at the first look
 * that pleases: that a walk crosses the present level at any time so far. The rate of such crossings is that of an
 * Ornstein–Uhlenbeck process in the logarithm of time.
 *
 * @see Armitage, McPherson and Rowe, Repeated significance tests on accumulating data, 1969
 * @see Siegmund, Sequential Analysis, 1985, chapter 4
 */
function atAnyLook(probability: number, count: number): number {
	return probability < 0.5 && probability > 0
		? Math.min(1, probability * (1 + Math.log(count / fewest) * Math.log(0.5 / probability)))
		: probability;
}
