import {join} from 'node:path';
import type {Experiment} from '../experiment/experiment.ts';
import type {Summary} from '../forecast/summary.ts';
import {readAccount} from '../records/read-account.ts';
import type {RecordHead, Recording} from '../records/record.ts';
import {findRecords} from '../store/records/find-records.ts';
import {readRecord} from '../store/records/read-record.ts';
import {type RunCharts, runCharts} from './charts/run-charts.ts';
import {drawCharts} from './drawing/draw-svg.ts';
import {pageFonts} from './drawing/typeface.ts';
import {type ReportSection, reportPage} from './pages/report-page.ts';
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
import {forecastHead, forecastRows, type Row, tenantHead, tenantRows} from './tables/forecast-rows.ts';
import {describeSlo, formatDuration} from './text/format.ts';
import {escapeMarkdown, type MarkdownCell, markdownCode, markdownTable} from './text/markdown.ts';
import {printable} from './text/printable.ts';
import {replicaChart, replicaSteps} from './text/replica-chart.ts';
import {drawTable, wrapWords} from './text/report.ts';

const width = 100;
const chartWidth = 72;

/** The forecast of one experiment as it is printed in a terminal of 100 columns. */
export function terminalReport(experiment: Experiment, summary: Summary, dynamic: Recording | undefined): string {
	const main = [forecastHead(experiment), ...forecastRows(summary), ...unitRows(summary)];
	const parts = [
		...heading(experiment, summary),
		`Replicas over time, replication 0: ${replicaSteps(summary.dynamic.timeline)}`,
		...replicaChart(summary.dynamic.timeline, {duration: experiment.duration, width: chartWidth}),
		'',
		drawTable(main),
	];
	parts.push(drawTable([stageHead(summary), ...stageRows(summary)]));
	if (summary.economics.against.length > 0) {
		parts.push(drawTable([againstHead(summary), ...againstRows(summary)].map(narrow)));
	}

	parts.push(drawTable([billingHead(summary), ...billingRows(summary)]));

	if (summary.dynamic.tenants.length > 1) {
		parts.push(drawTable([tenantHead(summary), ...tenantRows(summary)]));
	}

	const notes = forecastNotes(experiment, summary, dynamic).flatMap(note => wrapWords('- ', note, width));
	return [...parts, ...notes, ''].join('\n');
}

function heading(experiment: Experiment, {replications, seed, warnings, assumptions}: Summary): string[] {
	const title = experiment.profile === undefined ? experiment.name : `${experiment.name} (${experiment.profile})`;
	const runs = replications === 1 ? '1 replication' : `${replications} replications`;
	const length = `${runs} of ${formatDuration(experiment.duration)}, seed ${seed}`;
	const meaning = replications === 1 ? '' : '; means with [95 % intervals]';
	return [
		printable(title),
		...(experiment.description === '' ? [] : wrapWords('', experiment.description, width)),
		...wrapWords('', `${length}${meaning}; ${describeSlo(experiment.slo)}`, width),
		...warnings.flatMap(warning => wrapWords('Warning: ', warning, width)),
		...assumptions.flatMap(assumption => wrapWords('Assumed: ', assumption, width)),
		'',
	];
}

/** Several intervals side by side: each below its mean. */
function narrow(row: Row): Row {
	return row.map(cell => cell.replace(/ ([[(])/, '\n$1'));
}

/** The forecast of one experiment as `report.md`: the tables, and where the figures come from. */
export function markdownReport(experiment: Experiment, summary: Summary, dynamic: Recording | undefined): string {
	const {timeline, tenants} = summary.dynamic;
	const {duration, name, description, profile} = experiment;
	const notes = forecastNotes(experiment, summary, dynamic);
	const parts = [
		`# ${escapeMarkdown(profile === undefined ? name : `${name} (${profile})`)}`,
		...(description === '' ? [] : [escapeMarkdown(description)]),
		`Means over ${summary.replications} replications of ${formatDuration(duration)} with 95 % intervals; ${escapeMarkdown(describeSlo(experiment.slo))}.`,
		...summary.warnings.map(warning => `**Warning: ${escapeMarkdown(warning)}**`),
		...(summary.assumptions.length === 0
			? []
			: [summary.assumptions.map(assumption => `- Assumed: ${escapeMarkdown(assumption)}`).join('\n')]),
		markdownTable([forecastHead(experiment), ...forecastRows(summary), ...unitRows(summary)]),
		'## What the pods cost',
		markdownTable([stageHead(summary), ...stageRows(summary)]),
		...(summary.economics.against.length === 0
			? []
			: ['## What dynamic saves', markdownTable([againstHead(summary), ...againstRows(summary)])]),
		'## Ways of billing',
		markdownTable([billingHead(summary), ...billingRows(summary)]),
		...(tenants.length > 1 ? ['## Tenants', markdownTable([tenantHead(summary), ...tenantRows(summary)])] : []),
		'## Replicas over time',
		`Replication 0: ${replicaSteps(timeline)}`,
		['```text', ...replicaChart(timeline, {duration, width: chartWidth}), '```'].join('\n'),
		...(notes.length === 0 ? [] : ['## Notes', notes.map(note => `- ${escapeMarkdown(note)}`).join('\n')]),
		'## Provenance',
		markdownTable([['', ''], ...provenanceRows(experiment, summary, dynamic?.head).map(row => row.map(digestAsCode))]),
	];
	return `${parts.join('\n\n')}\n`;
}

function digestAsCode(text: string): MarkdownCell {
	return /^[\da-f]{12,}$/.test(text) ? markdownCode(text) : text;
}

/** Replicas over time of an experiment's measured records of the dynamic arm, as they are printed. */
export async function measuredReplicas(out: string, folder: string, experiment: Experiment): Promise<string> {
	const records = (await findRecords(join(out, folder))).filter(
		({head}) => head.arm === 'dynamic' && head.experiment.hash === experiment.hash,
	);
	const lines: string[] = [];
	for (const record of records) {
		const {timeline} = readAccount(await readRecord(record.folder), experiment);
		lines.push(
			`${printable(record.folder)}, replicas over time: ${replicaSteps(timeline)}`,
			...(timeline.length === 0 ? [] : replicaChart(timeline, {duration: experiment.duration, width: chartWidth})),
			'',
		);
	}

	return lines.join('\n');
}

/** Where the figures of a report come from. */
export function provenanceRows(
	experiment: Experiment,
	summary: Summary,
	head: Pick<RecordHead, 'versions' | 'models'> | undefined,
): Row[] {
	const uncalibrated = uncalibratedModels(experiment);
	const {versions = {}, models = {}} = head ?? {};
	return [
		['experiment hash', experiment.hash],
		['schedule hash', summary.scheduleHash],
		['seed', String(summary.seed)],
		['replications', String(summary.replications)],
		...Object.entries(versions).map(([name, version]) => [name === 'processor' ? name : `version of ${name}`, version]),
		...Object.entries(models).map(([name, digest]) => [`model ${name}`, digest]),
		['prices', experiment.prices.name],
		['energy', experiment.energy.name],
		['uncalibrated', uncalibrated.length === 0 ? 'none' : uncalibrated.join(', ')],
	];
}

/** An experiment's runs as a page with charts. */
export async function runPage(runs: RunCharts): Promise<string> {
	const {experiment, summary, evidence} = runs;
	const {name, profile, description, duration, slo} = experiment;
	const kind = evidence === 'simulated' ? 'replication' : 'measured run';
	const count = `${summary.replications} ${kind}${summary.replications === 1 ? '' : 's'}`;
	const meaning = summary.replications === 1 ? '' : '; means with [95 % intervals]';
	const title = profile === undefined ? name : `${name} (${profile})`;
	const report = {
		title,
		lead: [
			...(description === '' ? [] : [description]),
			`${count} of ${formatDuration(duration)}, seed ${summary.seed}${meaning}; ${describeSlo(slo)}.`,
			...summary.warnings.map(warning => `Warning: ${warning}`),
			...(evidence === 'simulated' ? summary.assumptions.map(assumption => `Assumed: ${assumption}`) : []),
		],
		figures: await drawCharts(runCharts(runs)),
		sections: sectionsOf(runs),
	};
	return reportPage(report, await pageFonts());
}

function sectionsOf({experiment, summary, dynamic}: RunCharts): ReportSection[] {
	const notes = forecastNotes(experiment, summary, dynamic);
	return [
		{heading: 'Figures', rows: [forecastHead(experiment), ...forecastRows(summary), ...unitRows(summary)]},
		{heading: 'What the pods cost', rows: [stageHead(summary), ...stageRows(summary)]},
		...(summary.economics.against.length === 0
			? []
			: [{heading: 'What dynamic saves', rows: [againstHead(summary), ...againstRows(summary)]}]),
		{heading: 'Ways of billing', rows: [billingHead(summary), ...billingRows(summary)]},
		...(summary.dynamic.tenants.length > 1
			? [{heading: 'Tenants', rows: [tenantHead(summary), ...tenantRows(summary)]}]
			: []),
		...(notes.length === 0 ? [] : [{heading: 'Notes', notes}]),
		{heading: 'Provenance', rows: [['', ''], ...provenanceRows(experiment, summary, dynamic?.head)]},
	];
}
