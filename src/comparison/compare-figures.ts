import {currencySign} from '../experiment/currency.ts';
import type {Experiment, Tolerance} from '../experiment/experiment.ts';
import type {RequestFigures} from '../records/request-statistics.ts';
import type {Interval} from '../statistics/bootstrap.ts';
import {type Equivalence, equivalence} from '../statistics/equivalence.ts';
import {
	type Distances,
	distancesOf,
	type ErrorEstimate,
	type Errors,
	estimateError,
	type Level,
	levelOf,
	meanDistance,
	skillRange,
} from './error-estimate.ts';
import {type ComparedFigureName, type PairFigure, pairFigures, type RunFigure, runFigures} from './figure-table.ts';
import type {Reading} from './reading.ts';

/** Comparison of one figure. A figure of two runs has no value on either side, only an error. */
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
	/** Error of the figure between two repeats. */
	readonly noiseFloor: number | null;
	/** `absoluteError / noiseFloor`: at most 1 is as good as a repeat. */
	readonly skill: number | null;
	/** The smallest and the largest skill when one of the repeats is left out; null with fewer than three. */
	readonly skillRange: Interval | null;
	/** In the figure's unit; null where the experiment sets none. */
	readonly tolerance: number | null;
	readonly verdict: Equivalence | null;
};

/** Values of both sides, and further values that show how much runs vary. */
export type Sides = {
	/** Replications, or the one simulated run that was given. */
	readonly simulated: readonly Reading[];
	/** Repeats. */
	readonly measured: readonly Reading[];
	/** Replications when `simulated` is a single run. */
	readonly spread?: readonly Reading[] | undefined;
	/** Replications under the conditions of each repeat, held against that repeat alone, instead of `simulated`. */
	readonly simulatedFor?: readonly (readonly Reading[])[];
	/** Machine of each repeat; one machine when left out. */
	readonly machines?: readonly string[] | undefined;
	/** Confidence of the intervals of the errors; 0.9 when left out. */
	readonly confidence?: number | undefined;
};

/** Compares every figure of the simulated side with every repeat, money in the currency of the experiment's prices. */
export function compareFigures(
	sides: Sides,
	{accept, prices}: Pick<Experiment, 'accept' | 'prices'>,
): Record<string, FigureComparison> {
	const runs = {...runFigures, cost: {...runFigures.cost, unit: currencySign(prices.currency)}};
	const ofRuns = Object.entries(runs).map(([name, figure]) => [name, compareRunFigure(figure, sides, accept[name])]);
	const ofPairs = Object.entries(pairFigures).map(([name, figure]) => [
		name,
		comparePairFigure(figure, sides, accept[name]),
	]);
	return Object.fromEntries([...ofPairs, ...ofRuns]) as Record<ComparedFigureName, FigureComparison>;
}

function compareRunFigure({unit, read}: RunFigure, sides: Sides, tolerance: Tolerance | undefined): FigureComparison {
	const {simulatedFor, machines, confidence} = sides;
	const [simulated, measured] = [sides.simulated.map(read), sides.measured.map(read)];
	return compareValues(
		{
			unit,
			simulated,
			measured,
			spread: sides.spread?.map(read),
			simulatedFor: simulatedFor?.map(runs => runs.map(read)),
			machines,
			confidence,
		},
		tolerance,
	);
}

type Values = {
	readonly unit: string;
	/** One number a run. */
	readonly simulated: readonly number[];
	readonly measured: readonly number[];
	readonly spread?: readonly number[] | undefined;
	readonly simulatedFor?: readonly (readonly number[])[] | undefined;
	readonly machines?: readonly string[] | undefined;
	readonly confidence?: number | undefined;
};

/** A figure of single runs, from its values. */
export function compareValues(values: Values, tolerance?: Tolerance): FigureComparison {
	const {unit, simulated, measured, spread, simulatedFor, machines, confidence} = values;
	const errorsOf = (rows: readonly number[]): Errors => rows.map(s => measured.map(m => s - m));
	const errors =
		simulatedFor === undefined ? errorsOf(simulated) : pairedErrors(simulatedFor, measured, (s, m) => s - m);
	const estimate = estimateError(errors, {
		spread: spread === undefined ? singleErrors(errors, simulatedFor !== undefined) : errorsOf(spread),
		machines,
		confidence,
	});
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

function comparePairFigure(figure: PairFigure, sides: Sides, tolerance: Tolerance | undefined): FigureComparison {
	const {unit, between, basis} = figure;
	const {simulated, measured, spread, simulatedFor, machines, confidence} = sides;
	const errorsOf = (rows: readonly Reading[]): Errors => rows.map(s => measured.map(m => between(s, m)));
	const errors = simulatedFor === undefined ? errorsOf(simulated) : pairedErrors(simulatedFor, measured, between);
	const estimate = estimateError(errors, {
		machines,
		confidence,
		spread: spread === undefined ? singleErrors(errors, simulatedFor !== undefined) : errorsOf(spread),
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

/**
 * Errors that show how much single runs vary. Runs that were simulated for each repeat vary about that repeat's mean: their
 * means over the repeats would vary less.
 */
function singleErrors(errors: Errors, isPaired: boolean): Errors {
	if (!isPaired) {
		return errors;
	}

	const means = (errors[0] ?? []).map((_, repeat) => {
		const present = errors.map(row => row[repeat]!).filter(error => !Number.isNaN(error));
		return present.reduce((sum, error) => sum + error, 0) / present.length;
	});
	return errors.flatMap(row => row.map((error, repeat) => [error - means[repeat]!]));
}

/** Errors of the runs that were simulated for each repeat against that repeat. */
function pairedErrors<Run>(
	simulatedFor: readonly (readonly Run[])[],
	measured: readonly Run[],
	between: (simulated: Run, measured: Run) => number,
): Errors {
	return (simulatedFor[0] ?? []).map((_, row) =>
		measured.map((run, repeat) => between(simulatedFor[repeat]![row]!, run)),
	);
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

/** A tenant's figures, simulated against measured. */
export type TenantComparison = {readonly name: string; readonly figures: Readonly<Record<string, FigureComparison>>};

type TenantFigures = RequestFigures['tenants'][number];

const figures: Readonly<Record<string, {unit: string; read: (tenant: TenantFigures) => number}>> = {
	meanLatency: {unit: 's', read: ({latencySeconds}) => latencySeconds.mean},
	p50: {unit: 's', read: ({latencySeconds}) => latencySeconds.p50},
	p95: {unit: 's', read: ({latencySeconds}) => latencySeconds.p95},
	p99: {unit: 's', read: ({latencySeconds}) => latencySeconds.p99},
	throughput: {unit: '1/s', read: ({throughputPerSecond}) => throughputPerSecond},
	sloAttainment: {unit: '1', read: ({sloAttainment}) => sloAttainment},
};

/** Compares the tenants, in the order of the experiment. */
export function compareTenants({simulated, measured, spread}: Sides): TenantComparison[] {
	const tenants = measured[0]?.account.requests.tenants ?? [];
	return tenants.map(({name}, index) => ({
		name,
		figures: Object.fromEntries(
			Object.entries(figures).map(([figure, {unit, read}]) => {
				const of = (run: Reading) => read(run.account.requests.tenants[index]!);
				const values = {unit, simulated: simulated.map(of), measured: measured.map(of), spread: spread?.map(of)};
				return [figure, compareValues(values)];
			}),
		),
	}));
}

export type Verdict = 'VALID' | 'NOT VALID' | 'CANNOT SAY';

/** Whether the forecast holds, and which figures say otherwise. */
export type Judgement = {
	readonly verdict: Verdict;
	/** Figures with a tolerance that are outside it. */
	readonly failing: readonly string[];
	/** Figures with a tolerance whose interval is too wide, or that no run has. */
	readonly unclear: readonly string[];
	/** Figures with a tolerance that the verdict rests on. */
	readonly judged: readonly string[];
	/** Figures with a tolerance that the measured records do not hold: they are left out of the verdict. */
	readonly unmeasured: readonly string[];
};

/** Figures that exist only where replicas changed; that they did is judged by others. */
const lags: readonly string[] = ['scaleLag', 'p95ScaleLag'];

/**
 * Figures that none of the records holds: a run has them, or one of two runs is 0 away from itself, unless what they are read
 * from was not recorded. A lag where nothing changed is not among them.
 */
export function unmeasuredFigures(
	measured: readonly Reading[],
	{savings}: {readonly savings?: FigureComparison},
): string[] {
	const knowsReplicas = measured.some(({holds}) => holds.replicas);
	return [
		...(savings !== undefined && savings.measured === null ? ['savings'] : []),
		...Object.entries(runFigures)
			.filter(([, {read}]) => measured.every(run => Number.isNaN(read(run))))
			.map(([name]) => name),
		...Object.entries(pairFigures)
			.filter(([name]) => !(knowsReplicas && lags.includes(name)))
			.filter(([, {between}]) => measured.every(run => Number.isNaN(between(run, run))))
			.map(([name]) => name),
	];
}

/**
 * Valid when every tolerance that the records can judge is shown to be kept, not valid when one is shown to be broken.
 *
 * @param measured - `hasEvents`: whether the measured replicas ever changed; `lacking`: figures that the records do not hold
 */
export function judge(
	figures: Readonly<Record<string, FigureComparison>>,
	{accept}: Pick<Experiment, 'accept'>,
	{hasEvents, lacking}: {readonly hasEvents: boolean; readonly lacking: readonly string[]},
): Judgement {
	const unmeasured = Object.keys(accept).filter(name => lacking.includes(name));
	const judged = Object.keys(accept).filter(name => !unmeasured.includes(name) && (hasEvents || !lags.includes(name)));
	const verdictOf = (name: string) => figures[name]?.verdict ?? 'unclear';
	const failing = judged.filter(name => verdictOf(name) === 'outside');
	const unclear = judged.filter(name => verdictOf(name) === 'unclear');
	const isOpen = unclear.length > 0 || judged.length === 0;
	return {
		verdict: failing.length > 0 ? 'NOT VALID' : isOpen ? 'CANNOT SAY' : 'VALID',
		failing,
		unclear,
		judged,
		unmeasured,
	};
}
