import jstat from 'jstat';
import {mean, sampleStandardDeviation} from 'simple-statistics';

const known = new Map<string, number>();

/**
 * Quantile of Student's t.
 *
 * @param probability - above 0 and below 1
 * @param degreesOfFreedom - above 0
 */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
	const key = `${probability} ${degreesOfFreedom}`;
	const quantile = known.get(key) ?? steadyDigits(jstat.studentt.inv(probability, degreesOfFreedom));
	known.set(key, quantile);
	return quantile;
}

/** Number and mean of values, and the sums of the squares and cubes of their distances from it. */
export type Moments = {
	readonly count: number;
	readonly center: number;
	readonly squares: number;
	readonly cubes: number;
};

/** @param values - at least one, else there is no mean */
export function momentsOf(values: readonly number[]): Moments {
	let sum = 0;
	for (const value of values) {
		sum += value;
	}

	const center = sum / values.length;
	let [squares, cubes] = [0, 0];
	for (const value of values) {
		const distance = value - center;
		squares += distance * distance;
		cubes += distance * distance * distance;
	}

	return {count: values.length, center, squares, cubes};
}

/** A mean over replications with its 95 % confidence interval; `low` and `high` are null with a single value. */
export type Estimate = {readonly mean: number | null; readonly low: number | null; readonly high: number | null};

/** Range of possible values of a figure; its interval is cut there. */
type Bounds = {readonly min?: number; readonly max?: number};

/**
 * Mean of independent replications with its two-sided 95 % Student interval.
 *
 * @param values - one figure a replication; a replication without one (NaN) is left out
 * @returns all null when there is no value
 */
export function estimate(values: readonly number[], bounds: Bounds = {}): Estimate {
	const present = values.filter(value => !Number.isNaN(value));
	if (present.length === 0) {
		return {mean: null, low: null, high: null};
	}

	const center = mean(present);
	if (present.length === 1) {
		return {mean: center, low: null, high: null};
	}

	const halfWidth = halfWidthOf(present);
	const {min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY} = bounds;
	return {mean: center, low: Math.max(min, center - halfWidth), high: Math.min(max, center + halfWidth)};
}

function halfWidthOf(values: readonly number[]): number {
	const {length} = values;
	return (studentQuantile(0.975, length - 1) * sampleStandardDeviation([...values])) / Math.sqrt(length);
}

/**
 * A number to the ten digits that do not depend on the release of the JavaScript engine: the last bits of a power do, and
 * with them all that jstat computes. Its own error is larger than the eleventh digit.
 */
export function steadyDigits(value: number): number {
	return Number(value.toPrecision(10));
}

/**
 * Quantile of the chi-squared distribution.
 *
 * @param probability - above 0 and below 1
 * @param degreesOfFreedom - above 0
 */
export function chiSquaredQuantile(probability: number, degreesOfFreedom: number): number {
	return steadyDigits(jstat.chisquare.inv(probability, degreesOfFreedom));
}

/**
 * Probability that Student's t is at most a value.
 *
 * @param value - a number, or an infinity; NaN gives NaN
 * @param degreesOfFreedom - above 0
 */
export function studentProbability(value: number, degreesOfFreedom: number): number {
	if (Number.isNaN(value)) {
		return Number.NaN;
	}

	return Number.isFinite(value) ? steadyDigits(jstat.studentt.cdf(value, degreesOfFreedom)) : value > 0 ? 1 : 0;
}

/**
 * Probability that the share of all runs with a property is at least a bound, where so many of those counted have it;
 * beforehand every share is as likely, by Jeffreys' prior.
 *
 * @param bound - above 0 and below 1
 */
export function shareProbability(
	{hits, count}: {readonly hits: number; readonly count: number},
	bound: number,
): number {
	return steadyDigits(1 - jstat.beta.cdf(bound, hits + 0.5, count - hits + 0.5));
}
