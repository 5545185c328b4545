import type {FigureComparison} from '../../comparison/compare-figures.ts';
import {comparisonFigures} from '../../comparison/figure-table.ts';
import type {FigureError, GoalOutcome, GoalVerdict} from '../../comparison/validation/goals.ts';
import type {GoalSummary, ValidatedExperiment} from '../../comparison/validation/validation.ts';
import {significant} from '../text/format.ts';
import {type MarkdownCell, markdownTable} from '../text/markdown.ts';

type Shown = Pick<GoalSummary, 'name' | 'unit'>;

/** Words for a goal's outcome in a report. */
export const goalWords: Readonly<Record<GoalVerdict, MarkdownCell>> = {
	met: 'met',
	missed: {markdown: '**missed**'},
	open: 'open',
};

/** `+13.3 % [6.2, 20.4]`: an error with its 90 % interval. */
export function errorText({value, low, high}: FigureError, {factor = 1, suffix = ''} = {}): string {
	const sign = value > 0 ? '+' : '';
	const ends = low === null || high === null ? '' : ` [${significant(low * factor)}, ${significant(high * factor)}]`;
	return `${sign}${significant(value * factor)}${suffix === '' ? '' : ` ${suffix}`}${ends}`;
}

/** Text of an experiment's outcome in a goal, in the unit that people read. */
export function outcomeText(goal: Shown, outcome: GoalOutcome): string {
	switch (goal.name) {
		case 'skill':
			return `${rangeText(outcome)} (${labelOf(outcome.figure)})`;
		case 'decisions':
			return `${significant(100 * outcome.value)} %`;
		case 'replicas':
			return rangeText(outcome, ' pods');
		case 'p95':
			return outcome.figure === 'p95' ? relativeText(outcome) : `${belowTimeoutText(outcome)}`;
		default:
			return errorText(outcome, goal.unit === '1' ? {factor: 100, suffix: '%'} : {suffix: goal.unit});
	}
}

function relativeText(outcome: GoalOutcome): string {
	return errorText(outcome, {factor: 100, suffix: '%'});
}

/** Outcome where the timeout cuts the percentile off. */
function belowTimeoutText(outcome: GoalOutcome): string {
	return outcome.figure === 'timeouts'
		? `${errorText(outcome, {factor: 100, suffix: 'points'})} (share that timed out)`
		: `${relativeText(outcome)} (latency up to the timeout)`;
}

/** `2.31 [1.8, 3.1]` */
function rangeText({value, low, high}: FigureError, unit = ''): string {
	return `${significant(value)}${unit}${low === null || high === null ? '' : ` [${significant(low)}, ${significant(high)}]`}`;
}

/** Label of a figure in a report. */
function labelOf(figure: string | null): string {
	return comparisonFigures.find(({name}) => name === figure)?.label ?? figure ?? '';
}

type FigureRow = {
	readonly title: string;
	readonly figure: FigureComparison;
	readonly naive: number | null | undefined;
	readonly noModel: number | null | undefined;
	readonly outcome: GoalOutcome;
};

type Column = {readonly head: string; readonly cell: (row: FigureRow) => MarkdownCell};

/** A section for each goal that is about one figure: its error, and what that is held against. */
export function figureSections(experiments: readonly ValidatedExperiment[], goals: readonly GoalSummary[]): string[] {
	return goals.flatMap(goal => {
		const rows = experiments.flatMap(experiment => figureRow(experiment, goal) ?? []);
		const columns = columnsOf(goal).filter(({cell}) => rows.some(row => cell(row) !== '–'));
		const table = [columns.map(({head}) => head), ...rows.map(row => columns.map(({cell}) => cell(row)))];
		return rows.length === 0 ? [] : [`### ${goal.title}`, markdownTable(table)];
	});
}

function figureRow({title, comparison, outcomes}: ValidatedExperiment, goal: GoalSummary): FigureRow[] | undefined {
	const {name, figure: of} = goal;
	const [figure, outcome] = of === null ? [] : [comparison?.judgements.simulator.figures[of], outcomes[name]];
	if (of === null || outcome?.figure !== of || comparison === null || figure === undefined || outcome === undefined) {
		return undefined;
	}

	const {naive, noModel} = comparison.baselines;
	return [{title, figure, naive: naive[of], noModel: noModel?.[of], outcome}];
}

function columnsOf(goal: GoalSummary): Column[] {
	const {factor = 1, suffix} = comparisonFigures.find(({name}) => name === goal.figure) ?? {suffix: ''};
	const number = (value: number | null | undefined) => (value == null ? '–' : significant(value * factor));
	const level = (of: FigureComparison['simulated']) =>
		of === null ? '–' : `${number(of.mean)} [${number(of.low)}, ${number(of.high)}]`;
	const isOfMeasured = goal.limit !== null && goal.unit === '1';
	return [
		{head: 'experiment', cell: ({title}) => title},
		{head: `simulated [${suffix}]`, cell: ({figure}) => level(figure.simulated)},
		...(goal.name === 'savings' ? [{head: "forecast's interval [%]", cell: forecastInterval}] : []),
		{head: `measured [${suffix}]`, cell: ({figure}) => level(figure.measured)},
		{
			head: `error [${suffix}]`,
			cell: ({figure}) => (figure.error === null ? '–' : errorText(figure.error, {factor})),
		},
		{head: 'of the measured', cell: ({outcome}) => (isOfMeasured ? outcomeText(goal, outcome) : '–')},
		{head: 'a run is off by', cell: ({figure}) => number(figure.absoluteError)},
		{head: 'repeats differ by', cell: ({figure}) => number(figure.noiseFloor)},
		{head: 'skill', cell: ({figure}) => skillText(figure)},
		{head: 'naive', cell: ({naive}) => number(naive)},
		{head: 'no model', cell: ({noModel}) => number(noModel)},
		{head: 'goal', cell: ({outcome}) => goalWords[outcome.verdict]},
	];
}

function skillText({skill, skillRange}: FigureComparison): string {
	return skill === null ? '–' : rangeText({value: skill, low: skillRange?.low ?? null, high: skillRange?.high ?? null});
}

/** For the mean of as many repeats as were measured. */
function forecastInterval({figure: {measured, error}}: FigureRow): string {
	return measured === null || error === null || error.low === null || error.high === null
		? '–'
		: `[${[error.low, error.high].map(end => significant(100 * (measured.mean + end))).join(', ')}]`;
}
