import type {Envelope} from '../../comparison/envelope.ts';
import type {LatencyPercentiles} from '../../comparison/latency-percentiles.ts';
import type {UtilizationSeries} from '../../comparison/utilization-series.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {experimentTitle} from '../../experiment/experiment.ts';
import type {Summary} from '../../forecast/summary.ts';
import type {Timeline} from '../../records/replica-line.ts';
import {counted} from '../text/format.ts';
import {type ClaimedCosts, costChart, type EvidencedSummary, energyChart, tenantChart} from './arm-charts.ts';
import type {Chart} from './chart.ts';
import {type ComparisonCharts, errorChart} from './comparison-charts.ts';
import {type LoadPoint, loadChart} from './load-chart.ts';
import {percentileChart} from './percentile-chart.ts';
import {bandPoints, replicaRuns, replicaTimeline, utilizationLines, utilizationTimeline} from './timeline-charts.ts';
import {type TradeOff, tradeOffChart} from './trade-off-chart.ts';

/** Experiment of the poster: its simulation, and its measurement where there is one. */
export type PosterSubject = {
	readonly experiment: Experiment;
	readonly simulated: Summary;
	readonly measured: Summary | undefined;
};

/** Runs of a subject, one by one. */
export type PosterRuns = {
	readonly replications: number;
	readonly envelope: Envelope;
	/** Measured replicas by their record. */
	readonly lines: ReadonlyMap<string, Timeline>;
	readonly seen: Readonly<Record<string, UtilizationSeries>>;
	readonly latency: LatencyPercentiles;
};

export type PosterEvidence = {
	readonly scaling: PosterSubject & {readonly runs: PosterRuns};
	readonly resources: PosterSubject & {readonly runs: PosterRuns};
	readonly cost: PosterSubject & {readonly claimed: ClaimedCosts};
	readonly load: PosterSubject & {readonly points: readonly LoadPoint[]; readonly replications: number};
	readonly tenants: PosterSubject;
	readonly noisy: PosterSubject;
	/** Comparison; undefined when there is no measurement. */
	readonly validation: ComparisonCharts | undefined;
	readonly tradeOffs: {
		readonly experiment: Experiment;
		readonly candidates: readonly TradeOff[];
		readonly replications: number;
	};
};

/** The pictures of the poster, its five data sets first. */
export function posterCharts(evidence: PosterEvidence): Chart[] {
	return [
		scalingChart(evidence.scaling),
		costsChart(evidence.cost),
		performanceChart(evidence.load),
		resourceChart(evidence.resources),
		tenantsChart(evidence),
		percentilesChart(evidence.scaling),
		...(evidence.validation === undefined ? [] : [errorChart(evidence.validation)]),
		frontChart(evidence.tradeOffs),
		energyChart(
			{
				name: 'energy',
				title: 'Energy',
				subtitle: [aboutSubject(evidence.cost)],
				description: 'Energy of the run of both arms, and the idle part of it.',
			},
			summariesOf(evidence.cost),
		),
	];
}

/** Simulated, then measured estimates of a subject. */
function summariesOf({simulated, measured}: PosterSubject): EvidencedSummary[] {
	return [
		{evidence: 'simulated', summary: simulated},
		...(measured === undefined ? [] : [{evidence: 'measured' as const, summary: measured}]),
	];
}

function aboutSubject({experiment, simulated, measured}: PosterSubject): string {
	const runs = measured === undefined ? '' : `, ${counted(measured.replications, 'measured run')}`;
	return `${experimentTitle(experiment)}: ${counted(simulated.replications, 'replication')}${runs}; bands: 95 % intervals`;
}

function aboutRuns({experiment, runs}: PosterEvidence['scaling']): string {
	const measured = runs.lines.size === 0 ? '' : `; ${counted(runs.lines.size, 'measured run')}`;
	return `${experimentTitle(experiment)}: ${counted(runs.replications, 'replication')}, band of nine in ten${measured}`;
}

function scalingChart(scaling: PosterEvidence['scaling']): Chart {
	const {experiment, runs} = scaling;
	const {duration, fixed} = experiment;
	const level = fixed === undefined ? [] : [0, duration].map(at => ({at, value: fixed.replicas}));
	return replicaTimeline(
		{
			name: 'scaling-timeline',
			title: 'Scaling timeline',
			subtitle: [aboutRuns(scaling)],
			description: 'Replicas over time: the simulator’s median and band, and each measured run.',
		},
		[
			{name: 'simulated', colour: 'dynamic', points: bandPoints(runs.envelope.band, duration)},
			...replicaRuns({name: 'measured', colour: 'measured'}, runs.lines, duration),
			...(level.length === 0 ? [] : [{name: 'fixed', colour: 'fixed' as const, isDashed: true, points: level}]),
		],
		duration,
	);
}

function percentilesChart(scaling: PosterEvidence['scaling']): Chart {
	return percentileChart(
		{
			name: 'latency-percentiles',
			title: 'Latency of the requests',
			subtitle: [aboutRuns(scaling), 'a line ends where requests got no answer'],
			description:
				'Latency within which a share of the requests was answered: the simulator’s median and band, and each measured run.',
		},
		scaling.runs.latency,
		scaling.experiment.slo,
	);
}

function costsChart(cost: PosterEvidence['cost']): Chart {
	const heading = {
		name: 'cost-comparison',
		title: 'Cost of an hour',
		subtitle: [aboutSubject(cost)],
		description: 'Cost per hour of the dynamic and the fixed arm: simulated, measured and claimed.',
	};
	return costChart(heading, summariesOf(cost), cost.claimed);
}

function performanceChart({experiment, points, replications, measured}: PosterEvidence['load']): Chart {
	const {workload} = experiment;
	const users = workload.loop === 'closed' ? workload.users.count : 0;
	const runs = measured === undefined ? '' : `, ${counted(measured.replications, 'measured run')}`;
	return loadChart(
		{
			name: 'performance-under-load',
			title: 'Performance under load',
			subtitle: [
				`${experimentTitle(experiment)}: ${counted(replications, 'replication')}${runs}; bands: 95 % intervals`,
			],
			description: 'Throughput and 95th percentile of latency against the number of users at a time.',
		},
		{
			simulated: points,
			measured: measured === undefined ? [] : [{users, dynamic: measured.dynamic}],
			slo: experiment.slo,
		},
	);
}

function resourceChart(resources: PosterEvidence['resources']): Chart {
	const {experiment, runs} = resources;
	return utilizationTimeline(
		{
			name: 'resource-utilization',
			title: 'Resource utilization',
			subtitle: [aboutRuns(resources)],
			description: 'Use of the containers’ requests over time as the autoscaler saw it, with its targets.',
		},
		utilizationLines(runs.seen, {isMeasured: runs.lines.size > 0}),
		experiment,
	);
}

function tenantsChart({tenants, noisy}: PosterEvidence): Chart {
	return tenantChart(
		{
			name: 'multi-tenant-latency',
			title: 'Latency of tenants',
			subtitle: [aboutSubject(tenants), 'noisy: the same while one tenant floods'],
			description: '95th percentile of each tenant’s latency, with even load and beside a noisy neighbour.',
		},
		[
			{summaries: summariesOf(tenants), colour: 'dynamic'},
			{summaries: summariesOf(noisy), word: 'noisy', colour: 'noisy'},
		],
		tenants.experiment.slo,
	);
}

function frontChart({experiment, candidates, replications}: PosterEvidence['tradeOffs']): Chart {
	return tradeOffChart(
		{
			name: 'pareto-front',
			title: 'Cost against latency',
			subtitle: [
				`${experimentTitle(experiment)}: ${counted(replications, 'replication')} of each setting`,
				'filled: no other setting is better in both',
			],
			description: 'Cost per hour against the 95th percentile of latency of settings of the autoscaler.',
		},
		candidates,
		{bound: experiment.slo.p95, currency: experiment.prices.currency},
	);
}
