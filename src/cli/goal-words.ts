import type {FigureError} from '../validation/figure-error.ts';
import type {GoalOutcome, GoalVerdict} from '../validation/goals.ts';
import type {GoalSummary} from '../validation/validation.ts';
import {comparisonFigures} from './comparison-figures.ts';
import {significant} from './significant.ts';

type Shown = Pick<GoalSummary, 'name' | 'unit'>;

/** What a goal's outcome is called in a report. */
export const goalWords: Readonly<Record<GoalVerdict, string>> = {met: 'met', missed: '**missed**', open: 'open'};

/** `+13.3 % [6.2, 20.4]`: an error with its 90 % interval. */
export function errorText({value, low, high}: FigureError, {factor = 1, suffix = ''} = {}): string {
	const sign = value > 0 ? '+' : '';
	const ends = low === null || high === null ? '' : ` [${significant(low * factor)}, ${significant(high * factor)}]`;
	return `${sign}${significant(value * factor)}${suffix === '' ? '' : ` ${suffix}`}${ends}`;
}

/** What an experiment comes to in a goal, in the unit that people read. */
export function outcomeText(goal: Shown, outcome: GoalOutcome): string {
	switch (goal.name) {
		case 'skill':
			return `${rangeText(outcome)} (${labelOf(outcome.figure)})`;
		case 'decisions':
			return `${significant(100 * outcome.value)} %`;
		case 'replicas':
			return rangeText(outcome, ' pods');
		default:
			return errorText(outcome, goal.unit === '1' ? {factor: 100, suffix: '%'} : {suffix: goal.unit});
	}
}

/** `2.31 [1.8, 3.1]` */
export function rangeText({value, low, high}: FigureError, unit = ''): string {
	return `${significant(value)}${unit}${low === null || high === null ? '' : ` [${significant(low)}, ${significant(high)}]`}`;
}

/** What a figure is called in a report. */
export function labelOf(figure: string | null): string {
	return comparisonFigures.find(({name}) => name === figure)?.label ?? figure ?? '';
}
