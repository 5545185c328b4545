import type {UtilizationSeries} from '../comparison/utilization-series.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {Chart, Heading} from './chart.ts';
import {type LineAxis, type LineReference, type LineSeries, lineChart} from './line-chart.ts';
import type {Colour} from './palette.ts';
import {timeUnit} from './time-unit.ts';

/** Replicas over time. */
export function replicaTimeline(heading: Heading, series: readonly LineSeries[], duration: number): Chart {
	return lineChart(heading, series, {
		x: timeAxis(duration),
		y: {column: 'replicas', title: 'Replicas [pods]', unit: 'pods', isWhole: true},
		interpolate: 'step-after',
	});
}

/** What the pods use of their requests, as the autoscaler saw it, with its targets. */
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
export function utilizationSeries(
	seen: Readonly<Record<string, UtilizationSeries>>,
	{isMeasured}: {readonly isMeasured: boolean},
): LineSeries[] {
	return Object.entries(seen).flatMap(([metric, {seconds, simulated, measured, low, high}]) => {
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

function timeAxis(duration: number): LineAxis {
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
