import {mean, sampleStandardDeviation, sampleVariance} from 'simple-statistics';
import {bootstrapMean, type Interval} from '../statistics/bootstrap.ts';
import {studentQuantile} from '../statistics/estimate.ts';
import {largest, smallest} from '../statistics/extremes.ts';
import {randomEffects} from '../statistics/random-effects.ts';
import {variesMore} from '../statistics/varies-more.ts';

/** Errors by replication and, within it, by repeat. */
export type Errors = readonly (readonly number[])[];

export type ErrorEstimate = {
	readonly value: number;
	/** 90 % interval; absent when the spread is unknown. */
	readonly interval?: Interval;
	/** Mean absolute error of one run against one run. */
	readonly absolute: number;
};

type Options = {
	/** Errors of replications when the simulated side itself is a single run. */
	readonly spread?: Errors;
	/** Lower bound of the error. */
	readonly least?: number;
	/** Upper bound of the error. */
	readonly most?: number;
	/** Machine of each repeat: repeats of several are joined by a random effect. One machine when left out. */
	readonly machines?: readonly string[] | undefined;
	/** Confidence of the interval; 0.9 when left out. */
	readonly confidence?: number | undefined;
};

const usualConfidence = 0.9;

/**
 * Mean error over replications and repeats. Its interval joins the bootstrap over replications with the spread over
 * repeats.
 *
 * @param errors - simulated less measured; NaN where a pair has no such figure
 * @returns nothing when no pair has the figure
 */
export function estimateError(errors: Errors, options: Options = {}): ErrorEstimate | undefined {
	const {
		spread = errors,
		confidence = usualConfidence,
		least = Number.NEGATIVE_INFINITY,
		most = Number.POSITIVE_INFINITY,
	} = options;
	const byReplication = presentMeans(errors);
	if (byReplication.length === 0) {
		return undefined;
	}

	const joined = joinMachines(errors, {
		replications: presentMeans(spread),
		machines: options.machines ?? [],
		confidence,
	});
	const value = joined?.value ?? mean(byReplication);
	const absolute = mean(errors.flat().flatMap(error => (Number.isNaN(error) ? [] : [Math.abs(error)])));
	const runs = presentMeans(spread);
	const ofRun = halfWidthOfRuns([], runs, confidence);
	const center = mean(byReplication);
	const simulated =
		byReplication.length > 1 ? bootstrapMean(byReplication, confidence) : {low: center - ofRun, high: center + ofRun};
	const measured = joined?.half ?? halfWidthOfRuns(presentMeans(transposed(errors)), runs, confidence);
	const interval = {
		low: Math.max(least, value - Math.hypot(center - simulated.low, measured)),
		high: Math.min(most, value + Math.hypot(simulated.high - center, measured)),
	};
	return {value, absolute, ...(!Number.isNaN(interval.low + interval.high) && {interval})};
}

/**
 * Half the width of the interval of a mean over repeats. Repeats are assumed to vary as the replications do, by the
 * larger of their own and the pooled deviation; when they vary more, by the F test, only their own spread counts.
 *
 * @param repeats - one or none: a single run, which has no spread
 * @returns NaN when the spread is unknown
 */
function halfWidthOfRuns(repeats: readonly number[], replications: readonly number[], confidence: number): number {
	const end = (1 + confidence) / 2;
	const [many, few] = [replications.length, repeats.length];
	if (few < 2) {
		return many < 2 ? Number.NaN : studentQuantile(end, many - 1) * sampleStandardDeviation([...replications]);
	}

	const own = sampleStandardDeviation([...repeats]);
	if (many < 2 || variesMore(repeats, replications)) {
		return (studentQuantile(end, few - 1) * own) / Math.sqrt(few);
	}

	const freedom = few + many - 2;
	const pooled = Math.sqrt(((few - 1) * own ** 2 + (many - 1) * sampleVariance([...replications])) / freedom);
	return (studentQuantile(end, freedom) * Math.max(own, pooled)) / Math.sqrt(few);
}

type Joining = {
	readonly replications: readonly number[];
	/** Machine of each repeat. */
	readonly machines: readonly string[];
	readonly confidence: number;
};

/**
 * Mean error over the machines, and half the width of its interval; undefined where all repeats are of one machine.
 * Within a machine repeats vary by the larger of their own pooled deviation and the replications'.
 */
function joinMachines(
	errors: Errors,
	{replications, machines, confidence}: Joining,
): {readonly value: number; readonly half: number} | undefined {
	const byRepeat = transposed(errors).map(row => presentMeans([row])[0] ?? Number.NaN);
	const names = [...new Set(machines)];
	const groups = names
		.map(name => byRepeat.filter((value, repeat) => machines[repeat] === name && !Number.isNaN(value)))
		.filter(values => values.length > 0);
	if (groups.length < 2) {
		return undefined;
	}

	const freedom = groups.flat().length - groups.length;
	const squares = groups.flatMap(values => values.map(value => (value - mean(values)) ** 2));
	const own = freedom > 0 ? squares.reduce((sum, square) => sum + square, 0) / freedom : 0;
	const usual = replications.length < 2 ? 0 : sampleVariance([...replications]);
	const variance = Math.max(own, usual, Number.EPSILON * Number.EPSILON);
	const {value, high} = randomEffects(
		groups.map(values => ({value: mean(values), variance: variance / values.length})),
		confidence,
	);
	return {value, half: high - value};
}

function presentMeans(rows: Errors): number[] {
	return rows.flatMap(row => {
		const present = row.filter(error => !Number.isNaN(error));
		return present.length === 0 ? [] : [mean(present)];
	});
}

function transposed(rows: Errors): number[][] {
	return (rows[0] ?? []).map((_, column) => rows.map(row => row[column]!));
}

export type Level = {readonly mean: number; readonly low: number; readonly high: number};

/**
 * Mean of a figure over runs; null where no run has it.
 *
 * @param values - NaN where a run has no such figure
 * @param ends - `range`: the smallest and the largest; `bootstrap`: the 90 % interval of the mean
 */
export function levelOf(values: readonly number[], ends: 'range' | 'bootstrap' = 'range'): Level | null {
	const present = values.filter(value => !Number.isNaN(value));
	if (present.length === 0) {
		return null;
	}

	return ends === 'range'
		? {mean: mean(present), low: smallest(present), high: largest(present)}
		: {mean: mean(present), ...bootstrapMean(present, 0.9)};
}

/** Distances between each two repeats, by their numbers; NaN where a repeat has no such figure. */
export type Distances = readonly {readonly repeats: readonly [number, number]; readonly distance: number}[];

export function distancesOf<T>(repeats: readonly T[], between: (a: T, b: T) => number): Distances {
	return pairsOf([...repeats.keys()]).map(([a, b]) => ({
		repeats: [a, b],
		distance: between(repeats[a]!, repeats[b]!),
	}));
}

/** Mean absolute distance of two repeats; NaN when there is none. */
export function meanDistance(distances: Distances): number {
	return meanAbsolute(distances.map(({distance}) => distance));
}

/**
 * Range of the skill: the smallest and the largest when one repeat is left out.
 *
 * @param errors - by replication and, within it, by repeat
 * @returns null with fewer than three repeats, or where some two of them do not differ at all
 */
export function skillRange(errors: Errors, distances: Distances): Interval | null {
	const repeats = [...(errors[0] ?? []).keys()];
	if (repeats.length < 3) {
		return null;
	}

	const skills = repeats.map(left => {
		const kept = distances.filter(({repeats: pair}) => !pair.includes(left));
		return meanAbsolute(errors.flatMap(row => row.filter((_, repeat) => repeat !== left))) / meanDistance(kept);
	});
	return skills.every(Number.isFinite) ? {low: Math.min(...skills), high: Math.max(...skills)} : null;
}

/** Pairs of two different runs, each pair once. */
export function pairsOf<T>(runs: readonly T[]): [T, T][] {
	return runs.flatMap((a, index) => runs.slice(index + 1).map((b): [T, T] => [a, b]));
}

/** NaN when there is none. */
export function meanAbsolute(errors: readonly number[]): number {
	const present = errors.filter(error => !Number.isNaN(error));
	return present.length === 0 ? Number.NaN : present.reduce((sum, error) => sum + Math.abs(error), 0) / present.length;
}
