import type {Experiment} from '../experiment/experiment.ts';
import type {Estimate} from '../statistics/estimate.ts';
import type {CandidateFigureName, CandidateFigures} from '../tune/figures.ts';
import {type Constraint, parseConstraint, slackOf} from '../tune/goal.ts';
import {formatKnobValue} from '../tune/knob.ts';
import {knobsOf} from '../tune/knobs.ts';
import type {LiveCheck, LiveOutcome} from '../tune/live-check.ts';
import type {Ranking} from '../tune/ranking.ts';
import {figureWords, quantityOf} from './tables/tuned-figures.ts';
import {counted, formatDuration, formatEstimate, formatNumber} from './text/format.ts';
import type {Report} from './text/report.ts';
import {narrow} from './text/terminal-table.ts';

type Rows = readonly (readonly string[])[];

/** Report of a live check: whether the ranking of a tuning held on a cluster. */
export function liveReport(experiment: Experiment, check: LiveCheck): Report {
	const {name, profile, duration} = experiment;
	const of = `${name}${profile === undefined ? '' : ` (${profile})`}`;
	const repeats = counted(check.repeats, 'replay');
	return {
		answer: boundLines(check),
		title: `${of}: the ranking of what was tuned, on a cluster: ${check.verdict}; ${repeats} of ${formatDuration(duration)} of each candidate`,
		sections: [
			{heading: 'Simulated and measured', rows: figureRows(experiment, check)},
			...(check.rankings.length === 0 ? [] : [{heading: 'The order', rows: rankingRows(check)}]),
			{heading: 'Notes', notes: notesOf(check, experiment.prices.currency), untitledIn: ['terminal']},
		],
	};
}

/** `Bounds on the cluster: MISSED; kept in 4 of 5 replays of the recommended setting` */
function boundLines({bounds, repeats, goal}: LiveCheck): string[] {
	if (bounds === undefined) {
		return [];
	}

	const missing = bounds.repeats.filter(({missed}) => missed.length > 0);
	const kept = bounds.repeats.length - missing.length;
	const texts = missing.map(({repeat, missed}) => `repeat ${repeat + 1} misses ${missed.join(' and ')}`);
	return [
		`Bounds on the cluster: ${bounds.verdict}. The recommended setting keeps ${goal.subjectTo.join(', ')} in ${kept} of ${counted(repeats, 'replay')}${texts.length === 0 ? '' : `; ${texts.join('; ')}`}.`,
		...(bounds.repeats.length < repeats
			? [`${counted(repeats - bounds.repeats.length, 'replay')} may not judge, see the notes.`]
			: []),
	];
}

function figureRows(experiment: Experiment, {candidates, rankings, goal, repeats}: LiveCheck): Rows {
	const ranked = rankings.length === 0 ? [goal.minimize] : rankings.map(({figure}) => figure);
	const bounded = goal.subjectTo.map(text => parseConstraint(text).figure);
	const shown = [...new Set<CandidateFigureName>([...ranked, ...bounded, 'meanReplicas'])];
	const knobs = knobsOf(experiment);
	const {currency} = experiment.prices;
	const cell = (estimate: Estimate, figure: CandidateFigureName) =>
		narrow(formatEstimate(estimate, quantityOf(figure, currency)));
	const differing = Object.keys(candidates[0]?.settings ?? {}).filter(
		setting => new Set(candidates.map(({settings}) => settings[setting])).size > 1,
	);
	return [
		['', ...candidates.map(titleOf)],
		...shown.flatMap(figure => [
			[`${figureWords[figure]}, simulated`, ...candidates.map(one => cell(one.simulated[figure] ?? unknown, figure))],
			[
				repeats > 1 ? '  measured [least, most]' : '  measured',
				...candidates.map(one => cell(spreadOf(one, figure), figure)),
			],
		]),
		...differing.map(setting => [
			setting,
			...candidates.map(({settings}) => formatKnobValue(knobs.get(setting)!.unit, settings[setting]!)),
		]),
	];
}

function titleOf({role, name}: LiveOutcome): string {
	return role === 'dropped' ? `dropped, ${name}` : role;
}

/** The mean of the repeats, and the least and the most of them: of so few an interval says little. */
export function spreadOf({measured, runs}: LiveOutcome, figure: CandidateFigureName): Estimate {
	const values = runs.flatMap(run => run.figures?.[figure] ?? []);
	const {mean} = measured[figure] ?? unknown;
	return values.length < 2
		? {mean, low: null, high: null}
		: {mean, low: Math.min(...values), high: Math.max(...values)};
}

const unknown: Estimate = {mean: null, low: null, high: null};

function meanOf(figures: LiveOutcome['measured'], figure: CandidateFigureName): number | null {
	return (figures[figure] ?? unknown).mean;
}

function rankingRows({candidates, rankings}: LiveCheck): Rows {
	const orderBy = (figure: CandidateFigureName, side: 'simulated' | 'measured') =>
		candidates
			.filter(one => meanOf(one.measured, figure) !== null)
			.toSorted((a, b) => meanOf(a[side], figure)! - meanOf(b[side], figure)!)
			.map(({role}) => role);
	return [
		['', 'simulated, least first', 'measured', 'Kendall’s τ', 'the order'],
		...rankings.map(ranking => [
			figureWords[ranking.figure],
			orderBy(ranking.figure, 'simulated').join(',\n'),
			orderBy(ranking.figure, 'measured').join(',\n'),
			tauText(ranking),
			`${ranking.verdict}:\n${ranking.pairs.filter(({isClear}) => isClear).length} of ${ranking.pairs.length} pairs\ndiffer clearly`,
		]),
	];
}

function tauText({tau, tauOfRepeats}: Ranking): string {
	const text = (value: number | null) => (value === null ? '–' : formatNumber(value, 2));
	const known = tauOfRepeats.filter(value => value !== null);
	const ends = [Math.min(...known), Math.max(...known)] as const;
	return known.length < 2 ? text(tau) : `${text(tau)}\nof a repeat\n${text(ends[0])} to ${text(ends[1])}`;
}

const meanings: Readonly<Record<LiveCheck['verdict'], string>> = {
	HELD: 'HELD: the cluster orders every pair that differs clearly in the simulation by the objective in the same way.',
	'NOT HELD':
		'NOT HELD: the cluster reverses the order of a pair that differs clearly in the simulation by the objective.',
	'CANNOT SAY':
		'CANNOT SAY: too few of the candidates have a record that may judge, or no pair of them differs clearly.',
};

function notesOf(check: LiveCheck, currency: string): string[] {
	const {candidates, repeats, replications, rankings} = check;
	const dropped = candidates.find(({role}) => role === 'dropped');
	const measured = candidates.filter(({runs}) => runs.some(({figures}) => figures !== undefined)).length;
	const releases = [...new Set(candidates.flatMap(({runs}) => runs.flatMap(({kubernetes}) => kubernetes ?? [])))];
	return [
		meanings[check.verdict],
		...(rankings.length === 0 ? [] : [littleShown(measured, repeats)]),
		...(rankings.flatMap(pairTexts) satisfies string[]),
		...boundTexts(check, currency),
		dropped === undefined
			? 'No candidate that was dropped has an objective clearly apart from the others’, so none is measured.'
			: droppedText(dropped, check.goal, currency),
		...(candidates.some(({role}) => role === 'present') ? [] : ['What is recommended is what there is.']),
		...candidates.flatMap(({runs}) =>
			runs.flatMap(({folder, reason}) => (reason === undefined ? [] : [`${folder} is left out: it ${reason}.`])),
		),
		`Simulated: ${replications} runs of each with the very requests that are replayed, so only start-up, service and metrics differ. The cost is that of these runs and no day’s.`,
		...(releases.length === 0 ? [] : [`Measured on Kubernetes ${releases.join(', ')}.`]),
	];
}

/**
 * Texts of the bounds that a candidate's means miss on the cluster, apart from the ones that they also miss in the
 * simulation of the same requests.
 */
function boundTexts({candidates, goal, repeats}: LiveCheck, currency: string): string[] {
	const bounds = goal.subjectTo.map(text => parseConstraint(text));
	return candidates
		.filter(({runs}) => runs.some(({figures}) => figures !== undefined))
		.map(candidate => {
			const missed = bounds.filter(bound => misses(bound, candidate.measured));
			const missesOf = (isSimulated: boolean, words: string) => {
				const some = missed.filter(bound => misses(bound, candidate.simulated) === isSimulated);
				const texts = some.map(
					({figure, text}) => `${text} (${formatEstimate(spreadOf(candidate, figure), quantityOf(figure, currency))})`,
				);
				return texts.length === 0 ? [] : [`${words} ${texts.join(', ')}`];
			};
			const name = candidate.role === 'dropped' ? 'What was dropped' : `What is ${candidate.role}`;
			const spread = repeats > 1 ? ', means of the repeats [least, most]' : '';
			const parts = [
				...missesOf(true, 'misses, as in the simulation,'),
				...missesOf(false, 'misses on the cluster alone'),
			];
			return `${name} ${parts.length === 0 ? 'keeps the bounds on the cluster' : `${parts.join('; it ')}${spread}`}.`;
		});
}

function misses(bound: Constraint, figures: LiveOutcome['measured']): boolean {
	const means = Object.fromEntries(Object.entries(figures).map(([name, {mean}]) => [name, mean]));
	return slackOf(bound, means as CandidateFigures) < 0;
}

/** Note on how little an order of so few candidates shows. */
function littleShown(count: number, repeats: number): string {
	const pairs = (count * (count - 1)) / 2;
	const chance = count === 2 ? 'every other time' : 'one time in six';
	const times =
		repeats === 1 ? 'One repeat shows no spread.' : `${repeats} repeats show the spread, but of few settings.`;
	const points =
		count === 2 ? 'Two points show little: they have one pair' : `Three points show little: they have ${pairs} pairs`;
	return `${points}, and chance alone gives this very order ${chance}. ${times}`;
}

/** Texts of the pairs that the measurement does not order as the simulation does. */
function pairTexts({figure, pairs}: Ranking): string[] {
	return pairs
		.filter(({isClear, outcome}) => isClear && outcome !== 'same')
		.map(
			({first, second, simulated, measured, outcome}) =>
				`${figureWords[figure]}: ${first} below ${second} in ${formatNumber(simulated * 100)} % of simulated and ${formatNumber(measured * 100)} % of measured runs, ${outcome}.`,
		);
}

const reasons = {
	worse: 'its objective was worse than the best’s by a paired test',
	misses: 'it certainly misses a bound',
	cut: 'others looked better',
} as const;

function droppedText({name, dropped}: LiveOutcome, goal: LiveCheck['goal'], currency: string): string {
	const {loss, objective} = dropped!;
	const seen = formatEstimate(objective, quantityOf(goal.minimize, currency));
	return `Dropped by the search, since ${reasons[loss]}: ${name}, at ${seen} then. Of all that it dropped so, this one’s objective is the farthest from the others’.`;
}
