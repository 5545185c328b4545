import {estimate} from '../statistics/estimate.ts';
import {type CandidateFigures, meanFigure} from './figures.ts';
import {keptShare, slackOf, type TuneGoal} from './goal.ts';
import type {Value} from './knob.ts';
import {singleChanges} from './proposals.ts';
import type {Candidate, Space} from './space.ts';
import type {Sensitivity, ValueChange} from './tuning.ts';

export type SingleChange = {readonly setting: string; readonly candidate: Candidate};

/** Values of one setting that are looked at: a step to both sides, the ends, and words as far as there is room. */
const mostChanges = 4;

/** Candidates that show the effect of each setting. */
export function sensitivityPlan(space: Space, recommended: Candidate): SingleChange[] {
	const all = singleChanges(space, recommended);
	return space.settings.flatMap(({name, values}) => {
		const own = all.filter(({setting}) => setting === name);
		const at = values.indexOf(recommended.settings[name]!);
		const distance = ({candidate}: SingleChange) => Math.abs(values.indexOf(candidate.settings[name]!) - at);
		const near = own.toSorted((a, b) => distance(a) - distance(b)).slice(0, mostChanges / 2);
		const ends = [own[0], own.at(-1), ...own].filter(change => change !== undefined && !near.includes(change));
		return [...near, ...new Set(ends as SingleChange[])].slice(0, mostChanges);
	});
}

/**
 * Sensitivity of the objective to each setting, the one with the largest effect on the objective first.
 *
 * @param runsOf - runs of the same replications for every candidate of the plan and the recommended one
 */
export function sensitivityOf(
	space: Space,
	goal: TuneGoal,
	{
		recommended,
		plan,
		runsOf,
	}: {
		recommended: Candidate;
		plan: readonly SingleChange[];
		runsOf: (candidate: Candidate) => readonly CandidateFigures[];
	},
): Sensitivity[] {
	const base = runsOf(recommended);
	const objective = meanFigure(base, goal.minimize);
	return space.settings
		.flatMap(({name}): Sensitivity[] => {
			const own = plan.filter(({setting}) => setting === name).map(({candidate}) => candidate);
			const effects = own.map(candidate => Math.abs(meanFigure(runsOf(candidate), goal.minimize) - objective));
			const changes = own.map(candidate => changeOf(candidate.settings[name]!, runsOf(candidate), base, goal));
			return own.length === 0
				? []
				: [
						{
							setting: name,
							recommended: recommended.settings[name]!,
							effect: objective === 0 ? 0 : Math.max(...effects) / Math.abs(objective),
							breaksGoal: changes.some(({meetsGoal}) => !meetsGoal),
							changes,
						},
					];
		})
		.sort((a, b) => b.effect - a.effect);
}

function changeOf(
	value: Value,
	runs: readonly CandidateFigures[],
	base: readonly CandidateFigures[],
	goal: TuneGoal,
): ValueChange {
	const difference = (figure: 'costPerHour' | 'p95Seconds' | 'churnPerHour' | 'energyWattHours') =>
		estimate(base.map((run, index) => runs[index]![figure] - run[figure]));
	return {
		value,
		difference: {
			costPerHour: difference('costPerHour'),
			p95Seconds: difference('p95Seconds'),
			churn: difference('churnPerHour'),
			energy: difference('energyWattHours'),
		},
		meetsGoal: meetsGoal(runs, goal),
	};
}

/** Whether every bound is kept: by the mean, or in as many of the runs as it is to be. */
export function meetsGoal(runs: readonly CandidateFigures[], {constraints}: TuneGoal): boolean {
	return constraints.every(constraint =>
		constraint.share === undefined
			? runs.reduce((sum, run) => sum + slackOf(constraint, run), 0) >= 0
			: keptShare(constraint, runs) >= constraint.share - 1e-9,
	);
}
