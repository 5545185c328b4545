import type {Interval} from './bootstrap.ts';

/** Share of real runs that a prediction interval is to hold. */
export const predictionLevel = 0.9;

/**
 * Fewest runs that an interval of a level can be made of: the smallest and the largest of them hold another one of the same
 * kind with a probability of (n − 1) / (n + 1).
 */
export function fewestRunsFor(level: number): number {
	return Math.ceil(2 / (1 - level) - 1 - 1e-9);
}

/**
 * Interval that holds one further run with a probability, whatever the distribution, when all come from the same one.
 *
 * Its ends lie at the ranks α/2 × (n + 1) from either side, straight lines between ranks.
 *
 * @param values - independent numbers; NaN is left out
 * @returns undefined when there are too few
 * @see S. S. Wilks, Determination of sample sizes for setting tolerance limits, Ann. Math. Stat. 12 (1941)
 */
export function predictionInterval(values: readonly number[], level: number = predictionLevel): Interval | undefined {
	const sorted = values.filter(value => !Number.isNaN(value)).sort((a, b) => a - b);
	if (sorted.length < fewestRunsFor(level)) {
		return undefined;
	}

	const rank = Math.max(1, ((1 - level) / 2) * (sorted.length + 1));
	return {low: atRank(sorted, rank), high: atRank(sorted, sorted.length + 1 - rank)};
}

/** @param rank - from 1 to the number of values */
function atRank(sorted: readonly number[], rank: number): number {
	const place = Math.floor(rank + 1e-9);
	const [low, high] = [sorted[place - 1]!, sorted[Math.min(place, sorted.length - 1)]!];
	const part = Math.max(0, rank - place);
	return part === 0 ? low : low + part * (high - low);
}

/** Part of its size by which a number may be off an end that it is on: two sums in another order. */
const rounding = 1e-9;

/** Whether an interval holds a number. */
export function holds({low, high}: Interval, actual: number): boolean {
	const slack = rounding * Math.max(Math.abs(low), Math.abs(high));
	return low - slack <= actual && actual <= high + slack;
}

/**
 * Interval score, in the unit of the values; lower is better: the width, and 2/α for each unit that the interval misses by.
 *
 * @see Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation, JASA 102 (2007), equation 43
 */
export function intervalScore({low, high}: Interval, actual: number, level: number = predictionLevel): number {
	return high - low + (2 / (1 - level)) * Math.max(0, low - actual, actual - high);
}

/**
 * Continuous ranked probability score of a forecast that is a set of runs, in the unit of the values; 0 is best, and for a
 * single run it is the error. The fair one, which does not depend on the number of runs.
 *
 * @param sorted - ascending, at least one
 * @see Ferro, Fair scores for ensemble forecasts, Q. J. R. Meteorol. Soc. 140 (2014)
 */
export function fairCrps(sorted: readonly number[], actual: number): number {
	const count = sorted.length;
	let [error, spread] = [0, 0];
	for (const [rank, value] of sorted.entries()) {
		error += Math.abs(value - actual);
		spread += (2 * rank - count + 1) * value; // sums the differences of all pairs
	}

	return error / count - (count > 1 ? spread / (count * (count - 1)) : 0);
}
