import {median} from 'simple-statistics';
import {largest} from '../statistics/extremes.ts';
import {type Coefficient, leastSquares} from '../statistics/least-squares.ts';
import type {SampleObservation} from './sample-observations.ts';

/** Memory of the LLM's container once its model is loaded [bytes]. */
type GrowthFit = {
	readonly loadedMemory?: Coefficient;
	readonly growth?: Coefficient;
	/** Requests after which 63 % of the growth is there. */
	readonly growthRequests?: number;
	readonly memoryPerToken?: Coefficient;
};

/** Smallest number of samples for a fit. */
const fewest = 5;
/**
 * Smallest number of requests before the last sample to fit the growth, and smallest variation of the tokens to fit
 * their share.
 */
const leastServed = 10;
const leastTokens = 256;
/** A growth below this part of what is loaded is none. */
const leastGrowth = 0.005;
/** Numbers of requests that are tried, each some 10 % above the one before. */
const tried = Array.from({length: 60}, (_, index) => Math.exp(index * Math.log(1.1)));

/**
 * Fits `loaded + growth × (1 − exp(−served / requests)) + perToken × longest` to samples of pods whose model is loaded.
 * A part that the samples do not show is absent.
 *
 * @throws {RangeError} when a sample has no memory (NaN)
 */
export function fitGrowth(samples: readonly SampleObservation[]): GrowthFit {
	if (samples.length < fewest) {
		return {};
	}

	const memory = samples.map(one => one.memory);
	const grown = tellGrowth(samples) ? bestFit(samples, memory) : undefined;
	if (grown === undefined) {
		const {coefficients} = leastSquares(
			samples.map(() => [1]),
			memory,
		);
		return {loadedMemory: coefficients[0]!};
	}

	const [loadedMemory, growth, memoryPerToken] = grown.coefficients as [Coefficient, Coefficient, Coefficient?];
	return {
		loadedMemory,
		growth,
		growthRequests: grown.requests,
		...(memoryPerToken !== undefined && {memoryPerToken}),
	};
}

function tellGrowth(samples: readonly SampleObservation[]): boolean {
	const served = samples.map(one => one.served);
	return largest(served) >= leastServed && new Set(served).size >= fewest;
}

function bestFit(samples: readonly SampleObservation[], memory: readonly number[]) {
	const longest = samples.flatMap(one => (one.served > 0 ? [one.longest] : []));
	const dependsOnTokens = largest(longest) - median(longest) >= leastTokens;
	const fits = tried.map(requests => {
		const rows = samples.map(one => [
			1,
			1 - Math.exp(-one.served / requests),
			...(dependsOnTokens ? [one.longest] : []),
		]);
		const {coefficients, residuals} = leastSquares(rows, memory);
		return {requests, coefficients, rest: residuals.reduce((sum, residual) => sum + residual ** 2, 0)};
	});
	const best = fits.reduce((a, b) => (b.rest < a.rest ? b : a));
	const [loaded, growth] = best.coefficients;
	return growth!.low > 0 && growth!.value >= leastGrowth * loaded!.value ? best : undefined;
}
