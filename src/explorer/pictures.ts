import {currencySign} from '../experiment/currency.ts';
import type {Slo} from '../experiment/experiment.ts';
import type {PredictedFigure} from '../forecast/prediction/prediction.ts';
import type {ArmSummary, Estimate, Summary} from '../forecast/summary.ts';
import type {LineSeries} from '../report/charts/line-chart.ts';
import {nodeLine, pendingPodLine} from '../report/charts/node-chart.ts';
import {replicaBand, replicaRuns} from '../report/charts/timeline-charts.ts';
import {formatGiven, formatMean, money, seconds} from '../report/text/format.ts';
import {formatMeanLatency, latencyEstimate} from '../report/text/latency.ts';
import {replicaSteps} from '../report/text/replica-chart.ts';
import {largest} from '../statistics/extremes.ts';
import {type EstimateLine, estimatePicture} from './estimate-picture.ts';
import type {MeasuredLine, Shown} from './explored.ts';
import {linePicture, namesWidth} from './line-picture.ts';
import {loadTitle, offeredLoad} from './offered-load.ts';
import type {Picture} from './picture.ts';

/** Pictures of what is shown, by the names of their places in the page; one that has nothing to show is left out. */
export function pictures(
	shown: Shown,
	measured: readonly MeasuredLine[],
	width: number,
): Readonly<Record<string, Picture>> {
	const {summary, experiment} = shown;
	const replicas = replicaSeries(shown, measured);
	const load = offeredLoad(experiment);
	const common = {
		width,
		duration: experiment.duration,
		nameWidth: namesWidth([...replicas, ...nodeSeries(shown), {name: 'offered'}]),
	};
	return {
		replicas: linePicture(replicas, {
			...common,
			height: 230,
			isStepped: true,
			description: replicaWords(shown, measured),
		}),
		...(shown.nodes.length > 0 && {
			nodes: linePicture(nodeSeries(shown), {...common, height: 160, isStepped: true, description: nodeWords(shown)}),
		}),
		...(load.length > 0 && {
			load: linePicture(
				[{name: experiment.workload.loop === 'closed' ? 'users' : 'offered', colour: 'muted', points: load}],
				{
					...common,
					height: 110,
					isStepped: false,
					description: `${loadTitle(experiment)}: at most ${largest(load.map(({value}) => value ?? 0)).toPrecision(3)}.`,
				},
			),
		}),
		latency: latencyPicture(summary, experiment.slo, width),
		cost: costPicture(summary, width),
	};
}

function replicaSeries({experiment, timelines}: Shown, measured: readonly MeasuredLine[]): LineSeries[] {
	const {duration, fixed} = experiment;
	const runs = new Map(measured.map(({name, timeline}) => [name, timeline]));
	return [
		...(fixed === undefined
			? []
			: [
					{
						name: 'fixed',
						colour: 'fixed' as const,
						isDashed: true,
						points: [0, duration].map(at => ({at, value: fixed.replicas})),
					},
				]),
		replicaBand({name: 'dynamic', colour: 'dynamic'}, timelines, {from: 0, to: duration}),
		...replicaRuns({name: 'measured', colour: 'measured'}, runs, duration),
	];
}

function nodeSeries({nodes, experiment: {duration}}: Shown): LineSeries[] {
	const window = {from: 0, to: duration};
	return nodes.length === 0
		? []
		: [
				replicaBand({name: 'nodes', colour: 'noisy'}, nodes.map(nodeLine), window),
				replicaBand({name: 'pending pods', colour: 'muted'}, nodes.map(pendingPodLine), window),
			];
}

function nodeWords({nodes: [first, ...others]}: Shown): string {
	const steps = first === undefined ? '–' : replicaSteps(nodeLine(first));
	const count = others.length + 1;
	const drawn =
		count > 1 ? ` Drawn are the median of ${count} replications and the band that holds nine in ten of them.` : '';
	return `Nodes over time, and pods that wait for one. Nodes, replication 0: ${steps}.${drawn}`;
}

function replicaWords({experiment: {fixed}, timelines, summary}: Shown, measured: readonly MeasuredLine[]): string {
	const count = timelines.length;
	return [
		`Replicas over time. Dynamic, replication 0: ${replicaSteps(summary.dynamic.timeline)}.`,
		...(count > 1
			? [
					`Drawn are the median of ${count} ${summary.prediction?.isDrawn === true ? 'runs as real ones may be' : 'replications'} and the band that holds nine in ten of them.`,
				]
			: []),
		...(fixed === undefined ? [] : [`Fixed: ${fixed.replicas}.`]),
		...measured.map(({name, timeline}) => `Measured, ${name}: ${replicaSteps(timeline)}.`),
	].join(' ');
}

function latencyPicture(summary: Summary, slo: Slo, width: number): Picture {
	const percentiles = ['p50', 'p95', 'p99'] as const;
	const groups = percentiles.map(percentile => {
		const bound = slo[percentile];
		return {
			name: bound === undefined ? percentile : `${percentile}, objective ${formatGiven(bound, seconds)}`,
			...(bound !== undefined && {bound}),
			rows: armLines(
				summary,
				arm => latencyEstimate(arm, percentile),
				arm => formatMeanLatency(arm, percentile),
				percentile,
			),
		};
	});
	const words = groups.map(({name, rows}) => `${name}: ${rowWords(rows)}`).join('; ');
	return estimatePicture(groups, {width, unit: 's', isBar: false, description: `Latency. ${words}.`});
}

function costPicture(summary: Summary, width: number): Picture {
	const {currency} = summary.economics;
	const rows = armLines(
		summary,
		({costPerHour}) => costPerHour,
		({costPerHour}) => formatMean(costPerHour.mean, money(currency)),
		'costPerHour',
	);
	return estimatePicture([{rows}], {
		width,
		unit: `${currencySign(currency)}/h`,
		isBar: true,
		description: `Cost of an hour. ${rowWords(rows)}.`,
	});
}

function armLines(
	summary: Summary,
	of: (arm: ArmSummary) => Estimate,
	textOf: (arm: ArmSummary) => string,
	figure: PredictedFigure,
): EstimateLine[] {
	return (['dynamic', 'fixed'] as const).flatMap(arm => {
		const figures = summary[arm];
		if (figures === null) {
			return [];
		}

		const predicted = summary.prediction?.[arm]?.[figure];
		return [
			{
				...{name: arm, colour: arm, estimate: of(figures), text: textOf(figures)},
				...(predicted !== undefined && {predicted}),
			},
		];
	});
}

function rowWords(rows: readonly EstimateLine[]): string {
	return rows.map(({name, text}) => `${name} ${text}`).join(', ');
}
