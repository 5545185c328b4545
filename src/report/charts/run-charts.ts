import {seenUtilization} from '../../comparison/scale-events.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {experimentTitle} from '../../experiment/experiment.ts';
import type {Summary} from '../../forecast/summary.ts';
import type {NodeAccount} from '../../records/node-usage.ts';
import type {Recording} from '../../records/record.ts';
import type {Timeline} from '../../records/replica-line.ts';
import {counted, formatDuration} from '../text/format.ts';
import {
	costChart,
	type EvidencedSummary,
	energyChart,
	latencyChart,
	tenantChart,
	tokenChart,
	tokenQuantities,
} from './arm-charts.ts';
import type {Chart, Heading} from './chart.ts';
import type {LineSeries} from './line-chart.ts';
import {nodeChart} from './node-chart.ts';
import {
	metricColour,
	metricName,
	replicaBand,
	replicaRuns,
	replicaTimeline,
	utilizationTimeline,
} from './timeline-charts.ts';

export type RunCharts = {
	readonly experiment: Experiment;
	readonly summary: Summary;
	readonly evidence: EvidencedSummary['evidence'];
	/** Replicas of the dynamic arm's runs, by their name. */
	readonly timelines: ReadonlyMap<string, Timeline>;
	/** Replicas as one real run may have them; the runs' own where left out. */
	readonly predicted?: readonly Timeline[];
	/** Nodes of the dynamic arm's runs, in their order; left out where no node autoscaler makes any. */
	readonly nodes?: readonly NodeAccount[];
	/** Recording of the first run. */
	readonly dynamic: Recording | undefined;
	/** Words of `replicast run` that read the experiment: its file, then options. */
	readonly words?: readonly string[];
};

/** The pictures of an experiment's runs, simulated or measured. */
export function runCharts(runs: RunCharts): Chart[] {
	const {experiment, summary, evidence, dynamic, nodes = []} = runs;
	const summaries: EvidencedSummary[] = [{evidence, summary}];
	const subtitle = [describeRuns(runs)];
	const heading = (name: string, title: string, description: string): Heading => ({name, title, subtitle, description});
	return [
		replicaChart(runs),
		...(nodes.length === 0 ? [] : [nodesOf(runs, nodes)]),
		...(dynamic === undefined ? [] : [seenChart(runs, dynamic)]),
		latencyChart(
			heading('latency', 'Latency', 'Percentiles of the latency of both arms, with the bounds of the objective.'),
			summaries,
			experiment.slo,
		),
		...(summary.dynamic.itlSeconds === undefined ? [] : streamedQuantities).map(quantity =>
			tokenChart(tokenHeading(quantity, subtitle), summaries, {quantity, slo: experiment.slo}),
		),
		costChart(
			heading('cost', 'Cost of an hour', 'Cost per hour of both arms and of what dynamic is held against.'),
			summaries,
		),
		energyChart(heading('energy', 'Energy', 'Energy of the run of both arms, and the idle part of it.'), summaries),
		...(summary.dynamic.tenants.length > 1
			? [
					tenantChart(
						heading('tenants', 'Latency of tenants', '95th percentile of each tenant’s latency.'),
						[{summaries, colour: 'dynamic'}],
						experiment.slo,
					),
				]
			: []),
	].filter(({data}) => data.length > 0);
}

const streamedQuantities = ['ttft', 'tpot'] as const;

function tokenHeading(quantity: keyof typeof tokenQuantities, subtitle: readonly string[]): Heading {
	const {title} = tokenQuantities[quantity];
	const description = `Percentiles of the ${title.toLowerCase()} of both arms, with the bound of the objective.`;
	return {name: quantity, title, subtitle, description};
}

function describeRuns({experiment: {name, profile}, summary: {replications, prediction}, evidence}: RunCharts): string {
	const runs = evidence === 'simulated' ? 'replication' : 'measured run';
	const count = counted(replications, runs);
	const spread = replications === 1 ? '' : '; bands: 95 % intervals';
	const real = prediction === undefined ? '' : '; lines: 90 % of runs';
	return `${experimentTitle({name, profile})}, ${count}${spread}${real}`;
}

function replicaChart(runs: RunCharts): Chart {
	const {experiment, evidence, timelines, summary, predicted = []} = runs;
	const lines = predicted.length > 0 ? predicted : [...timelines.values()];
	const {duration, name, profile, fixed} = experiment;
	const own =
		evidence === 'simulated'
			? [replicaBand({name: 'dynamic', colour: 'dynamic'}, lines, {from: 0, to: duration})]
			: replicaRuns({name: 'measured', colour: 'measured'}, timelines, duration);
	const level: LineSeries[] =
		fixed === undefined || summary.fixed === null
			? []
			: [
					{
						name: 'fixed',
						colour: 'fixed',
						isDashed: true,
						points: [0, duration].map(at => ({at, value: fixed.replicas})),
					},
				];
	const what = experimentTitle({name, profile});
	const count = evidence === 'measured' ? timelines.size : lines.length;
	const said =
		evidence === 'measured'
			? counted(count, 'measured run')
			: count === 1
				? '1 replication'
				: `median of ${count} ${predicted.length > 0 ? 'runs as real ones may be' : 'replications'}, and the band of nine in ten`;
	const heading = {
		name: 'scaling-timeline',
		title: 'Replicas over time',
		subtitle: [`${what}, ${said}`],
		description: `Replicas that are asked for over ${formatDuration(duration)}: ${said}.`,
	};
	return replicaTimeline(heading, [...own, ...level], duration);
}

function nodesOf(
	{experiment: {name, profile, duration}, timelines}: RunCharts,
	accounts: readonly NodeAccount[],
): Chart {
	const what = experimentTitle({name, profile});
	const {length} = accounts;
	const said = length === 1 ? '1 replication' : `median of ${length} replications, and the band of nine in ten`;
	const heading = {
		name: 'nodes',
		title: 'Nodes over time',
		subtitle: [`${what}, ${said}`],
		description: `Nodes, replicas, and pods that wait for a node over ${formatDuration(duration)}: ${said}.`,
	};
	return nodeChart(heading, {accounts, timelines: [...timelines.values()], duration});
}

function seenChart({experiment, evidence}: RunCharts, {head, tables}: Recording): Chart {
	const seen = seenUtilization(tables.decisions);
	const series = Object.entries(seen).map(([metric, line]) => ({
		name: metricName(metric),
		colour: metricColour(metric),
		points: line.filter(([at]) => at >= 0 && at <= experiment.duration).map(([at, value]) => ({at, value})),
	}));
	const run = `${evidence === 'simulated' ? 'replication' : 'measured run'} ${head.replication}`;
	const heading = {
		name: 'resource-utilization',
		title: 'Use of CPU and memory',
		subtitle: [`${experiment.name}, as the autoscaler saw it, ${run}`],
		description: 'Use of the containers’ requests over time as the autoscaler saw it, with its targets.',
	};
	return utilizationTimeline(heading, series, experiment);
}
