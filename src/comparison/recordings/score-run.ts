import type {Timeline} from '../../records/replica-line.ts';
import {fairCrps} from '../../statistics/prediction.ts';
import {matchEvents} from '../match-events.ts';
import type {ScaleEvent} from '../scale-events.ts';
import {meanDifference, meanValue, sweepLines, type Window} from './sweep-lines.ts';

/** A forecast of replicas beside the recorded line. */
export type RunScore = {
	/** Mean of the recorded replicas over time. */
	readonly meanReplicas: number;
	/** Mean over time of |median of the replications − recorded| [replicas]. */
	readonly replicaError: number;
	/** Pod-hours of the forecast's mean less those recorded, as a fraction of the latter. */
	readonly podHoursError: number;
	/** Share of the time that the recorded line is within the band that holds 90 % of the forecast. */
	readonly coverage: number;
	/** Continuous ranked probability score, mean over time [replicas]. */
	readonly crps: number;
	/** Mean time that the forecast's changes come after the recorded ones they match [s]; NaN when none match. */
	readonly lag: number;
	/** Share of the recorded changes that a replication has, too, at most `matchWindow` apart. */
	readonly matched: number;
	/** The forecast's own figures: one of its runs in the place of the recording, the mean over all of them. */
	readonly chance: ChanceFigures;
	/** `[seconds, low, median, high]` at each change. */
	readonly band: readonly (readonly [number, number, number, number])[];
};

/** Distance of a forecast from its own runs: what is left where all is known but chance. */
export type ChanceFigures = {
	/** [replicas] */
	readonly replicaError: number;
	/** Median of the sizes, as a fraction. */
	readonly podHoursError: number;
	readonly coverage: number;
};

/** Changes further apart than this are not the same [s]: a period of the slowest controller that is known. */
const matchWindow = 90;

/**
 * Scores of a forecast's lines against a recorded one.
 *
 * The band lies between the 5 % and the 95 % quantile of the replications, straight lines between ranks.
 *
 * @param forecast - a line for each replication, at least two
 */
export function scoreRun(forecast: readonly Timeline[], recorded: Timeline, window: Window): RunScore {
	const sums = {error: 0, forecast: 0, recorded: 0, inside: 0, crps: 0};
	const own = new OwnDistance(forecast.length);
	const band: [number, number, number, number][] = [];
	sweepLines([recorded, ...forecast], window, (values, begin, end) => {
		const [actual, ...members] = values as [number, ...number[]];
		const sorted = members.sort((a, b) => a - b);
		const seconds = end - begin;
		const middle = quantileOf(sorted, 0.5);
		sums.error += Math.abs(middle - actual) * seconds;
		sums.forecast += (sorted.reduce((sum, value) => sum + value, 0) / sorted.length) * seconds;
		sums.recorded += actual * seconds;
		const [low, high] = [quantileOf(sorted, 0.05), quantileOf(sorted, 0.95)];
		own.add(values, {low, middle, high}, seconds);
		sums.inside += low <= actual && actual <= high ? seconds : 0;
		sums.crps += fairCrps(sorted, actual) * seconds;
		const last = band.at(-1);
		if (last === undefined || last[1] !== low || last[2] !== middle || last[3] !== high) {
			band.push([begin, low, middle, high]);
		}
	});
	const length = window.to - window.from;
	return {
		meanReplicas: sums.recorded / length,
		replicaError: sums.error / length,
		podHoursError: sums.forecast / sums.recorded - 1,
		coverage: sums.inside / length,
		crps: sums.crps / length,
		...changesMatched(forecast, recorded, window),
		chance: own.figures(length),
		band,
	};
}

/** Sums of the distance between a forecast and its own runs. */
class OwnDistance {
	readonly #runs: number;
	readonly #podSeconds: Float64Array;
	#error = 0;
	#inside = 0;

	constructor(runs: number) {
		this.#runs = runs;
		this.#podSeconds = new Float64Array(runs);
	}

	/** @param values - of the recording, then of each run */
	add(values: readonly number[], band: {low: number; middle: number; high: number}, seconds: number): void {
		for (let run = 0; run < this.#runs; run++) {
			const value = values[run + 1]!;
			this.#podSeconds[run]! += value * seconds;
			this.#error += Math.abs(value - band.middle) * seconds;
			this.#inside += band.low <= value && value <= band.high ? seconds : 0;
		}
	}

	figures(length: number): ChanceFigures {
		const mean = this.#podSeconds.reduce((sum, value) => sum + value, 0) / this.#runs;
		const sizes = this.#podSeconds.map(value => Math.abs(value / mean - 1)).sort();
		return {
			replicaError: this.#error / this.#runs / length,
			podHoursError: quantileOf(sizes, 0.5),
			coverage: this.#inside / this.#runs / length,
		};
	}
}

function quantileOf(sorted: ArrayLike<number>, probability: number): number {
	const place = probability * (sorted.length - 1);
	const below = Math.floor(place);
	const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
	return low + (place - below) * (high - low);
}

function changesMatched(forecast: readonly Timeline[], recorded: Timeline, window: Window) {
	const actual = changesOf(recorded, window);
	const matches = forecast.map(line => matchEvents(changesOf(line, window), actual, matchWindow));
	const lags = matches.flatMap(({pairs}) => pairs.map(({first, second}) => first.decision - second.decision));
	const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
	return {lag: mean(lags), matched: mean(matches.map(({recall}) => recall))};
}

function changesOf(line: Timeline, {from, to}: Window): ScaleEvent[] {
	return line.slice(1).flatMap(([at, replicas], index) => {
		const before = line[index]![1];
		return at < from || at > to || before === replicas
			? []
			: [{from: before, to: replicas, decision: at, metric: Number.NaN, modelLoaded: Number.NaN, ready: Number.NaN}];
	});
}

/** Error of a forecast that is one line. */
export function errorOfLine(line: Timeline, recorded: Timeline, window: Window): number {
	return meanDifference(line, recorded, window);
}

/** The recording's own mean, as whole pods. */
export function ownMean(recorded: Timeline, window: Window): Timeline {
	return [[window.from, Math.round(meanValue(recorded, window))]];
}
