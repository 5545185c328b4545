import {mean} from 'simple-statistics';
import {type Moments, shareProbability, studentProbability} from '../../statistics/estimate.ts';

/** Variance that candidates have in common: what few values of one say of its own is moderated by it. */
export type CommonSpread = {
	readonly variance: number;
	/** Weight of the variance, as degrees of freedom. */
	readonly freedom: number;
};

/** Weight of the common variance against a candidate's own. */
const commonFreedom = 4;

/** Fewest values that have a say in the common variance, and from which a claim is made. */
export const leastEvidence = 3;

/**
 * The variance that samples have in common: the mean of theirs.
 *
 * @see Smyth, Linear models and empirical Bayes methods for assessing differential expression, 2004: the moderated t
 */
export function commonSpread(samples: readonly Moments[]): CommonSpread {
	const variances = samples
		.filter(({count}) => count >= leastEvidence)
		.map(({squares, count}) => squares / (count - 1));
	return {variance: variances.length === 0 ? Number.POSITIVE_INFINITY : mean(variances), freedom: commonFreedom};
}

/** Estimate of a true mean. */
export type MeanEstimate = {
	readonly center: number;
	/** Variance and third cumulant of the estimate, and the degrees of freedom of the variance. */
	readonly variance: number;
	readonly third: number;
	readonly freedom: number;
	/** Values behind it. */
	readonly count: number;
};

/** The mean of a sample, its variance moderated by the common one. */
export function meanEstimate({count, center, squares, cubes}: Moments, common: CommonSpread): MeanEstimate {
	const freedom = common.freedom + count - 1;
	const variance = (common.variance * common.freedom + squares) / freedom;
	return {center, variance: variance / count, third: cubes / (count * count * count), freedom, count};
}

/**
 * The mean of a sample by way of another candidate's of more replications, which share their luck: its mean, and the mean
 * of the differences.
 */
export function meanByWayOf(anchor: MeanEstimate, difference: MeanEstimate): MeanEstimate {
	const variance = anchor.variance + difference.variance;
	return {
		center: anchor.center + difference.center,
		variance,
		third: anchor.third + difference.third,
		freedom: variance ** 2 / (anchor.variance ** 2 / anchor.freedom + difference.variance ** 2 / difference.freedom),
		count: anchor.count,
	};
}

/**
 * Doubt that a mean is above a bound, or below it: the probability of the contrary, by a moderated Student's t that is
 * corrected for skewness, as large as it has to be for {@link atAnyLook looks at any time}.
 *
 * @see Hall, On the removal of skewness by transformation, 1992
 */
export function doubtOfMean(
	{center, variance, third, freedom, count}: MeanEstimate,
	side: Side,
	bound: number,
): number {
	if (count < leastEvidence) {
		return 1;
	}

	const sign = side === 'above' ? 1 : -1;
	const distance = sign * (center - bound);
	if (variance === 0) {
		return distance > 0 ? 0 : 1;
	}

	const skewness = (sign * third) / (variance * Math.sqrt(variance));
	return atAnyLook(studentProbability(-withoutSkewness(distance / Math.sqrt(variance), skewness), freedom), count);
}

type Side = 'above' | 'below';

/** Student's t of values with a long tail, as if they had none: the mean of few of them is mostly on the other side of the true one. */
function withoutSkewness(t: number, skewness: number): number {
	return t + skewness * (t ** 2 / 3 + 1 / 6) + (skewness * skewness * t * t * t) / 27;
}

/**
 * Doubt that a share of all runs is above a bound, by the runs that are counted.
 *
 * @param counted - `hits` are the runs of the `count` that have the property
 * @param bound - above 0 and below 1
 */
export function doubtOfShare(counted: {readonly hits: number; readonly count: number}, bound: number): number {
	return counted.count < leastEvidence ? 1 : atAnyLook(1 - shareProbability(counted, bound), counted.count);
}

/** Share of the crossings of a walk that are seen by looks after each fifth more of the replications. */
const seen = 0.5;

/**
 * Probability of an error where one looks again and again while replications are added, and may stop at the first look
 * that pleases: that a walk crosses the present level at any time so far. The rate of such crossings is that of an
 * Ornstein–Uhlenbeck process in the logarithm of time, as far as looks see them.
 *
 * @see Armitage, McPherson and Rowe, Repeated significance tests on accumulating data, 1969
 * @see Siegmund, Sequential Analysis, 1985, chapter 4
 */
function atAnyLook(probability: number, count: number): number {
	return probability < 0.5 && probability > 0
		? Math.min(1, probability * (1 + seen * Math.log(count / leastEvidence) * Math.log(0.5 / probability)))
		: probability;
}
