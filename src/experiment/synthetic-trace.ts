import {errorFunction, mean} from 'simple-statistics';
import {RandomStream} from '../engine/random-stream.ts';
import {arrivalTimes} from './schedule-arrivals.ts';
import type {Quantiles, TraceModel} from './trace-models.ts';

export type SyntheticTrace = {
	/** [s] */
	readonly duration: number;
	/** Mean rate [requests/s]; the model's when left out. */
	readonly rate?: number;
	readonly seed: number;
};

export type SyntheticRequest = {readonly at: number; readonly promptTokens: number; readonly outputTokens: number};

/**
 * Requests with the statistics of a published trace, in the order of time.
 *
 * The rate goes by the model's levels, each of which comes as often as its quantiles say: only their order is drawn. The
 * arrivals are a gamma renewal process under that rate, the tokens a Gaussian copula over their quantiles.
 */
export function* syntheticTrace(
	model: TraceModel,
	{duration, rate = model.ratePerSecond, seed}: SyntheticTrace,
): Generator<SyntheticRequest, void, void> {
	const stream = (purpose: string) => new RandomStream({seed, replication: 0, purpose: `trace ${purpose}`});
	const {seconds} = model.level;
	const points = levelsOf(model.level, Math.ceil(duration / seconds), stream('levels')).map((level, index) => ({
		at: index * seconds,
		perSecond: level * rate,
	}));
	const next = arrivalTimes(
		{process: 'gamma', cv: model.cv, interpolation: 'step', rate: points},
		{seed, replication: 0, entity: 0},
	);
	const promptTokens = quantileFunction(model.promptTokens);
	const outputTokens = quantileFunction(model.outputTokens);
	const tokens = stream('tokens');
	const rest = Math.sqrt(1 - model.tokenCorrelation ** 2);
	for (let at = next(); at < duration; at = next()) {
		const prompt = tokens.normal();
		const output = model.tokenCorrelation * prompt + rest * tokens.normal();
		yield {
			at: Math.round(at * 1e6) / 1e6,
			promptTokens: Math.round(promptTokens(normalProbability(prompt))),
			outputTokens: Math.round(outputTokens(normalProbability(output))),
		};
	}
}

/** Levels of mean 1, evenly spaced over their distribution, in the order of the ranks of correlated normal numbers. */
function levelsOf({quantiles, correlation}: TraceModel['level'], count: number, stream: RandomStream): number[] {
	const rest = Math.sqrt(1 - correlation ** 2);
	const scores: number[] = [stream.normal()];
	while (scores.length < count) {
		scores.push(correlation * scores.at(-1)! + rest * stream.normal());
	}

	const level = quantileFunction(quantiles);
	const sorted = Float64Array.from(scores).sort(); // of numbers alone, which is fast for years too
	const levels = scores.map(score => level((rankIn(sorted, score) + 0.5) / count));
	const average = mean(levels);
	return levels.map(level => level / average);
}

/** How many of the sorted numbers are less. */
function rankIn(sorted: Float64Array, number: number): number {
	let [low, high] = [0, sorted.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (sorted[middle]! < number) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
}

function quantileFunction(quantiles: Quantiles): (probability: number) => number {
	return probability => {
		const above = Math.max(
			1,
			quantiles.findIndex(([at]) => at >= probability),
		);
		const [[low, from], [high, to]] = [quantiles[above - 1]!, quantiles[above]!];
		return from + ((to - from) * (probability - low)) / (high - low);
	};
}

function normalProbability(score: number): number {
	return (1 + errorFunction(score / Math.SQRT2)) / 2;
}
