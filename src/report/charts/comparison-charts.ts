import type {Comparison} from '../../comparison/compare.ts';
import type {FigureComparison} from '../../comparison/compare-figures.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {experimentTitle} from '../../experiment/experiment.ts';
import type {Timeline} from '../../records/replica-line.ts';
import {counted, formatMean, percent as shareOf} from '../text/format.ts';
import {type FigureLabel, secondsLabel} from './arm-charts.ts';
import type {Chart, Heading} from './chart.ts';
import {type EstimateRow, estimatesChart} from './estimates-chart.ts';
import {bandPoints, replicaRuns, replicaTimeline, utilizationLines, utilizationTimeline} from './timeline-charts.ts';

export type ComparisonCharts = {
	readonly comparison: Comparison;
	readonly experiment: Experiment;
	readonly replications: number;
	/** Replicas of the measured runs, by their folder. */
	readonly measured: ReadonlyMap<string, Timeline>;
	/** Words for figures, in the order in which they are shown. */
	readonly shown: readonly {readonly name: string; readonly label: string}[];
};

/** The pictures of a comparison: the forecast's envelope with the measured lines in it, and how far figures are off. */
export function comparisonCharts(compared: ComparisonCharts): Chart[] {
	const {comparison, experiment} = compared;
	const series = utilizationLines(comparison.utilization, {isMeasured: true});
	return [
		envelopeChart(compared),
		...(series.length === 0
			? []
			: [
					utilizationTimeline(
						headingOf(compared, {
							name: 'validation-utilization',
							title: 'Use as the autoscaler saw it',
							description: 'Simulated and measured use of the containers’ requests over time, with the targets.',
						}),
						series,
						experiment,
					),
				]),
		errorChart(compared),
		latencyChart(compared),
	].filter(({data}) => data.length > 0);
}

/** Simulated replicas as a band, the measured lines in it. */
function envelopeChart(compared: ComparisonCharts): Chart {
	const {comparison, experiment, measured} = compared;
	const {duration} = experiment;
	const share = comparison.envelope.coverage.map(value => formatMean(value, shareOf)).join(', ');
	return replicaTimeline(
		headingOf(compared, {
			name: 'validation',
			title: 'Simulated and measured replicas',
			description: `Band that holds nine in ten replications, with the measured lines: within it ${share} of the time.`,
		}),
		[
			{name: 'simulated', colour: 'dynamic', points: bandPoints(comparison.envelope.band, duration)},
			...replicaRuns({name: 'measured', colour: 'measured'}, measured, duration),
		],
		duration,
	);
}

type Words = Omit<Heading, 'subtitle'>;

function headingOf(
	{experiment, replications, measured}: ComparisonCharts,
	words: Words,
	bands = 'bands hold nine in ten',
): Heading {
	const {name, profile} = experiment;
	const runs = counted(measured.size, 'measured run');
	const what = experimentTitle({name, profile});
	return {...words, subtitle: [`${what}: ${counted(replications, 'replication')}, ${runs}`, bands]};
}

/** Figures that each describe a different aspect. */
const charted: readonly string[] = [
	'replicasMean',
	'podHours',
	'p50',
	'p95',
	'p99',
	'meanWait',
	'throughput',
	'availability',
	'cpuUtilization',
	'memoryUtilization',
	'cost',
	'energy',
];

/** Errors as fractions of the measured figures, with their intervals and what is tolerated. */
export function errorChart(compared: ComparisonCharts): Chart {
	const {comparison, shown} = compared;
	const rows = shown
		.filter(({name}) => charted.includes(name))
		.flatMap(({name, label}) => errorRow(label, comparison.figures[name]));
	const heading = headingOf(
		compared,
		{
			name: 'validation-errors',
			title: 'Errors of the forecast',
			description: 'Simulated less measured as a fraction of the measured figure, with 90 % intervals and tolerances.',
		},
		'bands: 90 % intervals; green: what is tolerated',
	);
	return estimatesChart(heading, rows, {
		title: 'Error [% of the measured figure]',
		unit: '%',
		hasStems: false,
		references: [{value: 0, label: ''}],
	});
}

function errorRow(category: string, figure: FigureComparison | undefined): EstimateRow[] {
	const {error = null, measured = null, tolerance = null, relativeError = null, verdict = null} = figure ?? {};
	if (error === null || measured === null || relativeError === null) {
		return [];
	}

	const percent = (value: number) => (100 * value) / Math.abs(measured.mean);
	const value = 100 * relativeError;
	return [
		{
			category,
			evidence: 'simulated',
			colour: 'dynamic',
			value,
			low: error.low === null ? null : percent(error.low),
			high: error.high === null ? null : percent(error.high),
			...(tolerance !== null && {allowed: percent(tolerance)}),
			label: `${value > 0 ? '+' : ''}${formatMean(relativeError, shareOf)}${verdict === null ? '' : `, ${verdict}`}`,
		},
	];
}

const percentiles = ['p50', 'p95', 'p99'] as const;

function latencyChart(compared: ComparisonCharts): Chart {
	const {figures} = compared.comparison;
	const rows = percentiles.flatMap(name => [
		...levelRow(name, 'simulated', figures[name]?.simulated),
		...levelRow(name, 'measured', figures[name]?.measured),
	]);
	return estimatesChart(
		headingOf(
			compared,
			{
				name: 'validation-latency',
				title: 'Latency',
				description: 'Simulated and measured percentiles of the latency.',
			},
			'bands: 90 % intervals of the mean; measured: from the least run to the most',
		),
		rows,
		{title: 'Latency [s]', unit: 's', hasStems: false},
	);
}

function levelRow(
	category: string,
	evidence: 'simulated' | 'measured',
	level: FigureComparison['simulated'] | undefined,
	{label}: FigureLabel = secondsLabel,
): EstimateRow[] {
	if (level == null) {
		return [];
	}

	const {mean, low, high} = level;
	const isSingle = low === high;
	return [
		{
			category,
			evidence,
			colour: evidence === 'simulated' ? 'dynamic' : 'measured',
			value: mean,
			low: isSingle ? null : low,
			high: isSingle ? null : high,
			label: label(mean),
		},
	];
}
