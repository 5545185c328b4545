import type {ComparisonWithSides} from '../comparison/compare.ts';
import {comparisonFigures} from '../comparison/figure-table.ts';
import {measuredTimelines} from '../comparison/reading.ts';
import {experimentTitle} from '../experiment/experiment.ts';
import {recordHash} from '../records/record-hash.ts';
import {comparisonAnswer} from './answers/comparison-answer.ts';
import type {Chart} from './charts/chart.ts';
import {comparisonCharts} from './charts/comparison-charts.ts';
import {comparisonFigureSections, comparisonNotes, lackNotes} from './comparison-notes.ts';
import type {Drawn, PageFonts} from './pages/page.ts';
import {reportPage} from './pages/report-page.ts';
import type {Row} from './tables/forecast-rows.ts';
import {originRows} from './tables/provenance-rows.ts';

/** Charts of a comparison's page, to be drawn. */
export function comparisonPageCharts({comparison, sides, replications}: ComparisonWithSides): Chart[] {
	const {experiment} = sides;
	const measured = measuredTimelines(sides);
	return comparisonCharts({comparison, experiment, replications, measured, shown: comparisonFigures});
}

/** Comparison as a page that loads nothing. */
export function comparisonPage(
	compared: ComparisonWithSides,
	{drawn, fonts}: {readonly drawn: readonly Drawn[]; readonly fonts: PageFonts},
): string {
	const {comparison, sides} = compared;
	const {name, profile, description} = sides.experiment;
	const title = experimentTitle({name, profile});
	const report = {
		title: `${title}: simulated and measured`,
		verdict: comparison.verdict,
		answer: comparisonAnswer(compared),
		lead: [
			...(description === '' ? [] : [description]),
			...lackNotes(comparison),
			'Errors are simulated less measured, with [90 % intervals]; repeats: between two of them; skill: error of a run over that.',
		],
		figures: drawn,
		sections: [
			...comparisonFigureSections(compared),
			{heading: 'Where the error comes from', notes: comparisonNotes(comparison)},
			{heading: 'Provenance', rows: provenance(compared)},
		],
	};
	return reportPage(report, fonts);
}

function provenance({sides, replications}: ComparisonWithSides): Row[] {
	const {experiment, measured, measuredFixed = [], refused, givenFolder} = sides;
	return [
		['', ''],
		['experiment hash', experiment.hash],
		['seed', String(experiment.seed)],
		['replications', String(replications)],
		...originRows(experiment.origin ?? {set: [], files: []}),
		...(givenFolder === undefined ? [] : [['simulated record', givenFolder]]),
		...[...measured, ...measuredFixed].map(({name, recording}) => [name, recordHash(recording)]),
		...refused.map(({folder, reason}) => [folder, `left out: it ${reason}`]),
	];
}
