import {framed} from '../../build/src/report/charts/chart.js';
import {palette} from '../../build/src/report/charts/palette.js';

const colours = {
	CPU: palette.cpu,
	memory: palette.memory,
	'in flight': palette.dynamic,
	waiting: palette.fixed,
};

/** Picture of cost against p95: the curve of each metric over its targets, filled at the one that was chosen. */
export function metricPicture(name, {slo, workload}, metrics) {
	const values = metrics.flatMap(({metric, tried, chosen}) =>
		tried.map(({target, cost, p95}, order) => ({
			metric: metric.name,
			order,
			cost: cost.mean,
			p95: p95.mean,
			chosen: target === chosen.target ? 'yes' : 'no',
		})),
	);
	const top =
		Math.min(
			workload.timeout,
			Math.max(slo.p95 * 2, ...values.filter(({chosen}) => chosen === 'yes').map(({p95}) => p95)),
		) * 1.1;
	const shown = values.filter(({p95}) => p95 <= top);
	const x = {field: 'cost', type: 'quantitative', title: 'Cost [$/h]', scale: {zero: false}};
	const y = {field: 'p95', type: 'quantitative', title: 'Latency p95 [s]', scale: {domain: [0, top], nice: false}};
	const domain = Object.keys(colours);
	const color = {
		field: 'metric',
		type: 'nominal',
		title: null,
		scale: {domain, range: Object.values(colours)},
		legend: {orient: 'bottom', symbolType: 'circle'},
	};
	const heading = {
		name,
		title: name,
		subtitle: ['a curve a metric, a point a target; filled: the cheapest that keeps p95'],
		description: `Cost and p95 of ${name}, scaled on four metrics with several targets each.`,
	};
	return framed(heading, {
		data: {values: shown},
		layer: [
			{
				data: {values: [{bound: slo.p95}]},
				mark: {type: 'rule', strokeDash: [3, 5]},
				encoding: {y: {...y, field: 'bound'}, color: {value: palette.claimed}},
			},
			{mark: {type: 'line', strokeWidth: 2.5}, encoding: {x, y, color, order: {field: 'order'}}},
			{
				mark: {type: 'point', size: 120, strokeWidth: 3, filled: false, fill: palette.paper, opacity: 1},
				encoding: {x, y, color},
			},
			{
				transform: [{filter: "datum.chosen === 'yes'"}],
				mark: {type: 'point', size: 190, filled: true, opacity: 1},
				encoding: {x, y, color},
			},
		],
	});
}
