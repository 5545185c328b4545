import type {FigureComparison} from '../../comparison/compare-figures.ts';
import type {Judgements} from '../../comparison/machines/judgements.ts';
import type {GoalSummary, ValidatedExperiment} from '../../comparison/validation/validation.ts';
import {formatGiven, seconds, significant} from '../text/format.ts';
import {markdownTable} from '../text/markdown.ts';
import {errorText, goalWords, outcomeText} from './figures.ts';

/** Table of the three judgements of each experiment, and of the machines that its records are of. */
export function judgementTable(experiments: readonly ValidatedExperiment[]): string {
	const rows = experiments.flatMap(({title, comparison}) => {
		const judgements = comparison?.judgements;
		return judgements === undefined
			? []
			: [
					[
						title,
						forecastCell(judgements),
						`${judgements.simulator.verdict}, ${judgements.simulator.speed} speed`,
						calibrationCell(judgements),
						judgements.machines.join('; ') || 'not recorded',
					],
				];
	});
	return markdownTable([
		['experiment', 'forecast: in the interval', 'simulator', 'calibration: times in service', 'machine'],
		...rows,
	]);
}

function forecastCell({forecast: {verdict, figures}}: Judgements): string {
	const measured = figures.reduce((sum, figure) => sum + figure.measured.length, 0);
	const inside = figures.reduce((sum, figure) => sum + figure.inside, 0);
	return `${verdict}, ${inside} of ${measured}`;
}

function calibrationCell({calibration: {verdict, factor, low, high, by}}: Judgements): string {
	return factor === null || low === null || high === null
		? verdict
		: `${verdict}, ${significant(factor)} [${significant(low)}, ${significant(high)}] by ${by}`;
}

/** Section with what is compared where the timeout cuts the percentile of latency off; none where it does not. */
export function timeoutSection(experiments: readonly ValidatedExperiment[], goals: readonly GoalSummary[]): string[] {
	const goal = goals.find(({name}) => name === 'p95');
	const rows = experiments.flatMap(({title, comparison, outcomes}) => {
		const cut = comparison?.cutOff.find(({figure}) => figure === 'p95');
		const outcome = outcomes['p95'];
		if (cut === undefined || comparison === null || goal === undefined || outcome === undefined) {
			return [];
		}

		const {timeouts, latencyUpToTimeout} = comparison.judgements.simulator.figures;
		return [
			[
				title,
				formatGiven(cut.timeout, seconds),
				...levels(timeouts, 100),
				errorCell(timeouts, 100),
				...levels(latencyUpToTimeout, 1),
				errorCell(latencyUpToTimeout, 1),
				outcomeText(goal, outcome),
				goalWords[outcome.verdict],
			],
		];
	});
	const head = [
		...['experiment', 'timeout'],
		...['timed out, simulated [%]', 'measured [%]', 'error [points]'],
		...['latency up to the timeout, simulated [s]', 'measured [s]', 'error [s]'],
		...['decides', 'goal'],
	];
	return rows.length === 0
		? []
		: [
				'### Where the timeout cuts the 95th percentile off',
				'Clients gave up there, so the percentile is the timeout on either side and equal ones say nothing. Compared are the share of the requests that timed out, within 5 points, and the mean latency up to the timeout, in which a request that timed out counts as one of the timeout’s length, within 20 % of the measured one. Both have to hold; the worse one decides.',
				markdownTable([head, ...rows]),
			];
}

function levels(figure: FigureComparison | undefined, factor: number): string[] {
	return [figure?.simulated, figure?.measured].map(level =>
		level == null
			? '–'
			: `${significant(level.mean * factor)} [${significant(level.low * factor)}, ${significant(level.high * factor)}]`,
	);
}

function errorCell(figure: FigureComparison | undefined, factor: number): string {
	return figure?.error == null ? '–' : errorText(figure.error, {factor});
}

/** Section with the profiles of an experiment side by side; none where each was measured in one alone. */
export function profileSection(experiments: readonly ValidatedExperiment[]): string[] {
	const names = [...new Set(experiments.map(({experiment}) => experiment.name))];
	const groups = names
		.map(name => experiments.filter(({experiment}) => experiment.name === name))
		.filter(group => group.length > 1);
	const rows = groups.flatMap(group =>
		group.map(({experiment, verdict, comparison, outcomes}) => [
			experiment.name,
			experiment.profile ?? '–',
			verdict ?? '–',
			String(comparison?.envelope.coverage.length ?? 0),
			...['podHours', 'replicas', 'scaleLag', 'p95', 'skill'].map(name => {
				const outcome = outcomes[name];
				return outcome === undefined ? '–' : goalWords[outcome.verdict];
			}),
		]),
	);
	return rows.length === 0
		? []
		: [
				'### Profiles side by side',
				'The same experiment at several sizes: earlier profiles and their records stay beside later ones.',
				markdownTable([
					[
						'experiment',
						'profile',
						'verdict',
						'repeats',
						'pod-hours',
						'replicas',
						'scale events',
						'latency p95',
						'skill',
					],
					...rows,
				]),
			];
}
