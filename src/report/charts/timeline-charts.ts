import {envelopeOf} from '../../comparison/envelope.ts';
import type {UtilizationSeries} from '../../comparison/utilization-series.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Timeline} from '../../records/replica-line.ts';
import {timeUnit} from '../text/format.ts';
import type {Chart, Heading} from './chart.ts';
import {type LineAxis, type LinePoint, type LineReference, type LineSeries, lineChart} from './line-chart.ts';
import type {Colour} from './palette.ts';

/** Replicas over time. */
export function replicaTimeline(heading: Heading, series: readonly LineSeries[], duration: number): Chart {
	return lineChart(heading, series, {
		x: timeAxis(duration),
		y: {column: 'replicas', title: 'Replicas [pods]', unit: 'pods', isWhole: true},
		interpolate: 'step-after',
	});
}

/** Timeline of the pods' use as a share of their requests, as the autoscaler saw it, with its targets. */
export function utilizationTimeline(
	heading: Heading,
	series: readonly LineSeries[],
	{autoscaler, duration}: Pick<Experiment, 'autoscaler' | 'duration'>,
): Chart {
	return lineChart(heading, series, {
		x: timeAxis(duration),
		y: {column: 'utilization', title: 'Use of the request [%]', unit: '% of the request'},
		interpolate: 'linear',
		references: targetsOf(autoscaler),
	});
}

/** Simulated mean with its band, and the measured mean, of each metric that was seen. */
export function utilizationLines(
	seen: Readonly<Record<string, UtilizationSeries>>,
	{isMeasured}: {readonly isMeasured: boolean},
): LineSeries[] {
	return Object.entries(seen).flatMap(([metric, {seconds, simulated, measured, low, high}], order) => {
		const name = metricName(metric);
		const forecast: LineSeries = {
			name: isMeasured ? `${name}, simulated` : name,
			colour: metricColour(metric),
			points: seconds.map((at, index) => ({
				at,
				value: simulated[index] ?? null,
				low: low[index] ?? null,
				high: high[index] ?? null,
			})),
		};
		const observed: LineSeries = {
			name: `${name}, measured`,
			colour: 'measured',
			isDashed: order > 0, // so that the measured lines differ
			points: seconds.map((at, index) => ({at, value: measured[index] ?? null})),
		};
		return isMeasured ? [forecast, observed] : [forecast];
	});
}

export function metricName(metric: string): string {
	return metric === 'cpu' ? 'CPU' : metric;
}

export function metricColour(metric: string): Colour {
	return metric === 'cpu' ? 'cpu' : metric === 'memory' ? 'memory' : 'muted';
}

/** Axis of time in the unit that suits the length of a run [s]. */
export function timeAxis(duration: number): LineAxis {
	const unit = timeUnit(duration);
	return {
		column: 'seconds',
		title: `Time [${unit.symbol}]`,
		unit: 's',
		divisor: unit.seconds,
		domain: [0, duration],
	};
}

function targetsOf(autoscaler: Experiment['autoscaler']): LineReference[] {
	const metrics = autoscaler === 'none' ? [] : autoscaler.metrics;
	return metrics.flatMap(({name, target}) =>
		target.type === 'Utilization'
			? [{value: target.averageUtilization, label: `target ${target.averageUtilization} %`, colour: metricColour(name)}]
			: [],
	);
}

type Named = Pick<LineSeries, 'name' | 'colour'>;
type Window = {readonly from: number; readonly to: number};

/** Replications of one thing as the median with the band that holds nine in ten of them; a single one as it is. */
export function replicaBand(named: Named, lines: readonly Timeline[], window: Window): LineSeries {
	const [only] = lines;
	return lines.length === 1 && only !== undefined
		? {...named, points: stepPoints(only, window.to)}
		: {...named, points: bandPoints(envelopeOf(lines, [], window).band, window.to)};
}

/** @param band - `[seconds, low, middle, high]` at each change */
export function bandPoints(
	band: readonly (readonly [number, number, number, number])[],
	until: number,
): LineSeries['points'] {
	const points = band.map(([at, low, value, high]) => ({at, value, low, high}));
	const last = points.at(-1);
	return last === undefined ? [] : [...points, {...last, at: until}];
}

/** A line a run, all of one name. */
export function replicaRuns(named: Named, runs: ReadonlyMap<string, Timeline>, until: number): LineSeries[] {
	return [...runs].map(([run, line]) => ({...named, run, points: stepPoints(line, until)}));
}

/** A step function from its first change to `until`. */
function stepPoints(line: Timeline, until: number): LinePoint[] {
	const within = line.filter(([at]) => at <= until);
	const last = within.at(-1);
	return [...within, ...(last === undefined || last[0] === until ? [] : [[until, last[1]] as const])].map(
		([at, value]) => ({at, value}),
	);
}
