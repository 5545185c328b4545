import {currencySign} from '../experiment/currency.ts';
import type {Experiment, Tolerance} from '../experiment/experiment.ts';
import type {Interval} from '../statistics/bootstrap.ts';
import {type Equivalence, equivalence} from '../statistics/equivalence.ts';
import {type ErrorEstimate, type Errors, estimateError} from './error-estimate.ts';
import {type FigureName, type PairFigure, pairFigures, type RunFigure, runFigures} from './figure-table.ts';
import {type Level, levelOf} from './level.ts';
import type {Reading} from './reading.ts';
import {type Distances, distancesOf, meanDistance, skillRange} from './skill.ts';

/** One figure of the comparison. A figure of two runs has no value on either side, only an error. */
export type FigureComparison = {
	readonly unit: string;
	/** Mean over replications with its 90 % bootstrap interval. */
	readonly simulated: Level | null;
	/** Mean over repeats with the smallest and the largest. */
	readonly measured: Level | null;
	/** Simulated less measured, with its 90 % interval; null where no run has the figure. */
	readonly error: {readonly value: number; readonly low: number | null; readonly high: number | null} | null;
	/** The error as a fraction of the measured mean. */
	readonly relativeError: number | null;
	/** Mean absolute error of one simulated run against one repeat. */
	readonly absoluteError: number | null;
	/** The same between two repeats. */
	readonly noiseFloor: number | null;
	/** `absoluteError / noiseFloor`: at most 1 is as good as a repeat. */
	readonly skill: number | null;
	/** The smallest and the largest skill when one of the repeats is left out; null with fewer than three. */
	readonly skillRange: Interval | null;
	/** In the figure's unit; null where the experiment sets none. */
	readonly tolerance: number | null;
	readonly verdict: Equivalence | null;
};

/** The two sides, and what else tells how much runs vary. */
export type Sides = {
	/** Replications, or the one simulated run that was given. */
	readonly simulated: readonly Reading[];
	/** Repeats. */
	readonly measured: readonly Reading[];
	/** Replications when `simulated` is a single run. */
	readonly spread?: readonly Reading[] | undefined;
};

/** Every figure of the simulated side against every repeat, money in the currency of the experiment's prices. */
export function compareFigures(
	sides: Sides,
	{accept, prices}: Pick<Experiment, 'accept' | 'prices'>,
): Record<string, FigureComparison> {
	const runs = {...runFigures, cost: {...runFigures.cost, unit: currencySign(prices.currency)}};
	const ofRuns = Object.entries(runs).map(([name, figure]) => [name, compareRuns(figure, sides, accept[name])]);
	const ofPairs = Object.entries(pairFigures).map(([name, figure]) => [
		name,
		comparePairs(figure, sides, accept[name]),
	]);
	return Object.fromEntries([...ofPairs, ...ofRuns]) as Record<FigureName, FigureComparison>;
}

function compareRuns({unit, read}: RunFigure, sides: Sides, tolerance: Tolerance | undefined): FigureComparison {
	const [simulated, measured] = [sides.simulated.map(read), sides.measured.map(read)];
	return compareValues({unit, simulated, measured, spread: sides.spread?.map(read)}, tolerance);
}

export type Values = {
	readonly unit: string;
	/** One number a run. */
	readonly simulated: readonly number[];
	readonly measured: readonly number[];
	readonly spread?: readonly number[] | undefined;
};

/** A figure of single runs, from its values. */
export function compareValues(values: Values, tolerance?: Tolerance): FigureComparison {
	const {unit, simulated, measured, spread} = values;
	const errorsOf = (rows: readonly number[]): Errors => rows.map(s => measured.map(m => s - m));
	const errors = errorsOf(simulated);
	const estimate = estimateError(errors, {spread: errorsOf(spread ?? simulated)});
	const level = levelOf(measured);
	const distances = distancesOf(measured, (a, b) => a - b);
	const basis = level === null ? Number.NaN : Math.abs(level.mean);
	return {
		unit,
		simulated: levelOf(simulated, 'bootstrap'),
		measured: level,
		...judged(estimate, {errors, distances, tolerance, basis}),
		relativeError: estimate === undefined || !(basis > 0) ? null : estimate.value / basis,
	};
}

function comparePairs(figure: PairFigure, sides: Sides, tolerance: Tolerance | undefined): FigureComparison {
	const {unit, between, basis} = figure;
	const {simulated, measured, spread} = sides;
	const errorsOf = (rows: readonly Reading[]): Errors => rows.map(s => measured.map(m => between(s, m)));
	const errors = errorsOf(simulated);
	const estimate = estimateError(errors, {
		spread: spread === undefined ? errors : errorsOf(spread),
		...(!figure.isSigned && {least: 0, ...(unit === '1' && {most: 1})}),
	});
	const distances = distancesOf(measured, between);
	const base = basis === undefined ? Number.NaN : (levelOf(measured.map(basis))?.mean ?? Number.NaN);
	return {
		unit,
		simulated: null,
		measured: null,
		...judged(estimate, {errors, distances, tolerance, basis: base}),
		relativeError: null,
	};
}

type Terms = {
	readonly errors: Errors;
	readonly distances: Distances;
	readonly tolerance: Tolerance | undefined;
	readonly basis: number;
};

function judged(estimate: ErrorEstimate | undefined, {errors, distances, tolerance, basis}: Terms) {
	const floor = meanDistance(distances);
	const absolute = estimate?.absolute ?? Number.NaN;
	const allowed = tolerance === undefined ? Number.NaN : allowedError(tolerance, basis);
	const interval: Interval | undefined = estimate?.interval;
	return {
		error:
			estimate === undefined ? null : {value: estimate.value, low: interval?.low ?? null, high: interval?.high ?? null},
		absoluteError: orNull(absolute),
		noiseFloor: orNull(floor),
		skill: floor > 0 ? orNull(absolute / floor) : null,
		skillRange: skillRange(errors, distances),
		tolerance: orNull(allowed),
		verdict: tolerance === undefined ? null : equivalence(interval, allowed),
	};
}

function allowedError(tolerance: Tolerance, basis: number): number {
	return 'absolute' in tolerance ? tolerance.absolute : tolerance.fraction * basis;
}

function orNull(value: number): number | null {
	return Number.isNaN(value) ? null : value;
}
