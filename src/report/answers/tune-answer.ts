import type {Experiment} from '../../experiment/experiment.ts';
import {shellWord} from '../../printable.ts';
import type {Estimate} from '../../statistics/estimate.ts';
import {boundsKeptBy, type Constraint, type TuneGoal} from '../../tune/goal.ts';
import {formatKnobValue, type Value} from '../../tune/knob.ts';
import {knobsOf} from '../../tune/knobs.ts';
import {sure} from '../../tune/standing.ts';
import type {Tuning, TuningCandidate} from '../../tune/tuning.ts';
import {figureWords, quantityOf} from '../tables/tuned-figures.ts';
import {formatEstimate, formatMean, formatNumber, money, percent} from '../text/format.ts';
import {choiceLines, keptLines, robustnessLines} from './tuned-claims.ts';

const manifestName = 'recommended.yaml';

/**
 * Answer of a tuning: the settings to change, what each saves, how far the bounds are kept, and what to do next.
 *
 * @param folder - path of the folder in which the manifest is written, for who reads it elsewhere
 */
export function tuneAnswer(experiment: Experiment, tuning: Tuning, folder?: string): string[] {
	return tuning.keepsBounds ? recommendedLines(experiment, tuning, folder) : nothingLines(experiment, tuning);
}

function recommendedLines(experiment: Experiment, tuning: Tuning, folder: string | undefined): string[] {
	const {candidates, goal, end} = tuning;
	const best = candidates[0]!;
	const present = candidates.find(one => one.present)!;
	const changed = changedSettings(best, present);
	const {currency} = experiment.prices;
	return [
		...(changed.length === 0
			? [`Keep the present settings: none that was tried keeps the bounds with less ${figureWords[goal.minimize]}.`]
			: [
					`Recommended: ${changed.map(name => changeText(name, {experiment, tuning, best, present})).join('; ')}. The other settings stay as they are.`,
					`That is ${formatMean(best.costPerHour.mean, money(currency))} an hour instead of ${formatMean(present.costPerHour.mean, money(currency))}: ${savingText(tuning.saved, currency)}.`,
				]),
		...boundLines(experiment, tuning),
		...choiceLines(experiment, tuning),
		...robustnessLines(experiment, tuning),
		...(changed.length === 0 || present.meetsGoal
			? []
			: [`The present settings miss ${missedText(goal, present, currency)}.`]),
		...(end === 'interrupted' ? ['The search was interrupted: this is the best so far.'] : []),
		...(changed.length === 0
			? []
			: [
					`Next: try it on a cluster with --check-live, then: kubectl apply -f ${shellWord(folder === undefined ? manifestName : `${folder}/${manifestName}`)}`,
				]),
	];
}

function boundLines(experiment: Experiment, tuning: Tuning): string[] {
	const {candidates, goal, found} = tuning;
	const best = candidates[0]!;
	const texts = goal.constraints.map(bound => boundText(bound, best, experiment.prices.currency)).join('; ');
	if (boundsKeptBy(goal) !== 'mean') {
		return [`In the mean: ${texts}.`, ...keptLines(experiment, tuning)];
	}

	const feasibility = Math.min(found.feasibility, best.feasibility);
	return [
		`Bounds: ${texts}; all kept with a probability of ${formatNumber(feasibility * 100)} %.`,
		...(feasibility >= sure ? [] : ['That is not sure: more --replications and a larger --budget show more of it.']),
	];
}

function nothingLines(experiment: Experiment, tuning: Tuning): string[] {
	const {candidates, goal, found, end} = tuning;
	const nearest = candidates[0]!;
	const {currency} = experiment.prices;
	const bounds = goal.constraints.map(({text}) => text).join(', ');
	const isUnlucky = found.feasibility >= sure;
	const near = goal.constraints.map(bound => boundText(bound, nearest, currency)).join('; ');
	const unlucky = `The nearest kept the bounds in the search with a probability of ${formatNumber(found.feasibility * 100)} %, but misses one on other replications: ${near}.`;
	return [
		`Nothing is recommended: none of the settings tried keeps ${bounds} reliably.`,
		isUnlucky
			? unlucky
			: boundsKeptBy(goal) === 'mean'
				? `The nearest: ${near}; it keeps the bounds with a probability of ${formatNumber(found.feasibility * 100)} %.`
				: `The nearest has, on average, ${near}.`,
		...keptLines(experiment, tuning),
		'No manifest is written; that of an earlier tuning is removed.',
		...(end === 'interrupted' ? ['The search was interrupted before its end.'] : []),
		...byMeanLines(experiment, tuning),
		nextLine(experiment, {goal, needsBudget: isUnlucky || end !== 'settled'}),
	];
}

/** The setting that would keep the bounds on average, where none keeps them in the share of runs asked for. */
function byMeanLines(experiment: Experiment, {goal, robustness, candidates}: Tuning): string[] {
	if (robustness === undefined) {
		return [];
	}

	const present = candidates.find(one => one.present)!;
	const settings = Object.entries(robustness.settings)
		.filter(([name, value]) => value !== present.settings[name])
		.map(([name, value]) => `${name} ${formatKnobValue(knobsOf(experiment).get(name)!.unit, value)}`)
		.join(', ');
	const need = formatMean(robustness.objective.mean, quantityOf(goal.minimize, experiment.prices.currency));
	return [
		`To keep the bounds on average alone (--bounds-kept mean), ${need} would do: ${settings === '' ? 'the present settings' : settings}; it keeps them in ${formatNumber(robustness.keptShare * 100)} % of the runs.`,
	];
}

/** A model whose speed is known by others' figures alone is the first thing to mend: no setting is sure on any machine. */
function nextLine(
	{deployment: {service}}: Experiment,
	{goal, needsBudget}: {readonly goal: TuneGoal; readonly needsBudget: boolean},
): string {
	if (boundsKeptBy(goal) !== 'mean' && service.kind !== 'time' && service.status === 'uncalibrated') {
		return `Next: measure how fast ${service.name} is on your cluster, since published figures differ too much to decide: replicast calibrate, or choose looser bounds with --subject-to`;
	}

	return needsBudget
		? 'Next: try a larger --budget, more pods in --space, or looser bounds (--subject-to)'
		: 'Next: try more pods or larger containers in --space, or looser bounds (--subject-to)';
}

function changedSettings({settings}: TuningCandidate, present: TuningCandidate): string[] {
	return Object.keys(settings).filter(name => settings[name] !== present.settings[name]);
}

type Changing = {
	readonly experiment: Experiment;
	readonly tuning: Tuning;
	readonly best: TuningCandidate;
	readonly present: TuningCandidate;
};

/** `maxReplicas 6 → 5 (6 would cost $0.012 an hour more)` */
function changeText(name: string, {experiment, tuning, best, present}: Changing): string {
	const text = (value: Value) => formatKnobValue(knobsOf(experiment).get(name)!.unit, value);
	const was = text(present.settings[name]!);
	const words = `${name} ${was} → ${text(best.settings[name]!)}`;
	const effect = tuning.changes.find(({setting}) => setting === name);
	if (effect === undefined) {
		return words;
	}

	if (!effect.meetsGoal) {
		return `${words} (${was} would miss a bound)`;
	}

	const {mean} = effect.difference;
	const quantity = quantityOf(tuning.goal.minimize, experiment.prices.currency);
	const more = mean !== null && mean > 0 ? 'more' : 'less';
	return mean === null || mean === 0
		? words
		: `${words} (${was} would be ${formatMean(Math.abs(mean), quantity)} ${more}${tuning.goal.minimize === 'costPerHour' ? ' an hour' : ''})`;
}

/** `latency p95 7.9 s (p95<10s)` */
function boundText({text, figure}: Constraint, candidate: TuningCandidate, currency: string): string {
	const mean = figureOf(figure, candidate);
	return mean === undefined
		? text
		: `${figureWords[figure]} ${formatMean(mean, quantityOf(figure, currency))} (${text})`;
}

function missedText({constraints}: TuneGoal, candidate: TuningCandidate, currency: string): string {
	const {keptShares} = candidate;
	if (keptShares !== undefined) {
		const missedTexts = constraints
			.filter(({text, share = 0}) => keptShares[text]! < share)
			.map(({text}) => `${text}, which they keep in ${formatNumber(keptShares[text]! * 100)} % of the runs`);
		return missedTexts.length === 0 ? 'a bound' : missedTexts.join('; ');
	}

	const missed = constraints.filter(({figure, bound, isUpper}) => {
		const mean = figureOf(figure, candidate);
		return mean !== undefined && (isUpper ? mean > bound : mean < bound);
	});
	return missed.length === 0 ? 'a bound' : missed.map(bound => boundText(bound, candidate, currency)).join('; ');
}

/** Mean of a figure that a candidate is reported with; undefined for another. */
function figureOf(figure: Constraint['figure'], candidate: TuningCandidate): number | undefined {
	const {costPerHour, p95Seconds, sloMisses, availability, churn, energy, replicas, ...times} = candidate;
	const figures: Partial<Record<Constraint['figure'], Estimate>> = {
		costPerHour,
		p95Seconds,
		sloMisses,
		availability,
		churnPerHour: churn,
		energyWattHours: energy,
		meanReplicas: replicas,
		...(times.itlP95Seconds !== undefined && {
			ttftSeconds: times.ttftP95Seconds!,
			tpotP95Seconds: times.tpotP95Seconds!,
			itlP95Seconds: times.itlP95Seconds,
			goodputPerSecond: times.goodputPerSecond!,
		}),
	};
	return figures[figure]?.mean ?? undefined;
}

/**
 * Text of savings: `it saves $0.05 an hour, 40 %`, or the extra cost; without the share where runs differ so much that
 * it contradicts the amount.
 */
export function savingText({costPerHour, fraction}: Tuning['saved'], currency: string): string {
	const [cost, share] = [costPerHour.mean ?? 0, fraction.mean ?? 0];
	const sign = cost < 0 ? -1 : 1;
	const shareText = cost * share < 0 ? '' : `, ${formatEstimate(times(fraction, sign), percent)}`;
	const hour = `${formatEstimate(times(costPerHour, sign), money(currency))} an hour`;
	return cost < 0 ? `it costs ${hour} more${shareText}` : `it saves ${hour}${shareText}`;
}

function times({mean, low, high}: Estimate, sign: 1 | -1): Estimate {
	const signed = (value: number | null) => (value === null ? null : sign * value);
	return sign === 1 ? {mean, low, high} : {mean: signed(mean), low: signed(high), high: signed(low)};
}
