import {CompensatedSum} from './compensated-sum.ts';
import type {RangeFunction} from './expression.ts';

/** Sample within a window. */
export type WindowPoint = {/** [ms] */ readonly at: number; readonly value: number};

/** QueryWindow of a range selector: open at its start, closed at its end [ms]. */
export type QueryWindow = {readonly start: number; readonly end: number};

/**
 * QueryValue of a function of the samples of a window.
 *
 * @param points - samples inside it, oldest first, at least one
 * @returns undefined where the function gives nothing for so few
 * @see prometheus v3.0 promql/functions.go
 */
export function windowFunction(
	name: RangeFunction,
	points: readonly WindowPoint[],
	window: QueryWindow,
): number | undefined {
	switch (name) {
		case 'rate':
			return extrapolated(points, window, {isCounter: true, isRate: true});
		case 'increase':
			return extrapolated(points, window, {isCounter: true, isRate: false});
		case 'delta':
			return extrapolated(points, window, {isCounter: false, isRate: false});
		case 'irate':
			return instantRate(points);
		case 'avg_over_time':
			return sumOf(points) / points.length;
		case 'sum_over_time':
			return sumOf(points);
		case 'count_over_time':
			return points.length;
		case 'last_over_time':
			return points.at(-1)!.value;
		case 'min_over_time':
			return points.reduce(
				(least, {value}) => (value < least || Number.isNaN(least) ? value : least),
				points[0]!.value,
			);
		case 'max_over_time':
			return points.reduce((most, {value}) => (value > most || Number.isNaN(most) ? value : most), points[0]!.value);
	}
}

function sumOf(points: readonly WindowPoint[]): number {
	const sum = new CompensatedSum();
	for (const {value} of points) {
		sum.add(value);
	}

	return sum.value;
}

/**
 * Part of the mean gap between samples by which a series may miss an edge of the window and still be taken to reach it.
 */
const edgeTolerance = 1.1;

/** Change over a window, carried on to its edges: extrapolatedRate. */
function extrapolated(
	points: readonly WindowPoint[],
	{start, end}: QueryWindow,
	{isCounter, isRate}: {readonly isCounter: boolean; readonly isRate: boolean},
): number | undefined {
	const first = points[0];
	const last = points.at(-1);
	if (first === undefined || last === undefined || points.length < 2) {
		return undefined;
	}

	const change = last.value - first.value + (isCounter ? resetsOf(points) : 0);
	const sampled = (last.at - first.at) / 1000;
	const gap = sampled / (points.length - 1);
	const reach = (missing: number) => (missing >= gap * edgeTolerance ? gap / 2 : missing);
	const toEnd = reach((end - last.at) / 1000);
	const towardsStart = reach((first.at - start) / 1000);
	const untilZero =
		isCounter && change > 0 && first.value >= 0 ? sampled * (first.value / change) : Number.POSITIVE_INFINITY;
	const factor = (sampled + Math.min(towardsStart, untilZero) + toEnd) / sampled;
	return change * (isRate ? factor / ((end - start) / 1000) : factor);
}

/** A counter that falls began again at 0: what it had before is added. */
function resetsOf(points: readonly WindowPoint[]): number {
	let lost = 0;
	for (let index = 1; index < points.length; index++) {
		const before = points[index - 1]!.value;
		lost += points[index]!.value < before ? before : 0;
	}

	return lost;
}

/** Rate between the last two samples: instantValue. */
function instantRate(points: readonly WindowPoint[]): number | undefined {
	const last = points.at(-1);
	const before = points.at(-2);
	if (last === undefined || before === undefined || last.at === before.at) {
		return undefined;
	}

	const change = last.value < before.value ? last.value : last.value - before.value;
	return change / ((last.at - before.at) / 1000);
}
