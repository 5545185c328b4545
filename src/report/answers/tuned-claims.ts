import {type UncertainPart, uncertainParts, uncertaintyOf} from '../../experiment/conditions/draw-conditions.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {boundsKeptBy, type TuneGoal} from '../../tune/goal.ts';
import {formatKnobValue, type Value} from '../../tune/knob.ts';
import {knobsOf} from '../../tune/knobs.ts';
import type {Tuning, TuningCandidate} from '../../tune/tuning.ts';
import {figureWords, quantityOf} from '../tables/tuned-figures.ts';
import {counted, formatMean, formatNumber} from '../text/format.ts';

type Settings = TuningCandidate['settings'];

/** `maxReplicas 5, cpu.averageUtilization 80 %`: the settings in which one differs from another. */
export function differenceText(experiment: Experiment, settings: Settings, from: Settings): string {
	const text = (name: string, value: Value) => formatKnobValue(knobsOf(experiment).get(name)!.unit, value);
	const differing = Object.entries(settings).filter(([name, value]) => value !== from[name]);
	return differing.length === 0
		? 'the same settings'
		: differing.map(([name, value]) => `${name} ${text(name, value)}`).join(', ');
}

/** Doubt from which a setting is named as one that lies near a bound. */
const nearBound = 0.1;

/** Lines on the probability of the choice, and on what the budget left open. */
export function choiceLines(experiment: Experiment, tuning: Tuning): string[] {
	const {correctness, goal, tried, undecided = [], candidates} = tuning;
	if (tried === undefined) {
		return [];
	}

	const {good, within} = correctness;
	const all = tried.isAll
		? `the ${counted(tried.candidates, 'setting')} of the space`
		: `the ${counted(tried.candidates, 'setting')} that were tried`;
	const quantity = figureWords[goal.minimize];
	const less = `over ${formatNumber(within * 100)} % less ${quantity}`;
	const [first, ...others] = undecided.map(one => {
		const words = differenceText(experiment, one.settings, candidates[0]!.settings);
		return `${words}, with ${formatNumber(-one.difference * 100, 1)} % less ${quantity}; it keeps the bounds with a probability of ${percentText(one.feasibility)} (${counted(one.replications, 'run')})`;
	});
	const isNear = (correctness.doubt ?? 0) >= nearBound && good < 1 - nearBound;
	return [
		tried.candidates === 1 ? 'No other setting was tried.' : claimText(good, {all, less}),
		...(isNear ? ['It lies near a bound: this budget does not decide whether it keeps it.'] : []),
		...(first === undefined
			? []
			: [
					`Possibly better: ${first}.${others.length === 0 ? '' : ` Possible, too: ${counted(others.length, 'other setting')}.`} A larger --budget decides more.`,
				]),
	];
}

function claimText(good: number, {all, less}: {readonly all: string; readonly less: string}): string {
	return percentText(good) === '0 %'
		? `This budget does not show whether any of ${all} is better.`
		: `With a probability of at least ${percentText(good)} it keeps the bounds, and none of ${all} keeps them with ${less}.`;
}

function percentText(share: number): string {
	return `${formatNumber(Math.floor(share * 1000 + 1e-9) / 10)} %`;
}

/** `latency p95 is kept in 96 % of the runs (p95<10s)`, and of how many runs and conditions that is. */
export function keptLines(experiment: Experiment, {goal, found}: Tuning): string[] {
	const share = boundsKeptBy(goal);
	const {keptShares = {}, replications, feasibility} = found;
	const texts = Object.entries(keptShares).map(([text, kept]) => `${text} in ${percentText(kept)}`);
	return share === 'mean'
		? []
		: [
				`Bounds kept: ${texts.join(', ')} of ${counted(replications, 'simulated run')}; the probability that each is kept in at least ${percentText(share)} of all runs is ${percentText(feasibility)}.`,
				conditionsText(experiment),
			];
}

const drawnWords: Readonly<Record<UncertainPart, string>> = {
	machine: 'the speed of the machine',
	coefficients: 'the model’s coefficients',
	load: 'the load',
};

const assumedWords: Readonly<Record<UncertainPart, string>> = {
	machine: 'every run has a machine as fast as the model’s',
	coefficients: 'the model’s coefficients are exact',
	load: 'the load is just as the experiment says',
};

/** Parts that vary from run to run, and parts that do not since no file says how much. */
function conditionsText(experiment: Experiment): string {
	const drawn = uncertaintyOf(experiment);
	const assumed = uncertainParts.filter(part => !drawn.includes(part)).map(part => assumedWords[part]);
	return [
		...(drawn.length === 0 ? [] : [`Varied from run to run: ${drawn.map(part => drawnWords[part]).join(' and ')}.`]),
		...(assumed.length === 0 ? [] : [`Assumed: ${assumed.join(', and ')}.`]),
	].join(' ');
}

/** Price of keeping the bounds in most runs and not only on average. */
export function robustnessLines(experiment: Experiment, {robustness, goal, candidates}: Tuning): string[] {
	if (robustness === undefined) {
		return [];
	}

	const {settings, objective, more, fraction, keptShare} = robustness;
	const quantity = quantityOf(goal.minimize, experiment.prices.currency);
	const words = differenceText(experiment, settings, candidates[0]!.settings);
	return words === 'the same settings' || !((more.mean ?? 0) > 0)
		? [`Robustness costs nothing: no setting with less ${figureWords[goal.minimize]} keeps the bounds even on average.`]
		: [
				`Robustness costs ${formatMean(more.mean, quantity)}${hourText(goal)}, ${formatNumber((fraction.mean ?? 0) * 100, 1)} % more: to keep the bounds on average alone, ${formatMean(objective.mean, quantity)} would do (${words}), which keeps them in ${percentText(keptShare)} of the runs.`,
			];
}

function hourText({minimize}: TuneGoal): string {
	return minimize === 'costPerHour' ? ' an hour' : '';
}
