import {studentQuantile} from './estimate.ts';

/** Estimate of one group, such as the repeats on one machine. */
export type GroupEstimate = {
	readonly value: number;
	/** Variance of `value`, above 0. */
	readonly variance: number;
};

export type RandomEffects = {
	readonly value: number;
	/** Variance between the groups beyond what theirs explain. */
	readonly betweenVariance: number;
	/** Standard error of `value`, by the spread of the groups. */
	readonly standardError: number;
	/** Ends of the interval. */
	readonly low: number;
	readonly high: number;
};

/**
 * Joins estimates of groups that may truly differ: each weighs by its own variance and the one between the groups
 * (DerSimonian and Laird), and the interval is by their spread with Student's t of one degree of freedom fewer than there
 * are groups (Hartung and Knapp), never narrower than the weights alone would have it.
 *
 * @param groups - at least two
 * @param confidence - such as 0.9, of the two-sided interval
 * @see DerSimonian and Laird, Controlled Clinical Trials 7, 1986; Hartung and Knapp, Statistics in Medicine 20, 2001;
 * Röver, Knapp and Friede, BMC Medical Research Methodology 15:99, 2015
 * @throws {RangeError} with fewer than two groups
 */
export function randomEffects(groups: readonly GroupEstimate[], confidence: number): RandomEffects {
	if (groups.length < 2) {
		throw new RangeError(`Expected groups to be at least 2, got ${groups.length}`);
	}

	const fixed = weighted(groups, 0);
	const squares = groups.map(({variance}) => 1 / variance ** 2).reduce(sum);
	const scale = fixed.weight - squares / fixed.weight;
	const betweenVariance = Math.max(0, (fixed.deviance - (groups.length - 1)) / scale);
	const {value, weight, deviance} = weighted(groups, betweenVariance);
	const standardError = Math.sqrt(Math.max(1, deviance / (groups.length - 1)) / weight);
	const half = studentQuantile((1 + confidence) / 2, groups.length - 1) * standardError;
	return {value, betweenVariance, standardError, low: value - half, high: value + half};
}

/** Mean by weights, the sum of the weights, and the weighted squares about the mean. */
function weighted(groups: readonly GroupEstimate[], between: number) {
	const weights = groups.map(({variance}) => 1 / (variance + between));
	const weight = weights.reduce(sum);
	const value = groups.map((group, index) => group.value * weights[index]!).reduce(sum) / weight;
	const deviance = groups.map((group, index) => weights[index]! * (group.value - value) ** 2).reduce(sum);
	return {value, weight, deviance};
}

const sum = (total: number, value: number) => total + value;
