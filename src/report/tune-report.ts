import type {Experiment} from '../experiment/experiment.ts';
import type {Estimate} from '../statistics/estimate.ts';
import {formatKnobValue, type Value} from '../tune/knob.ts';
import {knobsOf} from '../tune/knobs.ts';
import {sure} from '../tune/standing.ts';
import {objectiveKey, type Tuning, type TuningCandidate} from '../tune/tuning.ts';
import {uncalibratedModels} from './tables/forecast-notes.ts';
import {figureWords} from './tables/tuned-figures.ts';
import {
	count,
	formatDuration,
	formatEstimate,
	formatNumber,
	money,
	percent,
	seconds,
	wattHours,
} from './text/format.ts';
import type {Report} from './text/report.ts';
import {narrow} from './text/terminal-table.ts';

type Rows = readonly (readonly string[])[];

const mostShown = 12;

function titleOf({name, profile, duration, seed, replications}: Experiment, {goal}: Tuning): string {
	const bounds = goal.constraints.map(({text}) => text).join(', ');
	return (
		`${name}${profile === undefined ? '' : ` (${profile})`}: least ${figureWords[goal.minimize]} with ${bounds}; ` +
		`${replications} replications of ${formatDuration(duration)}, seed ${seed}, means with [95 % intervals]`
	);
}

/** Report of a tuning. */
export function tuneReport(experiment: Experiment, tuning: Tuning): Report {
	const text = (name: string, value: Value) => formatKnobValue(knobsOf(experiment.deployment).get(name)!.unit, value);
	const {currency} = experiment.prices;
	const front = tuning.candidates.filter(({onFront}) => onFront).slice(0, mostShown);
	return {
		title: titleOf(experiment, tuning),
		sections: [
			{heading: 'What is recommended', rows: mainRows(tuning, {text, currency})},
			{heading: 'What nothing beats in all of cost, SLO, churn and energy', rows: frontRows(front, currency)},
			...(tuning.sensitivity.length === 0
				? []
				: [{heading: 'How much each setting matters', rows: sensitivityRows(tuning, {text, currency})}]),
			{heading: 'Notes', notes: notesOf(experiment, {text, tuning}), untitledIn: ['terminal']},
		],
	};
}

type ValueText = (name: string, value: Value) => string;
type Words = {readonly text: ValueText; readonly currency: string};

function mainRows({candidates}: Tuning, {text, currency}: Words): Rows {
	const columns = [
		['recommended', candidates.find(one => one.recommended)!],
		['present', candidates.find(one => one.present)!],
		['Kubernetes’ defaults', candidates.find(one => one.default)],
	].filter((column): column is [string, TuningCandidate] => column[1] !== undefined);
	const row = (label: string, cell: (one: TuningCandidate) => string) => [
		label,
		...columns.map(([, one]) => narrow(cell(one))),
	];
	const names = Object.keys(columns[0]![1].settings);
	return [
		['', ...columns.map(([title]) => title)],
		row(figureWords.costPerHour, ({costPerHour}) => formatEstimate(costPerHour, money(currency))),
		row(figureWords.p95Seconds, ({p95Seconds}) => formatEstimate(p95Seconds, seconds)),
		row(figureWords.sloMisses, ({sloMisses}) => formatEstimate(sloMisses, percent)),
		row(figureWords.availability, ({availability}) => formatEstimate(availability, percent)),
		row(figureWords.churnPerHour, ({churn}) => formatEstimate(churn, count)),
		row(figureWords.energyWattHours, ({energy}) => formatEstimate(energy, wattHours)),
		row(figureWords.meanReplicas, ({replicas}) => formatEstimate(replicas, count)),
		row(
			'keeps the bounds',
			({meetsGoal, feasibility}) => `${meetsGoal ? 'yes' : 'no'}, ${formatNumber(feasibility * 100)} % sure of yes`,
		),
		...(columns.some(([, {breaks}]) => breaks !== undefined)
			? [row('keeps the conditions', ({breaks}) => (breaks === undefined ? 'yes' : `no: ${breaks.join(', ')}`))]
			: []),
		...names.map(name => row(name, ({settings}) => text(name, settings[name]!))),
	];
}

function frontRows(front: readonly TuningCandidate[], currency: string): Rows {
	return [
		['candidate', 'cost per hour', 'latency p95', 'miss the SLO', 'churn', 'energy'],
		...front.map(one =>
			[
				`${one.recommended ? 'recommended' : one.name}${one.meetsGoal ? '' : ' (misses a bound)'}`,
				formatEstimate(one.costPerHour, money(currency)),
				formatEstimate(one.p95Seconds, seconds),
				formatEstimate(one.sloMisses, percent),
				formatEstimate(one.churn, count),
				formatEstimate(one.energy, wattHours),
			].map(narrow),
		),
	];
}

function sensitivityRows({sensitivity, goal}: Tuning, {text, currency}: Words): Rows {
	const key = objectiveKey(goal);
	const quantity = {costPerHour: money(currency), energy: wattHours, p95Seconds: seconds}[key];
	return [
		['setting', 'recommended', 'effect', 'another value: change of the objective'],
		...sensitivity.map(({setting, recommended, effect, changes}) => [
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
}

const ends: Readonly<Record<Tuning['end'], string>> = {
	settled: 'It ended because no single change of what is recommended was better.',
	budget: 'It ended with its budget: more may find better.',
	interrupted:
		'It was interrupted: what is shown are the runs of the search itself, and the same command goes on from here.',
};

/** Notes on candidates that are better by the objective but miss a bound, and on candidates that never scale. */
function boundNotes({sensitivity, goal, candidates}: Tuning, {text, currency}: Words): string[] {
	const key = objectiveKey(goal);
	const quantity = {costPerHour: money(currency), energy: wattHours, p95Seconds: seconds}[key];
	const better = sensitivity.flatMap(({setting, changes}) =>
		changes
			.filter(({meetsGoal, difference}) => !meetsGoal && (difference[key].mean ?? 0) < 0)
			.map(
				({value, difference}) => `${setting} ${text(setting, value)} (${formatEstimate(difference[key], quantity)})`,
			),
	);
	const {churn, replicas, meetsGoal: keeps} = candidates.find(one => one.recommended)!;
	const cheapest = keeps ? ' are the cheapest that keep the bounds' : '';
	return [
		...(better.length === 0 || !keeps
			? []
			: [
					`What bounds it: ${goal.constraints.map(({text: bound}) => bound).join(', ')}. Less yet, but missing that: ${better.join('; ')}.`,
				]),
		...(churn.mean === 0 && churn.high === 0
			? [`Nothing scales in what is recommended: ${formatNumber(replicas.mean ?? 0)} pods all the time${cheapest}.`]
			: []),
	];
}

/**
 * Text of savings: `it saves $0.05 an hour, 40 %`, or the extra cost; without the share where runs differ so much that
 * it contradicts the amount.
 */
function savingText({costPerHour, fraction}: Tuning['saved'], currency: string): string {
	const [cost, share] = [costPerHour.mean ?? 0, fraction.mean ?? 0];
	const sign = cost < 0 ? -1 : 1;
	const relative = cost * share < 0 ? '' : `, ${formatEstimate(times(fraction, sign), percent)}`;
	const hour = `${formatEstimate(times(costPerHour, sign), money(currency))} an hour`;
	return cost < 0 ? `it costs ${hour} more${relative}` : `it saves ${hour}${relative}`;
}

function times({mean, low, high}: Estimate, sign: 1 | -1): Estimate {
	const signed = (value: number | null) => (value === null ? null : sign * value);
	return sign === 1 ? {mean, low, high} : {mean: signed(mean), low: signed(high), high: signed(low)};
}

function notesOf(
	experiment: Experiment,
	{text, tuning}: {readonly text: ValueText; readonly tuning: Tuning},
): string[] {
	const {candidates, correctness, found, saved, runs, end} = tuning;
	const recommended = candidates.find(one => one.recommended)!;
	const present = candidates.find(one => one.present)!;
	const {good, within, correct} = correctness;
	const uncalibrated = uncalibratedModels(experiment);
	const {currency} = experiment.prices;
	const {feasibility, replications} = found;
	const isFound = feasibility >= sure;
	return [
		`The present setting costs ${formatEstimate(present.costPerHour, money(currency))} an hour, the recommended one ${formatEstimate(recommended.costPerHour, money(currency))}: ${savingText(saved, currency)}.`,
		...boundNotes(tuning, {text, currency}),
		...(isFound ? [] : ['Nothing was found that surely keeps every bound; what is recommended comes nearest.']),
		...(isFound && !recommended.meetsGoal
			? [
					`It keeps the bounds with ${formatNumber(feasibility * 100)} % by ${replications} replications of the search, and misses one in the mean of the ${recommended.replications} of this report: more of them tell (--replications).`,
				]
			: []),
		`Among the last few it is the best with a probability of ${formatNumber(correct * 100)} %, and within ${formatNumber(within * 100)} % of the best with ${formatNumber(good * 100)} %, at least.`,
		`${formatNumber(candidates.length)} candidates in ${formatNumber(runs)} runs. ${ends[end]}`,
		...(uncalibrated.length === 0 ? [] : [`Not calibrated: ${uncalibrated.join(', ')}.`]),
	];
}
