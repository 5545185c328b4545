import type {Part} from '../../comparison/part-checks.ts';
import type {Triangle} from '../../comparison/triangle.ts';
import type {GoalSummary, ValidatedExperiment, Validation} from '../../comparison/validation/validation.ts';
import {significant} from '../text/format.ts';
import {outcomeText} from './figures.ts';

/** Limits of the report, one sentence each: goals that were missed or stay open, and missing measurements. */
export function validationLimits({experiments, goals, unmeasured, strangers}: Validation): string[] {
	return [
		...goals.flatMap(goal => experiments.flatMap(experiment => shortfall(goal, experiment))),
		...experiments.flatMap(unsteadyParts),
		...freezeLimits(experiments),
		...goals.filter(isUndecided).map(({title}) => `${title}: no experiment here can decide.`),
		...(unmeasured.length === 0 ? [] : [`Not measured: ${unmeasured.join(', ')}.`]),
		...(strangers.length === 0
			? []
			: [
					`The experiment of ${strangers.length === 1 ? 'one record' : `${strangers.length} records`} is not there any more: ${strangers.map(({folder}) => folder).join(', ')}.`,
				]),
	];
}

/** Parts that depend on the machine alone; load and clocks are drawn, and the comparison knows them. */
const machineParts: readonly Part[] = ['service', 'start-up'];

/**
 * Parts in which repeats of one experiment differ by more than the simulator may be off: what changed is the
 * machine, as nothing did that the experiment sets.
 */
function unsteadyParts({title, comparison}: ValidatedExperiment): string[] {
	return machineParts.flatMap(own => {
		const check = comparison?.triangle.parts.find(({part}) => part === own);
		const range = check?.comparison.measured ?? null;
		if (check === undefined || range === null || range.high - range.low <= 2 * check.limit) {
			return [];
		}

		const {measure, comparison: figure} = check;
		return [
			`${title}: the ${measure} is from ${significant(range.low)} to ${significant(range.high)} ${figure.unit} in its repeats, which differ in nothing that the experiment sets. That is the machine, its processor and what else it does, and no model here forecasts it.`,
		];
	});
}

/** Reasons why the judging records are no test of frozen, fitted models. */
function freezeLimits(experiments: readonly ValidatedExperiment[]): string[] {
	const models = experiments.flatMap(experiment => experiment.models);
	const unfitted = [...new Set(models.filter(({status}) => status === 'uncalibrated').map(({name}) => name))];
	const judged = experiments.filter(({comparison}) => comparison !== null);
	const judging = judged.flatMap(({records, orders}) =>
		records.filter(({standing}) => standing.role === 'judge').map(({folder}) => orders[folder]),
	);
	const early = judging.filter(order => order !== 'after').length;
	return [
		...(unfitted.length === 0 ? [] : [`Models that were not fitted to any record: ${unfitted.join(', ')}.`]),
		...(early === 0
			? []
			: [
					`Of ${judging.length} records that judge, ${early} are not shown to have been measured after all models were frozen.`,
				]),
	];
}

function isUndecided({experiments: {met, missed, open}}: GoalSummary): boolean {
	return met.length + missed.length + open.length === 0;
}

function shortfall(goal: GoalSummary, {title, outcomes, comparison}: ValidatedExperiment): string[] {
	const outcome = outcomes[goal.name];
	if (outcome === undefined || outcome.verdict === 'met') {
		return [];
	}

	const what = outcome.verdict === 'missed' ? 'missed' : 'not decided by these runs';
	const from = comparison === null ? '' : sourcesText(comparison.triangle, outcome.verdict === 'missed');
	return [`${title}, ${what}: ${goal.title.toLowerCase()}; it is ${outcomeText(goal, outcome)}.${from}`];
}

/** Text of the sources that the error triangle names. */
function sourcesText({source}: Triangle, isMissed: boolean): string {
	if (!isMissed) {
		return '';
	}

	const parts = [...new Set(source.map(({part}) => part))];
	return parts.length === 0
		? ' No part of the model is off by itself.'
		: ` Parts of the model that are off by themselves: ${parts.join(', ')}.`;
}
