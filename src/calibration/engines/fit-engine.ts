import type {EngineModel} from '../../experiment/serving/engine-model.ts';
import type {EngineObservation} from '../../records/engine-observation.ts';
import {studentQuantile} from '../../statistics/estimate.ts';
import {coefficientOf, type EngineCoefficient, searchedCoefficients, withValues} from './engine-coefficients.ts';
import {meansKind, type ObservedGroup, observedGroups, replayed, residualsOf} from './engine-residuals.ts';
import {inverseOf, solve} from './small-matrices.ts';

/** A coefficient as the runs show it. */
export type FittedCoefficient = {
	readonly name: EngineCoefficient;
	/** Value of the model that the fit began with. */
	readonly start: number;
	/** Value in the fitted model: the start's where it is not identifiable. */
	readonly value: number;
	/** Values that the runs allow, 95 %. */
	readonly low: number;
	readonly high: number;
	readonly isIdentified: boolean;
};

/** Errors of the fitted model on the runs of the fit, as fractions of the measured means; NaN where one was not seen. */
export type FittedRun = {
	readonly source: string;
	readonly tool: string;
	readonly times: number;
	readonly ttftError: number;
	readonly tpotError: number;
	readonly latencyError: number;
};

export type EngineFit = {
	readonly model: EngineModel;
	readonly coefficients: readonly FittedCoefficient[];
	readonly runs: readonly FittedRun[];
};

/** Belief before a run is seen: a factor of e either way is one standard deviation. */
const priorDeviation = 1;
/** A coefficient is identified when the runs tell it to within this, as a difference of logarithms. */
const widestIdentified = 0.5;
/** Least scatter that times of a kind are given: means of a run, and single requests. */
const leastScatter = {means: 0.02, requests: 0.002};
/**
 * Intervals are wider by this than the slopes say, since a rough cost has no sharp least: of synthetic runs, loads that rise
 * and that saturate, 93 to 96 of 100 then hold the truth.
 */
const roughness = 1.5;
const mostIterations = 12;
/** Ways over which slopes are taken, as differences of logarithms: the cost is rough over short ones. */
const differences = [0.15, 0.05] as const;
/** An end that is less likely than the best by no more than this fits as well: 95 % of chi square with 6 degrees of freedom. */
const sameFit = 12.6;

/**
 * Fits the coefficients of an engine's step time to runs: the model is replayed under the runs' own load, and its times are
 * brought to the measured ones by least squares of the logarithms, over stretches of the runs, as requests share steps. Several
 * beginnings are tried: what fits as well as the best within the scatter belongs to the interval.
 *
 * @param until - end of the part of each run that is fitted [s]
 */
export function fitEngine(
	start: EngineModel,
	observations: readonly EngineObservation[],
	until = Number.POSITIVE_INFINITY,
): EngineFit {
	const names = searchedCoefficients(start);
	const groups = observations.map(observation => observedGroups(observation, until));
	const problem = {start, observations, groups};
	const joint = search(problem, names);
	const identified = names.filter((_, index) => joint.high[index]! - joint.low[index]! <= 2 * widestIdentified);
	const final = identified.length === names.length ? joint : search(problem, identified);
	const coefficients = names.map((name, index): FittedCoefficient => {
		const place = identified.indexOf(name);
		const isIdentified = place !== -1;
		const value = isIdentified ? final.logs[place]! : 0;
		const begin = coefficientOf(start, name);
		const at = (log: number) => begin * Math.exp(log);
		const low = Math.min(joint.low[index]!, isIdentified ? value : 0);
		const high = Math.max(joint.high[index]!, isIdentified ? value : 0);
		return {name, start: begin, value: at(value), low: at(low), high: at(high), isIdentified};
	});
	const model = withValues(
		start,
		names,
		coefficients.map(({value}) => value),
	);
	return {model, coefficients, runs: observations.map((run, index) => errorsOf(model, run, groups[index]!))};
}

type Problem = {
	readonly start: EngineModel;
	readonly observations: readonly EngineObservation[];
	readonly groups: readonly (readonly ObservedGroup[])[];
};

/** Logarithms by the starts, with the ends of their 95 % intervals. */
type Found = {readonly logs: number[]; readonly low: number[]; readonly high: number[]};

type Evaluate = (logs: readonly number[]) => number[];

/** The most likely of what several beginnings lead to: a step of time more or less makes the cost rough. */
function search(problem: Problem, names: readonly EngineCoefficient[]): Found {
	const {start, observations, groups} = problem;
	const flat = groups.flat();
	const residualsAt: Evaluate = logs => {
		const model = withValues(
			start,
			names,
			names.map((name, index) => coefficientOf(start, name) * Math.exp(logs[index]!)),
		);
		return observations.flatMap((observation, index) => residualsOf(groups[index]!, replayed(model, observation)));
	};
	const ends = beginnings(names.length).map(logs => descend(flat, logs, residualsAt));
	const best = ends.reduce((least, end) => (end.unlikelihood < least.unlikelihood ? end : least));
	const half = halfWidths(flat, best, slopesAt(best.logs, best.residuals, residualsAt, differences[0]));
	const possible = ends.filter(({unlikelihood}) => unlikelihood <= best.unlikelihood + sameFit);
	const over = (of: (...values: number[]) => number, index: number) => of(...possible.map(({logs}) => logs[index]!));
	return {
		logs: best.logs,
		low: half.map((width, index) => Math.min(best.logs[index]! - width, over(Math.min, index))),
		high: half.map((width, index) => Math.max(best.logs[index]! + width, over(Math.max, index))),
	};
}

/** Logarithms that the search begins with: the start's, and some around it. */
function beginnings(count: number): number[][] {
	const patterns = Array.from({length: count === 0 ? 0 : 7}, (_, place) =>
		Array.from({length: count}, (__, index) => (((place + 1) >> (index % 3)) & 1 ? 0.5 : -0.5)),
	);
	return [new Array<number>(count).fill(0), ...patterns];
}

type Descent = {readonly logs: number[]; readonly residuals: number[]; readonly unlikelihood: number};

/** Levenberg–Marquardt over the logarithms of the coefficients by their starts, with slopes over shorter and shorter ways. */
function descend(times: readonly ObservedGroup[], beginning: readonly number[], residualsAt: Evaluate): Descent {
	let logs = [...beginning];
	let residuals = residualsAt(logs);
	for (const difference of differences) {
		let damping = 0.1;
		for (let iteration = 0; iteration < mostIterations && logs.length > 0; iteration++) {
			const weights = weightsOf(times, residuals);
			const slopes = slopesAt(logs, residuals, residualsAt, difference);
			const before = costOf(residuals, weights, logs);
			let change = 0;
			for (let attempt = 0; attempt < 5 && change === 0; attempt++) {
				const step = stepOf({slopes, residuals, weights, logs, damping});
				const tried = logs.map((log, index) => Math.max(-6, Math.min(6, log + step[index]!)));
				const reached = residualsAt(tried);
				if (costOf(reached, weights, tried) < before) {
					change = Math.max(...step.map(Math.abs));
					[logs, residuals] = [tried, reached];
				}

				damping = change > 0 ? Math.max(1e-6, damping / 5) : damping * 5;
			}

			if (change < difference / 20) {
				break;
			}
		}
	}

	return {logs, residuals, unlikelihood: unlikelihoodOf(times, residuals, logs)};
}

/** Minus twice the logarithm of the likelihood, with each kind's own scatter. */
function unlikelihoodOf(
	times: readonly ObservedGroup[],
	residuals: readonly number[],
	logs: readonly number[],
): number {
	const weights = weightsOf(times, residuals);
	return costOf(residuals, weights, logs) - weights.reduce((sum, weight) => sum + Math.log(weight), 0);
}

/** One over the variance of each time, by the scatter of its kind. */
function weightsOf(times: readonly ObservedGroup[], residuals: readonly number[]): number[] {
	const sums = new Map<string, {squares: number; count: number}>();
	for (const [index, {kind}] of times.entries()) {
		const sum = sums.get(kind) ?? {squares: 0, count: 0};
		sums.set(kind, {squares: sum.squares + residuals[index]! ** 2, count: sum.count + 1});
	}

	return times.map(({kind}) => {
		const {squares, count} = sums.get(kind)!;
		const least = kind === meansKind ? leastScatter.means : leastScatter.requests;
		return 1 / Math.max(least ** 2, squares / count);
	});
}

function slopesAt(
	logs: readonly number[],
	residuals: readonly number[],
	residualsAt: Evaluate,
	step: number,
): number[][] {
	return logs.map((_, changed) => {
		const there = residualsAt(logs.map((log, index) => (index === changed ? log + step : log)));
		return there.map((residual, index) => (residual - residuals[index]!) / step);
	});
}

function costOf(residuals: readonly number[], weights: readonly number[], logs: readonly number[]): number {
	const misfit = residuals.reduce((sum, residual, index) => sum + weights[index]! * residual ** 2, 0);
	return misfit + logs.reduce((sum, log) => sum + (log / priorDeviation) ** 2, 0);
}

/** Curvature of the cost: of the data alone. */
function curvatureOf(slopes: readonly (readonly number[])[], weights: readonly number[]): number[][] {
	return slopes.map(row =>
		slopes.map(column => weights.reduce((sum, weight, index) => sum + weight * row[index]! * column[index]!, 0)),
	);
}

function stepOf({
	slopes,
	residuals,
	weights,
	logs,
	damping,
}: {
	readonly slopes: readonly (readonly number[])[];
	readonly residuals: readonly number[];
	readonly weights: readonly number[];
	readonly logs: readonly number[];
	readonly damping: number;
}): number[] {
	const prior = 1 / priorDeviation ** 2;
	const matrix = curvatureOf(slopes, weights).map((row, i) =>
		row.map((entry, j) => (i === j ? entry * (1 + damping) + prior : entry)),
	);
	const slope = slopes.map(
		(row, i) =>
			weights.reduce((sum, weight, index) => sum + weight * row[index]! * residuals[index]!, 0) + prior * logs[i]!,
	);
	return solve(
		matrix,
		slope.map(entry => -entry),
	);
}

/** Halves of the intervals: by the scatter of the groups, wider where neighbours are off together. */
function halfWidths(
	groups: readonly ObservedGroup[],
	{residuals, logs}: Descent,
	slopes: readonly (readonly number[])[],
): number[] {
	const free = Math.max(1, groups.length - logs.length);
	const factor = (groups.length / free) * togetherFactor(groups, residuals);
	const weights = weightsOf(groups, residuals).map(weight => weight / factor);
	const matrix = curvatureOf(slopes, weights).map((row, i) =>
		row.map((entry, j) => entry + (i === j ? 1 / priorDeviation ** 2 : 0)),
	);
	const quantile = studentQuantile(0.975, Math.max(3, free));
	return inverseOf(matrix).map((row, index) => roughness * quantile * Math.sqrt(row[index]!));
}

/** By how much neighbouring stretches that are off together widen a variance. */
function togetherFactor(groups: readonly ObservedGroup[], residuals: readonly number[]): number {
	let [products, squares] = [0, 0];
	for (let index = 1; index < groups.length; index++) {
		if (groups[index]!.kind === groups[index - 1]!.kind && groups[index]!.kind !== meansKind) {
			products += residuals[index]! * residuals[index - 1]!;
			squares += (residuals[index]! ** 2 + residuals[index - 1]! ** 2) / 2;
		}
	}

	const together = squares > 0 ? Math.min(0.7, Math.max(0, products / squares)) : 0;
	return (1 + together) / (1 - together);
}

function errorsOf(model: EngineModel, observation: EngineObservation, groups: readonly ObservedGroup[]): FittedRun {
	const {source, tool} = observation;
	const simulated = replayed(model, observation);
	const errorOf = (name: ObservedGroup['name']) => {
		const ofName = groups.filter(group => group.name === name);
		const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
		const measured = total(ofName.map(({observed}) => total(observed)));
		return measured === 0 ? Number.NaN : total(ofName.map(({of}) => total(of(simulated)))) / measured - 1;
	};
	return {
		...{source, tool, times: groups.reduce((sum, {observed}) => sum + observed.length, 0)},
		ttftError: errorOf('ttft'),
		tpotError: errorOf('tpot'),
		latencyError: errorOf('latency'),
	};
}
