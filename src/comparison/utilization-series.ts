import {mean, quantileSorted} from 'simple-statistics';
import type {Timeline} from '../records/replica-line.ts';
import type {Reading} from './reading.ts';
import {valueAt} from './step-line.ts';

/** The pods' use of one resource as the autoscaler saw it, on a common grid [% of the request]; null before it saw any. */
export type UtilizationSeries = {
	readonly seconds: readonly number[];
	readonly measured: readonly (number | null)[];
	readonly simulated: readonly (number | null)[];
	/** 5 % and 95 % quantiles of the replications. */
	readonly low: readonly (number | null)[];
	readonly high: readonly (number | null)[];
	/** Sum of the absolute differences of the means as a fraction of the measured sum. */
	readonly weightedError: number | null;
};

/** Step of the grid [s]. */
const step = 15;

/** A series for each metric that both sides saw. */
export function utilizationSeries(
	simulated: readonly Reading[],
	measured: readonly Reading[],
): Record<string, UtilizationSeries> {
	const names = [...new Set(measured.flatMap(({utilization}) => Object.keys(utilization)))];
	return Object.fromEntries(
		names
			.filter(name => simulated.some(({utilization}) => utilization[name] !== undefined))
			.map(name => [name, seriesOf(name, simulated, measured)]),
	);
}

function seriesOf(name: string, simulated: readonly Reading[], measured: readonly Reading[]): UtilizationSeries {
	const {from, to} = measured[0]!.window;
	const seconds = Array.from({length: Math.floor((to - from) / step) + 1}, (_, index) => from + index * step);
	const at = (runs: readonly Reading[], time: number) =>
		runs.flatMap(({utilization}) => seenAt(utilization[name] ?? [], time) ?? []).sort((a, b) => a - b);
	const columns = seconds.map(time => ({measured: at(measured, time), simulated: at(simulated, time)}));
	const means = columns.map(column => ({measured: meanOf(column.measured), simulated: meanOf(column.simulated)}));
	const both = means.flatMap(({measured: m, simulated: s}) => (m === null || s === null ? [] : [{m, s}]));
	const whole = both.reduce((sum, {m}) => sum + m, 0);
	const quantile = (probability: number) =>
		columns.map(column => (column.simulated.length === 0 ? null : quantileSorted(column.simulated, probability)));
	return {
		seconds,
		measured: means.map(column => column.measured),
		simulated: means.map(column => column.simulated),
		low: quantile(0.05),
		high: quantile(0.95),
		weightedError: whole > 0 ? both.reduce((sum, {m, s}) => sum + Math.abs(s - m), 0) / whole : null,
	};
}

function seenAt(line: Timeline, time: number): number | undefined {
	return line.length === 0 || line[0]![0] > time ? undefined : valueAt(line, time);
}

function meanOf(values: readonly number[]): number | null {
	return values.length === 0 ? null : mean([...values]);
}
