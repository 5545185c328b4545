import {
	coverageOver,
	type PredictionCoverage,
	type PredictionScore,
	scoredFigures,
} from '../../comparison/validation/prediction-scores.ts';
import type {ValidatedExperiment} from '../../comparison/validation/validation.ts';
import {figureName} from '../answers/figure-names.ts';
import {formatNumber, significant} from '../text/format.ts';
import {markdownTable} from '../text/markdown.ts';

function scoresOf(experiments: readonly ValidatedExperiment[]): PredictionScore[] {
	return experiments.flatMap(({comparison}) => comparison?.predictions ?? []);
}

/** `Of 312 measured figures 82 % lie in …`; none where nothing was predicted. */
export function coverageLine(experiments: readonly ValidatedExperiment[]): string[] {
	const scores = scoresOf(experiments);
	const all = coverageOver(scores);
	const [p95, hours] = (['p95', 'podHours'] as const).map(name =>
		coverageOver(scores.filter(({figure}) => figure === name)),
	);
	if (all === undefined) {
		return [];
	}

	const parts = [
		...(p95 === undefined ? [] : [`p95 ${shareText(p95)}`]),
		...(hours === undefined ? [] : [`pod-hours ${shareText(hours)}`]),
	];
	return [
		`Of ${formatNumber(all.count)} measured figures ${shareText(all)} lie in the forecast's 90 % interval of one real run${parts.length === 0 ? '' : ` (${parts.join(', ')})`}.`,
	];
}

function shareText({inside, count}: PredictionCoverage): string {
	return `${formatNumber(Math.round((100 * inside) / count))} %`;
}

/** Section on the prediction intervals: coverage and skill, by experiment and by figure. */
export function coverageSection(experiments: readonly ValidatedExperiment[]): string[] {
	const scores = scoresOf(experiments);
	if (scores.length === 0) {
		return [];
	}

	const row = (name: string, coverage: PredictionCoverage | undefined) =>
		coverage === undefined
			? []
			: [[name, `${coverage.inside} of ${coverage.count}`, shareText(coverage), significantOr(coverage.skill)]];
	return [
		'## Prediction intervals',
		'Measured figures in the 90 % interval of one real run, simulated with the measured requests, a speed of the machine and coefficients drawn for each run. A percentile that is the timeout is left out. *Skill* is the CRPS of the prediction over that of the other repeats as a forecast, mean of the logarithms: 1 is as good as a repeat. validation.json has the interval scores.',
		markdownTable([
			['experiment', 'inside', 'share', 'skill'],
			...experiments.flatMap(({title, comparison}) => row(title, coverageOver(comparison?.predictions ?? []))),
			...row('all', coverageOver(scores)),
		]),
		markdownTable([
			['figure', 'inside', 'share', 'skill'],
			...scoredFigures.flatMap(name =>
				row(figureName(name), coverageOver(scores.filter(({figure}) => figure === name))),
			),
		]),
		...transferSection(experiments),
	];
}

/** Section on the records of campaigns by the models of another machine, beside the ones that were calibrated there. */
function transferSection(experiments: readonly ValidatedExperiment[]): string[] {
	const both = experiments.flatMap(({title, comparison, campaign}) =>
		comparison === null || campaign === undefined ? [] : [{title, own: comparison, other: campaign.withoutCalibration}],
	);
	const row = (title: string, own: readonly PredictionScore[], other: readonly PredictionScore[]) => [
		title,
		...[own, other].flatMap(scores => {
			const coverage = coverageOver(scores);
			return coverage === undefined
				? ['–', '–']
				: [`${coverage.inside} of ${coverage.count}`, significantOr(coverage.skill)];
		}),
	];
	return both.length === 0
		? []
		: [
				'### Without a calibration of the machine',
				'The same records of campaigns by the models of the experiment files, which were fitted on another machine, beside the models that the campaign calibrated.',
				markdownTable([
					['experiment', 'calibrated there', 'skill', 'models of the file', 'skill'],
					...both.map(({title, own, other}) => row(title, own.predictions, other.predictions)),
					row(
						'all',
						both.flatMap(({own}) => own.predictions),
						both.flatMap(({other}) => other.predictions),
					),
				]),
			];
}

function significantOr(value: number | null): string {
	return value === null ? '–' : significant(value);
}
