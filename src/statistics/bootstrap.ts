import {median} from 'simple-statistics';
import {quantileOfSorted} from './typed-arrays.ts';

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

	const {length} = present;
	const drawn = drawsOf(length);
	const numbers = Float64Array.from(present);
	const means = new Float64Array(resamples);
	for (let resample = 0; resample < resamples; resample++) {
		means[resample] = meanOfDrawn(numbers, drawn, resample * length);
	}

	means.sort();
	const at = (probability: number) => quantileOfSorted(means, probability);
	return {low: at((1 - confidence) / 2), high: at((1 + confidence) / 2)};
}

/** Draws with replacement depend on the number of values alone: the ones of the last number are kept. */
let drawn = {length: 0, indices: new Uint32Array()};

/** @returns `length` indices below `length` for each resample, one after another */
function drawsOf(length: number): Uint32Array {
	if (drawn.length !== length) {
		const uniform = randomSource(seed);
		drawn = {length, indices: Uint32Array.from({length: resamples * length}, () => Math.floor(uniform() * length))};
	}

	return drawn.indices;
}

/** Mean of as many drawn numbers as there are, summed as simple-statistics does: Neumaier's compensated sum. */
function meanOfDrawn(numbers: Float64Array, indices: Uint32Array, first: number): number {
	let sum = numbers[indices[first]!]!;
	let correction = 0;
	for (let at = first + 1; at < first + numbers.length; at++) {
		const number = numbers[indices[at]!]!;
		const next = sum + number;
		correction += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum;
		sum = next;
	}

	return (sum + correction) / numbers.length;
}

/** Quantile of the standard normal distribution at 97.5 %. */
const z = 1.96;

/**
 * Median, and its 95 % interval between two of the ordered values, whatever their distribution.
 *
 * W. J. Conover, Practical Nonparametric Statistics, 3rd edition, 1999, section 3.2, with the normal approximation.
 *
 * @param values - independent numbers; NaN is left out
 * @returns all NaN without a value
 */
export function medianWithInterval(values: readonly number[]): {value: number; low: number; high: number} {
	const sorted = values.filter(value => !Number.isNaN(value)).sort((a, b) => a - b);
	if (sorted.length === 0) {
		return {value: Number.NaN, low: Number.NaN, high: Number.NaN};
	}

	const half = (z * Math.sqrt(sorted.length)) / 2;
	const low = Math.max(0, Math.floor(sorted.length / 2 - half));
	const high = Math.min(sorted.length - 1, Math.ceil(sorted.length / 2 + half) - 1);
	return {value: median(sorted), low: sorted[low]!, high: sorted[high]!};
}

/**
 * Uniform numbers in [0, 1), the same for the same seed: what simple-statistics takes as its `randomSource`. For
 * resampling; the simulator has streams of its own.
 *
 * @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md, mulberry32
 */
export function randomSource(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
