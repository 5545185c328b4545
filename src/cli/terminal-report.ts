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
import {forecastHead, forecastRows, type Row, tenantHead, tenantRows} from '../forecast/forecast-rows.ts';
import {replicaSteps} from '../forecast/replica-steps.ts';
import type {Summary} from '../forecast/summary.ts';
import type {Recording} from '../records/record.ts';
import {drawTable} from './draw-table.ts';
import {forecastNotes} from './forecast-notes.ts';
import {formatDuration} from './format-duration.ts';
import {replicaChart} from './replica-chart.ts';
import {describeSlo} from './slo.ts';
import {wrapWords} from './wrap-words.ts';

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
		title,
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
