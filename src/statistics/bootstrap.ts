import {mean, quantileSorted, sampleWithReplacement} from 'simple-statistics';
import {randomSource} from './random-source.ts';

export type Interval = {readonly low: number; readonly high: number};

const resamples = 1000;
const seed = 20;

/**
 * Percentile bootstrap interval of a mean.
 *
 * @param values - independent numbers; NaN is left out
 * @param confidence - such as 0.9
 * @returns the same for the same values, as the resampling is seeded; both ends NaN without a value
 */
export function bootstrapMean(values: readonly number[], confidence: number): Interval {
	const present = values.filter(value => !Number.isNaN(value));
	if (present.length === 0) {
		return {low: Number.NaN, high: Number.NaN};
	}

	const uniform = randomSource(seed);
	const means = Float64Array.from({length: resamples}, () =>
		mean(sampleWithReplacement(present, present.length, uniform)),
	).sort();
	const at = (probability: number) => quantileSorted(means as unknown as number[], probability);
	return {low: at((1 - confidence) / 2), high: at((1 + confidence) / 2)};
}
