import {mean} from 'simple-statistics';
import {largest} from '../statistics/extremes.ts';
import {meanAbsolute, pairsOf} from './error-estimate.ts';
import {pairFigures, runFigures} from './figure-table.ts';
import type {Reading} from './reading.ts';
import {meanLine} from './step-line.ts';

/** Mean absolute error by figure; null where there is none. */
type AbsoluteErrors = Readonly<Record<string, number | null>>;

/** Errors of forecasts without this simulator. */
export type Baselines = {
	/** ⌈replicas × use / target⌉ without delays, pods that start in a fixed time. */
	readonly naive: AbsoluteErrors;
	/** Errors of a forecast of each repeat by the mean of the others; null with a single repeat. */
	readonly noModel: AbsoluteErrors | null;
};

/** Distance between two repeats. */
export type NoiseFloor = Readonly<Record<string, {readonly mean: number; readonly max: number} | null>>;

/** Absolute errors of every figure, each of `forecast` against each repeat. */
export function absoluteErrors(forecast: readonly Reading[], measured: readonly Reading[]): AbsoluteErrors {
	const all = forecast.flatMap(s => measured.map(m => [s, m] as const));
	return errorsBy((between: (s: Reading, m: Reading) => number) => all.map(([s, m]) => between(s, m)));
}

function errorsBy(of: (between: (s: Reading, m: Reading) => number) => number[]): AbsoluteErrors {
	const pairs = Object.entries(pairFigures).map(([name, {between}]) => [name, meanAbsolute(of(between))] as const);
	const runs = Object.entries(runFigures).map(
		([name, {read}]) => [name, meanAbsolute(of((s, m) => read(s) - read(m)))] as const,
	);
	return Object.fromEntries([...pairs, ...runs].map(([name, error]) => [name, Number.isNaN(error) ? null : error]));
}

/** Figures that the mean of several runs has: an average line changes its replicas in fractions. */
const averaged = [
	'replicasMeanAbsoluteError',
	'podSecondError',
	'latencyKolmogorovSmirnov',
	'latencyWasserstein',
	'waitKolmogorovSmirnov',
	'waitWasserstein',
] as const satisfies readonly (keyof typeof pairFigures)[];

/** Errors of a forecast of each repeat by the mean of the others. */
export function noModelErrors(measured: readonly Reading[]): AbsoluteErrors | null {
	if (measured.length < 2) {
		return null;
	}

	const rest = measured.map(run => ({run, others: measured.filter(other => other !== run)}));
	const runs = Object.entries(runFigures).map(([name, {read}]) => {
		const errors = rest.map(({run, others}) => mean(others.map(read)) - read(run));
		return [name, meanAbsolute(errors)] as const;
	});
	const pairs = averaged.map(name => {
		const errors = rest.map(({run, others}) => pairFigures[name].between(averageOf(others), run));
		return [name, meanAbsolute(errors)] as const;
	});
	return Object.fromEntries([...pairs, ...runs].map(([name, error]) => [name, Number.isNaN(error) ? null : error]));
}

function averageOf(runs: readonly Reading[]): Reading {
	const [first] = runs as readonly [Reading, ...Reading[]];
	const line = meanLine(
		runs.map(({replicas}) => replicas.line),
		first.window,
	);
	const pooled = (of: (run: Reading) => Float64Array) => Float64Array.from(runs.flatMap(run => [...of(run)])).sort();
	return {
		...first,
		replicas: {...first.replicas, line, mean: mean(runs.map(({replicas}) => replicas.mean))},
		latencies: pooled(({latencies}) => latencies),
		waits: pooled(({waits}) => waits),
	};
}

/** The figures between each two repeats; null with a single one. */
export function noiseFloorOf(measured: readonly Reading[]): NoiseFloor | null {
	const pairs = pairsOf(measured);
	if (pairs.length === 0) {
		return null;
	}

	const levels = (errors: readonly number[]) => {
		const present = errors.filter(error => !Number.isNaN(error)).map(Math.abs);
		return present.length === 0 ? null : {mean: mean(present), max: largest(present)};
	};
	return Object.fromEntries([
		...Object.entries(pairFigures).map(([name, {between}]) => [name, levels(pairs.map(([a, b]) => between(a, b)))]),
		...Object.entries(runFigures).map(([name, {read}]) => [name, levels(pairs.map(([a, b]) => read(a) - read(b)))]),
	]);
}
