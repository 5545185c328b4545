import type {Experiment} from '../experiment/experiment.ts';
import {
	againstHead,
	againstRows,
	billingHead,
	billingRows,
	stageHead,
	stageRows,
	unitRows,
} from '../forecast/economics-rows.ts';
import {forecastHead, forecastRows, tenantHead, tenantRows} from '../forecast/forecast-rows.ts';
import {replicaSteps} from '../forecast/replica-steps.ts';
import type {Summary} from '../forecast/summary.ts';
import type {Recording} from '../records/record.ts';
import {forecastNotes} from './forecast-notes.ts';
import {formatDuration} from './format-duration.ts';
import {escapeCell, markdownTable} from './markdown-table.ts';
import {provenanceRows} from './provenance-rows.ts';
import {replicaChart} from './replica-chart.ts';
import {describeSlo} from './slo.ts';

const chartWidth = 72;

/** The forecast of one experiment as `report.md`: the tables, and where the figures come from. */
export function markdownReport(experiment: Experiment, summary: Summary, dynamic: Recording | undefined): string {
	const {timeline, tenants} = summary.dynamic;
	const {duration, name, description, profile} = experiment;
	const notes = forecastNotes(experiment, summary, dynamic);
	const parts = [
		`# ${name}${profile === undefined ? '' : ` (${profile})`}`,
		...(description === '' ? [] : [escapeCell(description)]),
		`Means over ${summary.replications} replications of ${formatDuration(duration)} with 95 % intervals; ${describeSlo(experiment.slo)}.`,
		...summary.warnings.map(warning => `**Warning: ${escapeCell(warning)}**`),
		...(summary.assumptions.length === 0
			? []
			: [summary.assumptions.map(assumption => `- Assumed: ${escapeCell(assumption)}`).join('\n')]),
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
		...(notes.length === 0 ? [] : ['## Notes', notes.map(note => `- ${escapeCell(note)}`).join('\n')]),
		'## Provenance',
		markdownTable([['', ''], ...provenanceRows(experiment, summary, dynamic?.head).map(row => row.map(digestAsCode))]),
	];
	return `${parts.join('\n\n')}\n`;
}

function digestAsCode(text: string): string {
	return /^[\da-f]{12,}$/.test(text) ? `\`${text}\`` : text;
}
