import type {LatencyPercentiles} from '../../comparison/latency-percentiles.ts';
import type {Slo} from '../../experiment/experiment.ts';
import type {Chart, Heading} from './chart.ts';
import {type LineSeries, lineChart} from './line-chart.ts';

/** Latency against the share of the requests that were answered within it: simulated as a band, measured runs as lines. */
export function percentileChart(heading: Heading, latency: LatencyPercentiles, {p95}: Slo): Chart {
	const {percents, median, low, high, measured} = latency;
	const simulated: LineSeries = {
		name: 'simulated',
		colour: 'dynamic',
		points: percents.flatMap((at, index) => {
			const [value, least, most] = [median[index]!, low[index]!, high[index]!];
			return value === null ? [] : [{at, value, ...(least !== null && most !== null && {low: least, high: most})}];
		}),
	};
	const runs = measured.map(
		(line, run): LineSeries => ({
			name: 'measured',
			run: String(run),
			colour: 'measured',
			points: percents.flatMap((at, index) => (line[index] == null ? [] : [{at, value: line[index]}])),
		}),
	);
	return lineChart(heading, [simulated, ...runs], {
		x: {column: 'percent', title: 'Share of the requests [%]', unit: '% of the requests', domain: [0, 100]},
		y: {column: 'latency', title: 'Answered within [s]', unit: 's'},
		interpolate: 'linear',
		references: p95 === undefined ? [] : [{value: p95, label: `SLO p95 ${p95} s`, colour: 'claimed'}],
	});
}
