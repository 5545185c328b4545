import type {Slo} from '../../experiment/experiment.ts';
import type {ArmSummary, Estimate} from '../../forecast/summary.ts';
import {largest} from '../../statistics/extremes.ts';
import {formatGiven, seconds} from '../text/format.ts';
import {latencyEstimate} from '../text/latency.ts';
import {type Chart, type Heading, panelHeight, stacked} from './chart.ts';
import {type LineAxis, type LinePoint, lineChart} from './line-chart.ts';
import type {Colour} from './palette.ts';

/** Result for a number of users at a time. */
export type LoadPoint = {readonly users: number; readonly dynamic: ArmSummary};

type LoadChart = {
	/** By ascending users. */
	readonly simulated: readonly LoadPoint[];
	readonly measured: readonly LoadPoint[];
	readonly slo: Slo;
};

const users: LineAxis = {column: 'users', title: 'Users at a time', unit: 'users'};

/** Throughput and latency against the number of users. */
export function loadChart(heading: Heading, {simulated, measured, slo}: LoadChart): Chart {
	const most = largest([...simulated, ...measured].map(point => point.users));
	const axis = {...users, domain: [0, most * 1.02]} as const;
	const seriesOf = (of: (arm: ArmSummary) => Estimate) =>
		[
			{name: 'simulated', colour: 'dynamic' as Colour, points: pointsOf(simulated, of)},
			{name: 'measured', colour: 'measured' as Colour, points: pointsOf(measured, of)},
		].filter(({points}) => points.length > 0);
	const inner = {title: '', subtitle: [], description: ''};
	const height = panelHeight(2);
	const bound =
		slo.p95 === undefined
			? []
			: [{value: slo.p95, label: `SLO ${formatGiven(slo.p95, seconds)}`, colour: 'claimed' as Colour}];
	return stacked(heading, [
		lineChart(
			{...inner, name: 'throughput'},
			seriesOf(arm => arm.throughputPerSecond),
			{
				x: {...axis, title: ''},
				y: {column: 'throughput', title: 'Requests/s', unit: 'requests/s', ticks: 3},
				interpolate: 'linear',
				hasPoints: true,
				height,
			},
		),
		lineChart(
			{...inner, name: 'latency'},
			seriesOf(arm => latencyEstimate(arm, 'p95')),
			{
				x: axis,
				y: {column: 'p95', title: 'Latency p95 [s]', unit: 's', ticks: 3},
				interpolate: 'linear',
				hasPoints: true,
				height,
				references: bound,
			},
		),
	]);
}

function pointsOf(points: readonly LoadPoint[], of: (arm: ArmSummary) => Estimate): LinePoint[] {
	return points.flatMap(({users: at, dynamic}) => {
		const {mean, low, high} = of(dynamic);
		return mean === null ? [] : [{at, value: mean, low, high}];
	});
}
