import {RandomStream} from '../engine/random-stream.ts';
import type {Distribution} from './experiment.ts';

/** Draws one number in the unit of the distribution's place. */
export type Sampler = (stream: RandomStream) => number;

/**
 * A function that draws from a distribution, clipped to its `min` and `max`.
 *
 * Two draws of one sampler from equal streams are equal; how many uniform numbers a draw takes differs by distribution.
 */
export function samplerOf(distribution: Distribution): Sampler {
	const draw = unclippedSampler(distribution);
	const {min = 0, max = Number.POSITIVE_INFINITY} = distribution;
	if (distribution.distribution === 'uniform' || (min <= 0 && max === Number.POSITIVE_INFINITY)) {
		return draw;
	}

	return stream => Math.min(max, Math.max(min, draw(stream)));
}

/** Draws the first `count` numbers of a column. */
export type ColumnSampler<Column> = (column: Column, count: number, stream: RandomStream) => void;

/** A function that draws many numbers at once, the same as `samplerOf` draws one after the other. */
export function columnSamplerOf(distribution: Distribution): ColumnSampler<Float64Array> {
	if (distribution.distribution === 'lognormal' && distribution.cv > 0) {
		return lognormalColumn(distribution);
	}

	const draw = samplerOf(distribution);
	return (column, count, stream) => {
		for (let row = 0; row < count; row++) {
			column[row] = draw(stream);
		}
	};
}

/** A column sampler of whole tokens, at least 1. */
export function tokenColumnSamplerOf(distribution: Distribution): ColumnSampler<Int32Array> {
	const fill = columnSamplerOf(distribution);
	let drawn = new Float64Array(0);
	return (column, count, stream) => {
		drawn = drawn.length < count ? new Float64Array(count) : drawn;
		fill(drawn, count, stream);
		for (let row = 0; row < count; row++) {
			column[row] = wholeTokens(drawn[row]!);
		}
	};
}

/** Draws that a mean is taken over. */
const meanDraws = 4096;

/** Mean of many draws of a distribution, always the same ones. */
export function meanOf(distribution: Distribution): number {
	const stream = new RandomStream({seed: 0, replication: 0, purpose: 'mean of a distribution'});
	const draw = samplerOf(distribution);
	let sum = 0;
	for (let drawn = 0; drawn < meanDraws; drawn++) {
		sum += draw(stream);
	}

	return sum / meanDraws;
}

/** A sampler of whole tokens, at least 1. */
export function tokenSamplerOf(distribution: Distribution): Sampler {
	const draw = samplerOf(distribution);
	return stream => wholeTokens(draw(stream));
}

function wholeTokens(tokens: number): number {
	return Math.max(1, Math.round(tokens));
}

function unclippedSampler(distribution: Distribution): Sampler {
	switch (distribution.distribution) {
		case 'constant': {
			const {value} = distribution;
			return () => value;
		}

		case 'uniform': {
			const {min, max} = distribution;
			return stream => min + (max - min) * stream.uniform();
		}

		case 'exponential': {
			const {mean} = distribution;
			return stream => mean * stream.exponential();
		}

		case 'gamma':
			return gammaSampler(distribution.mean, distribution.cv);
		case 'lognormal':
			return lognormalSampler(distribution.mean, distribution.cv);
		case 'empirical':
			return empiricalSampler(distribution.values, distribution.weights);
	}
}

/**
 * Gamma numbers with the given mean and coefficient of variation.
 * @see Marsaglia and Tsang, A Simple Method for Generating Gamma Variables, ACM TOMS 26(3), 2000
 */
export function gammaSampler(mean: number, cv: number): Sampler {
	if (cv === 0) {
		return () => mean;
	}

	const shape = 1 / (cv * cv);
	const scale = mean / shape;
	const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
	const c = 1 / Math.sqrt(9 * d);
	const unboosted: Sampler = stream => {
		for (;;) {
			const x = stream.normal();
			const root = 1 + c * x;
			const v = root * root * root; // the last bit of a power differs between releases of Node
			if (v > 0) {
				const u = 1 - stream.uniform();
				const square = x * x;
				// The first bound lies within the second, and saves most draws its logarithms.
				if (u < 1 - 0.0331 * square * square || Math.log(u) < 0.5 * square + d - d * v + d * Math.log(v)) {
					return d * v;
				}
			}
		}
	};

	if (shape >= 1) {
		return stream => scale * unboosted(stream);
	}

	return stream => scale * unboosted(stream) * Math.exp(-stream.exponential() / shape);
}

function lognormalSampler(mean: number, cv: number): Sampler {
	const {mu, sigma} = lognormalParameters(mean, cv);
	return cv === 0 ? () => mean : stream => Math.exp(mu + sigma * stream.normal());
}

type Lognormal = Extract<Distribution, {readonly distribution: 'lognormal'}>;

function lognormalColumn({mean, cv, min = 0, max = Number.POSITIVE_INFINITY}: Lognormal): ColumnSampler<Float64Array> {
	const {mu, sigma} = lognormalParameters(mean, cv);
	return (column, count, stream) => {
		for (let row = 0; row < count; row++) {
			column[row] = Math.min(max, Math.max(min, Math.exp(mu + sigma * stream.normal())));
		}
	};
}

function lognormalParameters(mean: number, cv: number): {mu: number; sigma: number} {
	const variance = Math.log(1 + cv * cv);
	return {mu: Math.log(mean) - variance / 2, sigma: Math.sqrt(variance)};
}

function empiricalSampler(values: readonly number[], weights: readonly number[] | undefined): Sampler {
	if (weights === undefined) {
		return stream => values[Math.floor(stream.uniform() * values.length)]!;
	}

	const pick = weightedPicker(weights);
	return stream => values[pick(stream)]!;
}

/** Draws an index with the given relative weights. */
export function weightedPicker(weights: readonly number[]): Sampler {
	const cumulative: number[] = [];
	let total = 0;
	for (const weight of weights) {
		total += weight;
		cumulative.push(total);
	}

	const last = weights.length - 1;
	return stream => {
		const mark = stream.uniform() * total;
		let index = 0;
		while (index < last && mark >= cumulative[index]!) {
			index++;
		}

		return index;
	};
}
