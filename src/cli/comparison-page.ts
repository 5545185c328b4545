import {comparisonCharts} from '../charts/comparison-charts.ts';
import type {Row} from '../forecast/forecast-rows.ts';
import {reportPage} from '../pages/report-page.ts';
import {recordHash} from '../records/record-hash.ts';
import {drawCharts} from '../rendering/draw-charts.ts';
import {pageFonts} from '../rendering/typeface.ts';
import {comparisonFigures} from './comparison-figures.ts';
import type {Told} from './comparison-json.ts';
import {comparisonNotes, figureHead, figureRows, lackNotes, verdictWords} from './comparison-report.ts';
import {measuredTimelines} from './measured-timelines.ts';

/** A comparison as a page with charts. */
export async function comparisonPage(told: Told): Promise<string> {
	const {comparison, sides, replications} = told;
	const {experiment} = sides;
	const {name, profile, description} = experiment;
	const title = profile === undefined ? name : `${name} (${profile})`;
	const measured = measuredTimelines(sides);
	const charts = comparisonCharts({comparison, experiment, replications, measured, shown: comparisonFigures});
	const report = {
		title: `${title}: simulated and measured`,
		verdict: comparison.verdict,
		lead: [
			...(description === '' ? [] : [description]),
			`${comparison.verdict}: ${verdictWords(comparison)}`,
			...lackNotes(comparison),
			'Errors are simulated less measured, with [90 % intervals]; repeats: between two of them; skill: error of a run over that.',
		],
		figures: await drawCharts(charts),
		sections: [
			{heading: 'Figures', rows: [figureHead, ...figureRows(comparison)]},
			{heading: 'Where the error comes from', notes: comparisonNotes(comparison)},
			{heading: 'Provenance', rows: provenance(told)},
		],
	};
	return reportPage(report, await pageFonts());
}

function provenance({sides, replications}: Told): Row[] {
	const {experiment, measured, measuredFixed = [], refused, givenFolder} = sides;
	return [
		['', ''],
		['experiment hash', experiment.hash],
		['seed', String(experiment.seed)],
		['replications', String(replications)],
		...(givenFolder === undefined ? [] : [['simulated record', givenFolder]]),
		...[...measured, ...measuredFixed].map(({name, recording}) => [name, recordHash(recording)]),
		...refused.map(({folder, reason}) => [folder, `left out: it ${reason}`]),
	];
}
