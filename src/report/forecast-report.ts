import type {Experiment} from '../experiment/experiment.ts';
import {experimentTitle} from '../experiment/experiment.ts';
import type {Summary} from '../forecast/summary.ts';
import type {Recording} from '../records/record.ts';
import type {Timeline} from '../records/replica-line.ts';
import {answerHeadline, answerLines} from './answer-lines.ts';
import {backTestLines} from './back-test-lines.ts';
import {nodeLine, pendingPodLine} from './charts/node-chart.ts';
import type {RunCharts} from './charts/run-charts.ts';
import {predictionNotes, predictionRows} from './prediction-lines.ts';
import {standingLines} from './standing-lines.ts';
import {
	againstHead,
	againstRows,
	billingHead,
	billingRows,
	stageHead,
	stageRows,
	unitRows,
} from './tables/economics-rows.ts';
import {forecastNotes, uncalibratedModels} from './tables/forecast-notes.ts';
import {firstRows, forecastHead, forecastRows, type Row, tenantHead, tenantRows} from './tables/forecast-rows.ts';
import {provenanceRows} from './tables/provenance-rows.ts';
import {count, counted, describeSlo, formatDuration, formatMean} from './text/format.ts';
import {loadLine} from './text/load-line.ts';
import {replicaChart, replicaSteps} from './text/replica-chart.ts';
import type {Report, ReportSection} from './text/report.ts';

const chartWidth = 72;

/** Runs of an experiment that a report is of, simulated or measured. */
type ReportedRuns = Omit<RunCharts, 'timelines'>;

/** Report of the runs of one experiment. */
export function forecastReport(runs: ReportedRuns): Report {
	const {experiment, summary, evidence} = runs;
	const {name, profile, description} = experiment;
	const {words = [`${name}.yaml`]} = runs;
	return {
		title: experimentTitle({name, profile}),
		answer:
			evidence === 'simulated'
				? [
						...backTestLines(summary),
						...answerLines(summary, words),
						...(summary.standing === undefined ? [] : standingLines(summary.standing)),
					]
				: [answerHeadline(summary)],
		description,
		scope: scopeOf(runs),
		warnings: summary.warnings,
		assumptions: evidence === 'simulated' ? summary.assumptions : [],
		sections: sectionsOf(runs),
	};
}

function scopeOf({experiment: {duration, slo}, summary, evidence}: ReportedRuns): NonNullable<Report['scope']> {
	const {replications, seed} = summary;
	const kind = evidence === 'simulated' ? 'replication' : 'measured run';
	const runs = counted(replications, kind);
	const meaning = replications === 1 ? ', no intervals' : '; means with [95 % intervals]';
	const length = formatDuration(duration);
	return {
		line: `${runs} of ${length}, seed ${seed}${meaning}; ${describeSlo(slo)}`,
		sentence: `Means over ${runs} of ${length} with 95 % intervals; ${describeSlo(slo)}.`,
	};
}

function sectionsOf(runs: ReportedRuns): ReportSection[] {
	const {experiment, summary, dynamic} = runs;
	const notes = forecastNotes(experiment, summary, dynamic);
	const {against} = summary.economics;
	const replicas = replicaSections(experiment, summary, dynamic);
	const untitledIn = ['terminal'] as const; // the heads of the tables name them
	return [
		replicas.first,
		{
			heading: 'Figures',
			rows: [forecastHead(experiment), ...firstRows(summary)],
			forms: ['terminal'],
			untitledIn,
			detail: 'short',
		},
		{
			heading: 'Figures',
			...folded([forecastHead(experiment), ...forecastRows(summary), ...unitRows(summary)]),
			untitledIn: ['terminal', 'markdown'],
			detail: 'full',
		},
		...predictionSections(summary),
		{
			heading: 'What the pods cost',
			...folded([stageHead(summary), ...stageRows(summary)]),
			untitledIn,
			detail: 'full',
		},
		...(against.length === 0
			? []
			: [
					{
						heading: 'What dynamic saves',
						rows: [againstHead(summary), ...againstRows(summary)],
						isNarrow: true,
						untitledIn,
						detail: 'full' as const,
					},
				]),
		{heading: 'Ways of billing', rows: [billingHead(summary), ...billingRows(summary)], untitledIn, detail: 'full'},
		...(summary.dynamic.tenants.length > 1
			? [{heading: 'Tenants', rows: [tenantHead(summary), ...tenantRows(summary)], untitledIn, detail: 'full' as const}]
			: []),
		replicas.later,
		...nodeSections(runs),
		...(notes.length === 0 ? [] : [{heading: 'Notes', notes, untitledIn, detail: 'full' as const}]),
		{
			heading: 'Provenance',
			rows: [['', ''], ...originRows(runs)],
			forms: ['markdown', 'page'],
			hasDigests: true,
		},
	];
}

function predictionSections(summary: Summary): ReportSection[] {
	const [rows, notes] = [predictionRows(summary), predictionNotes(summary)];
	return rows.length === 0 ? [] : [{heading: 'One real run, 90 % intervals', rows, notes, detail: 'full'}];
}

/** Rows without those in which everything is zero, which one note names together. */
function folded(rows: readonly Row[]): Pick<ReportSection, 'rows' | 'notes'> {
	const [head, ...body] = rows;
	const isZero = (row: Row) => row.slice(1).every(cell => cell !== '' && !/[1-9–]/.test(cell));
	const zero = body.filter(isZero).map(([label]) => label!.trim());
	return {
		rows: [head!, ...body.filter(row => !isZero(row))],
		...(zero.length > 0 && {notes: [`Zero: ${zero.join('; ')}.`]}),
	};
}

/** Replicas over time: first in a terminal, after the tables in a file, drawn on a page. */
function replicaSections(
	{duration}: Experiment,
	{dynamic: {timeline}}: Summary,
	recording: Recording | undefined,
): Record<'first' | 'later', ReportSection> {
	const load = loadLine(recording?.tables.requests.scheduledSeconds ?? [], {duration, width: chartWidth});
	const code = replicaChart(timeline, {duration, width: chartWidth, below: load?.line}).join('\n');
	const steps = replicaSteps(timeline);
	const offered =
		load === undefined ? '' : `; below: offered load, at most ${formatMean(load.mostPerSecond, count)} requests/s`;
	return {
		first: {heading: `Replicas over time, replication 0: ${steps}${offered}`, code, forms: ['terminal']},
		later: {heading: 'Replicas over time', lead: `Replication 0: ${steps}${offered}`, code, forms: ['markdown']},
	};
}

/** Nodes over time, and the pods that wait for one, where nodes come and go. */
function nodeSections({experiment: {duration}, nodes = []}: ReportedRuns): ReportSection[] {
	const [account] = nodes;
	if (account === undefined) {
		return [];
	}

	const sectionOf = (heading: string, line: Timeline): ReportSection => {
		const code = replicaChart(line, {duration, width: chartWidth}).join('\n');
		return {
			heading,
			lead: `Replication 0: ${replicaSteps(line)}`,
			code,
			forms: ['terminal', 'markdown'],
			detail: 'full',
		};
	};
	const pending = pendingPodLine(account);
	return [
		sectionOf('Nodes over time', nodeLine(account)),
		...(pending.some(([, pods]) => pods > 0) ? [sectionOf('Pods that wait for a node', pending)] : []),
	];
}

/** Origin of the figures: hashes, versions, models. */
function originRows({experiment, summary, dynamic, evidence}: ReportedRuns): Row[] {
	const uncalibrated = uncalibratedModels(experiment);
	const isSimulated = evidence === 'simulated';
	const {versions = {}, models = {}, provenance = undefined} = (isSimulated ? undefined : dynamic?.head) ?? {};
	return [
		['experiment hash', experiment.hash],
		['schedule hash', summary.scheduleHash],
		['seed', String(summary.seed)],
		['replications', String(summary.replications)],
		...Object.entries(versions).map(([name, version]) => [name === 'processor' ? name : `version of ${name}`, version]),
		...Object.entries(models).map(([name, digest]) => [`model ${name}`, digest]),
		...provenanceRows(isSimulated ? summary.provenance : provenance),
		['prices', experiment.prices.name],
		['energy', experiment.energy.name],
		['uncalibrated', uncalibrated.length === 0 ? 'none' : uncalibrated.join(', ')],
	];
}
