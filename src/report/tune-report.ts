import type {Experiment} from '../experiment/experiment.ts';
import {standingOf} from '../forecast/standing/standing.ts';
import {formatKnobValue, type Value} from '../tune/knob.ts';
import {knobsOf} from '../tune/knobs.ts';
import {objectiveKey, type Tuning, type TuningCandidate} from '../tune/tuning.ts';
import {savingText, tuneAnswer} from './answers/tune-answer.ts';
import {foldZeros} from './comparison-notes.ts';
import {standingLines} from './standing-lines.ts';
import {uncalibratedModels} from './tables/forecast-notes.ts';
import {figureWords} from './tables/tuned-figures.ts';
import {
	count,
	formatDuration,
	formatEstimate,
	formatMean,
	formatNumber,
	money,
	percent,
	perSecond,
	seconds,
	wattHours,
} from './text/format.ts';
import type {Report} from './text/report.ts';
import {narrow} from './text/terminal-table.ts';

type Rows = readonly (readonly string[])[];

const mostShown = 12;

function titleOf({name, profile}: Experiment, {goal}: Tuning): string {
	const bounds = goal.constraints.map(({text}) => text).join(', ');
	return `${name}${profile === undefined ? '' : ` (${profile})`}: least ${figureWords[goal.minimize]} with ${bounds}`;
}

/** Parts of a report of a tuning beside its result. */
export type TuneReportOptions = {
	/** Path of the folder in which the manifest is written; left out in files of that folder. */
	readonly folder?: string;
	/** Lines on what was recorded under the load with the present settings. */
	readonly recorded?: readonly string[];
};

/** Report of a tuning, the recommendation first. */
export function tuneReport(
	experiment: Experiment,
	tuning: Tuning,
	{folder, recorded = []}: TuneReportOptions = {},
): Report {
	const text = (name: string, value: Value) => formatKnobValue(knobsOf(experiment).get(name)!.unit, value);
	const {duration, seed, replications, prices} = experiment;
	const {currency} = prices;
	const front = tuning.candidates.filter(({onFront}) => onFront).slice(0, mostShown);
	const main = mainRows(tuning, {text, currency});
	const mainHeading = `The ${bestName(tuning)} setting and the present one`;
	const effects = sensitivityRows(tuning, {text, currency});
	return {
		title: titleOf(experiment, tuning),
		answer: [...tuneAnswer(experiment, tuning, folder), ...recorded, ...standingLines(standingOf(experiment))],
		lead: [
			`Figures are of ${replications} replications of ${formatDuration(duration)}, seed ${seed}: means with [95 % intervals].`,
		],
		sections: [
			{heading: mainHeading, ...main.short, forms: ['terminal'], detail: 'short'},
			{heading: mainHeading, ...main.full, detail: 'full'},
			{
				heading: 'Settings that no other beats in all of cost, SLO, churn and energy',
				rows: frontRows(front, tuning, currency),
				detail: 'full' as const,
			},
			...(tuning.sensitivity.length === 0
				? []
				: [{heading: 'How much each setting matters', ...effects, detail: 'full' as const}]),
			{heading: 'Notes', notes: notesOf(experiment, {text, tuning}), untitledIn: ['terminal'], detail: 'full'},
		],
	};
}

/** `recommended`, or `nearest` where nothing is recommended. */
function bestName({keepsBounds}: Tuning): string {
	return keepsBounds ? 'recommended' : 'nearest';
}

type ValueText = (name: string, value: Value) => string;
type Words = {readonly text: ValueText; readonly currency: string};

type Table = {readonly rows: Rows; readonly notes: readonly string[]};

/** Table of the best setting and the present one: the first figures alone, and all with the settings that differ. */
function mainRows(tuning: Tuning, {text, currency}: Words): {readonly short: Table; readonly full: Table} {
	const {candidates} = tuning;
	const columns = [
		[bestName(tuning), candidates[0]!],
		['present', candidates.find(one => one.present)!],
		['Kubernetes’ defaults', candidates.find(one => one.default)],
	].filter((column): column is [string, TuningCandidate] => column[1] !== undefined);
	const row = (label: string, cell: (one: TuningCandidate) => string) => [
		label,
		...columns.map(([, one]) => narrow(cell(one))),
	];
	const names = Object.keys(columns[0]![1].settings);
	const [best, present] = [candidates[0]!, candidates.find(one => one.present)!];
	const differs = (name: string) => best.settings[name] !== present.settings[name];
	const same = names.filter(name => !differs(name)).map(name => `${name} ${text(name, best.settings[name]!)}`);
	const head = ['', ...columns.map(([title]) => title)];
	const first = figureRows(row, best, currency);
	const {rows, folded} = foldZeros([
		head,
		...first,
		row(figureWords.churnPerHour, ({churn}) => formatEstimate(churn, count)),
		row(figureWords.energyWattHours, ({energy}) => formatEstimate(energy, wattHours)),
		row(figureWords.meanReplicas, ({replicas}) => formatEstimate(replicas, count)),
		row(
			'keeps the bounds',
			({meetsGoal, feasibility}) => `${meetsGoal ? 'yes' : 'no'}; probability ${formatNumber(feasibility * 100)} %`,
		),
		...keptRows(row, best),
		...(columns.some(([, {breaks}]) => breaks !== undefined)
			? [row('keeps the conditions', ({breaks}) => (breaks === undefined ? 'yes' : `no: ${breaks.join(', ')}`))]
			: []),
		...names.filter(differs).map(name => row(name, ({settings}) => text(name, settings[name]!))),
	]);
	const unchanged = same.length === 0 ? [] : [`As at present: ${same.join(', ')}.`];
	return {
		short: {rows: [head, ...first, ...keptRows(row, best)], notes: []},
		full: {rows, notes: [...folded, ...unchanged]},
	};
}

type CandidateRow = (label: string, cell: (one: TuningCandidate) => string) => string[];

/** The first figures: cost, latency, and requests that were lost or late. */
function figureRows(row: CandidateRow, best: TuningCandidate, currency: string): Rows {
	return [
		row(figureWords.costPerHour, ({costPerHour}) => formatEstimate(costPerHour, money(currency))),
		row(figureWords.p95Seconds, ({p95Seconds}) => formatEstimate(p95Seconds, seconds)),
		...tokenRows(row, best),
		row(figureWords.sloMisses, ({sloMisses}) => formatEstimate(sloMisses, percent)),
		row(figureWords.availability, ({availability}) => formatEstimate(availability, percent)),
	];
}

/** Runs that keep each bound, where bounds are of single runs. */
function keptRows(row: CandidateRow, {keptShares = {}}: TuningCandidate): Rows {
	return Object.keys(keptShares).map(bound =>
		row(`runs that keep ${bound}`, one => formatMean(one.keptShares?.[bound] ?? null, percent)),
	);
}

/** Times of tokens and goodput, where an engine serves the requests. */
function tokenRows(row: CandidateRow, {itlP95Seconds}: TuningCandidate): Rows {
	return itlP95Seconds === undefined
		? []
		: [
				row(figureWords.ttftSeconds, one => formatEstimate(one.ttftP95Seconds!, seconds)),
				row(figureWords.tpotP95Seconds, one => formatEstimate(one.tpotP95Seconds!, seconds)),
				row(figureWords.itlP95Seconds, one => formatEstimate(one.itlP95Seconds!, seconds)),
				row(figureWords.goodputPerSecond, one => formatEstimate(one.goodputPerSecond!, perSecond)),
			];
}

function frontRows(front: readonly TuningCandidate[], tuning: Tuning, currency: string): Rows {
	return [
		['candidate', 'cost per hour', 'latency p95', 'miss the SLO', 'churn', 'energy'],
		...front.map(one =>
			[
				`${one === tuning.candidates[0] ? bestName(tuning) : one.name}${one.meetsGoal ? '' : ' (misses a bound)'}`,
				formatEstimate(one.costPerHour, money(currency)),
				formatEstimate(one.p95Seconds, seconds),
				formatEstimate(one.sloMisses, percent),
				formatEstimate(one.churn, count),
				formatEstimate(one.energy, wattHours),
			].map(narrow),
		),
	];
}

function sensitivityRows(tuning: Tuning, {text, currency}: Words): {rows: Rows; notes: string[]} {
	const {sensitivity, goal} = tuning;
	const key = objectiveKey(goal);
	const quantity = {costPerHour: money(currency), energy: wattHours, p95Seconds: seconds}[key];
	const isIdle = ({changes}: Tuning['sensitivity'][number]) =>
		changes.every(
			({
				difference: {
					[key]: {mean, low, high},
				},
			}) => mean === 0 && (low ?? 0) === 0 && (high ?? 0) === 0,
		);
	const idle = sensitivity.filter(isIdle).map(({setting}) => setting);
	const rows = [
		['setting', bestName(tuning), 'effect', 'another value: change of the objective'],
		...sensitivity
			.filter(one => !isIdle(one))
			.map(({setting, recommended, effect, changes}) => [
				setting,
				text(setting, recommended),
				`${formatNumber(effect * 100, 1)} %`,
				changes
					.map(({value, difference, meetsGoal}) => {
						const misses = meetsGoal ? '' : ', misses a bound';
						return `${text(setting, value)}: ${formatEstimate(difference[key], quantity)}${misses}`;
					})
					.join('\n'),
			]),
	];
	return {rows, notes: idle.length === 0 ? [] : [`No effect on the objective: ${idle.join(', ')}.`]};
}

const ends: Readonly<Record<Tuning['end'], string>> = {
	settled: 'It ended because no single change of the best was better.',
	budget: 'It ended with its budget: more may find better.',
	interrupted:
		'It was interrupted: what is shown are the runs of the search itself, and the same command goes on from here.',
};

/** Notes on candidates that are better by the objective but miss a bound, and on candidates that never scale. */
function boundNotes(tuning: Tuning, {text, currency}: Words): string[] {
	const {sensitivity, goal, candidates} = tuning;
	const key = objectiveKey(goal);
	const quantity = {costPerHour: money(currency), energy: wattHours, p95Seconds: seconds}[key];
	const better = sensitivity.flatMap(({setting, changes}) =>
		changes
			.filter(({meetsGoal, difference}) => !meetsGoal && (difference[key].mean ?? 0) < 0)
			.map(
				({value, difference}) => `${setting} ${text(setting, value)} (${formatEstimate(difference[key], quantity)})`,
			),
	);
	const {churn, replicas, meetsGoal: keeps} = candidates[0]!;
	const cheapest = keeps ? ' are the cheapest that keep the bounds' : '';
	return [
		...(better.length === 0 || !keeps
			? []
			: [
					`Bounds: ${goal.constraints.map(({text: bound}) => bound).join(', ')}. Less yet, but missing one: ${better.join('; ')}.`,
				]),
		...(churn.mean === 0 && churn.high === 0
			? [
					`The ${bestName(tuning)} setting never scales: ${formatNumber(replicas.mean ?? 0)} pods all the time${cheapest}.`,
				]
			: []),
	];
}

function notesOf(
	experiment: Experiment,
	{text, tuning}: {readonly text: ValueText; readonly tuning: Tuning},
): string[] {
	const {candidates, correctness, found, saved, runs, end} = tuning;
	const recommended = candidates[0]!;
	const present = candidates.find(one => one.present)!;
	const {good, within, correct} = correctness;
	const uncalibrated = uncalibratedModels(experiment);
	const {currency} = experiment.prices;
	const {kept} = tuning;
	return [
		`The present setting costs ${formatEstimate(present.costPerHour, money(currency))} an hour, the ${bestName(tuning)} one ${formatEstimate(recommended.costPerHour, money(currency))}: ${savingText(saved, currency)}.`,
		...(kept.length === 0
			? []
			: [`Kept at the present value, since another makes no significant difference: ${kept.join(', ')}.`]),
		...boundNotes(tuning, {text, currency}),
		...(found.keptShares === undefined
			? [
					`The probability of keeping the bounds, ${formatNumber(found.feasibility * 100)} %, is by ${found.replications} replications that are not in this report.`,
				]
			: []),
		`The probability that it keeps the bounds and is the best of the settings tried is at least ${formatNumber(correct * 100)} %; that it keeps them and none is better by more than ${formatNumber(within * 100)} %, at least ${formatNumber(good * 100)} %.`,
		`${formatNumber(candidates.length)} candidates in ${formatNumber(runs)} runs. ${ends[end]}`,
		...(uncalibrated.length === 0 ? [] : [`Not calibrated: ${uncalibrated.join(', ')}.`]),
	];
}
