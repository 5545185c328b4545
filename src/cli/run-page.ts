import {type RunCharts, runCharts} from '../charts/run-charts.ts';
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
import {type ReportSection, reportPage} from '../pages/report-page.ts';
import {drawCharts} from '../rendering/draw-charts.ts';
import {pageFonts} from '../rendering/typeface.ts';
import {forecastNotes} from './forecast-notes.ts';
import {formatDuration} from './format-duration.ts';
import {provenanceRows} from './provenance-rows.ts';
import {describeSlo} from './slo.ts';

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
