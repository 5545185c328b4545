import {errorFunction, mean} from 'simple-statistics';
import {RandomStream} from '../engine/random-stream.ts';
import {ArrivalTimes} from './schedule-arrivals.ts';

/** A distribution by its quantiles, with straight lines between them: `[probability, value]`, from 0 to 1. */
type Quantiles = readonly (readonly [number, number])[];

/** Statistics of a published trace from which another like it is drawn. */
type TraceModel = {
	/** [requests/s] */
	readonly ratePerSecond: number;
	/** Rates of consecutive spans, relative to their mean. */
	readonly level: {
		/** Length of a span [s]. */
		readonly seconds: number;
		readonly quantiles: Quantiles;
		/** Correlation of the normal scores of neighbouring spans. */
		readonly correlation: number;
	};
	/** Coefficient of variation of the interarrival times while the rate stays. */
	readonly cv: number;
	/** [tokens] */
	readonly promptTokens: Quantiles;
	/** [tokens] */
	readonly outputTokens: Quantiles;
	/** Correlation of the normal scores of a request's prompt and answer. */
	readonly tokenCorrelation: number;
};

/**
 * Models of the two Azure LLM inference traces of 2023, computed from the published files (CC-BY 4.0).
 *
 * @see Patel et al., Splitwise: Efficient generative LLM inference using phase splitting, ISCA 2024
 * @see https://github.com/Azure/AzurePublicDataset/blob/master/AzureLLMInferenceDataset2023.md
 */
export const traceModels = {
	'azure-conversation': {
		ratePerSecond: 5.53,
		level: {
			seconds: 60,
			correlation: 0.85,
			quantiles: [
				[0, 0.57],
				[0.05, 0.73],
				[0.1, 0.75],
				[0.2, 0.8],
				[0.3, 0.84],
				[0.4, 0.92],
				[0.5, 0.99],
				[0.6, 1.03],
				[0.7, 1.07],
				[0.8, 1.22],
				[0.9, 1.31],
				[0.95, 1.4],
				[1, 1.52],
			],
		},
		cv: 1.05,
		promptTokens: [
			[0, 2],
			[0.01, 29],
			[0.05, 181],
			[0.1, 207],
			[0.2, 387],
			[0.3, 403],
			[0.4, 703],
			[0.5, 1020],
			[0.6, 1071],
			[0.7, 1130],
			[0.8, 1315],
			[0.85, 1877],
			[0.9, 2735],
			[0.92, 4073],
			[0.95, 4083],
			[0.99, 4142],
			[0.999, 6212],
			[1, 14_050],
		],
		outputTokens: [
			[0, 7],
			[0.01, 16],
			[0.05, 41],
			[0.1, 54],
			[0.2, 77],
			[0.3, 91],
			[0.4, 103],
			[0.5, 129],
			[0.6, 177],
			[0.7, 384],
			[0.8, 400],
			[0.9, 424],
			[0.95, 451],
			[0.98, 540],
			[0.99, 601],
			[0.995, 644],
			[0.998, 918],
			[0.999, 954],
			[1, 1000],
		],
		tokenCorrelation: -0.13,
	},
	'azure-code': {
		ratePerSecond: 2.57,
		level: {
			seconds: 10,
			correlation: 0.67,
			quantiles: [
				[0, 0],
				[0.56, 0],
				[0.6, 0.47],
				[0.65, 0.82],
				[0.7, 1.13],
				[0.75, 1.56],
				[0.8, 2.03],
				[0.85, 2.5],
				[0.9, 2.97],
				[0.95, 4.93],
				[0.98, 5.55],
				[0.99, 6.22],
				[1, 12.79],
			],
		},
		cv: 2.5,
		promptTokens: [
			[0, 3],
			[0.01, 17],
			[0.05, 75],
			[0.1, 147],
			[0.2, 386],
			[0.3, 770],
			[0.4, 1075],
			[0.5, 1469],
			[0.6, 1909],
			[0.7, 2433],
			[0.8, 3192],
			[0.9, 5186],
			[0.95, 7302],
			[0.99, 7436],
			[1, 7437],
		],
		outputTokens: [
			[0, 6],
			[0.1, 6],
			[0.2, 8],
			[0.3, 9],
			[0.4, 11],
			[0.5, 13],
			[0.6, 16],
			[0.7, 20],
			[0.8, 29],
			[0.9, 55],
			[0.95, 90],
			[0.97, 128],
			[0.98, 172],
			[0.99, 252],
			[0.995, 361],
			[0.998, 676],
			[0.999, 824],
			[1, 1899],
		],
		tokenCorrelation: 0,
	},
} as const satisfies Readonly<Record<string, TraceModel>>;

export type TraceModelName = keyof typeof traceModels;

type SyntheticTrace = {
	/** [s] */
	readonly duration: number;
	/** Mean rate [requests/s]; the model's when left out. */
	readonly rate?: number;
	readonly seed: number;
};

type SyntheticRequest = {readonly at: number; readonly promptTokens: number; readonly outputTokens: number};

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
	const arrivals = new ArrivalTimes(
		{process: 'gamma', cv: model.cv, interpolation: 'step', rate: points},
		{seed, replication: 0, entity: 0},
	);
	const promptTokens = quantileFunction(model.promptTokens);
	const outputTokens = quantileFunction(model.outputTokens);
	const tokens = stream('tokens');
	const rest = Math.sqrt(1 - model.tokenCorrelation ** 2);
	for (let at = arrivals.next(); at < duration; at = arrivals.next()) {
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
		[low, high] = sorted[middle]! < number ? [middle + 1, high] : [low, middle];
	}

	return low;
}

function quantileFunction(quantiles: Quantiles): (probability: number) => number {
	return probability => {
		const found = quantiles.findIndex(([at]) => at >= probability);
		const above = Math.max(1, found);
		const [[low, from], [high, to]] = [quantiles[above - 1]!, quantiles[above]!];
		return from + ((to - from) * (probability - low)) / (high - low);
	};
}

function normalProbability(score: number): number {
	return (1 + errorFunction(score / Math.SQRT2)) / 2;
}
