import type {FigureComparison} from '../comparison/compare-figures.ts';
import type {GoalOutcome} from '../validation/goals.ts';
import type {GoalSummary, ValidatedExperiment} from '../validation/validation.ts';
import {comparisonFigures} from './comparison-figures.ts';
import {errorText, goalWords, outcomeText, rangeText} from './goal-words.ts';
import {markdownTable} from './markdown-table.ts';
import {significant} from './significant.ts';

type Told = {
	readonly title: string;
	readonly figure: FigureComparison;
	readonly naive: number | null | undefined;
	readonly noModel: number | null | undefined;
	readonly outcome: GoalOutcome;
};

type Column = {readonly head: string; readonly cell: (told: Told) => string};

/** A section for each goal that is about one figure: its error, and what that is held against. */
export function figureSections(experiments: readonly ValidatedExperiment[], goals: readonly GoalSummary[]): string[] {
	return goals.flatMap(goal => {
		const rows = experiments.flatMap(experiment => toldOf(experiment, goal) ?? []);
		const columns = columnsOf(goal).filter(({cell}) => rows.some(row => cell(row) !== '–'));
		const table = [columns.map(({head}) => head), ...rows.map(row => columns.map(({cell}) => cell(row)))];
		return rows.length === 0 ? [] : [`### ${goal.title}`, markdownTable(table)];
	});
}

function toldOf({title, comparison, outcomes}: ValidatedExperiment, goal: GoalSummary): Told[] | undefined {
	const {name, figure: of} = goal;
	const [figure, outcome] = of === null ? [] : [comparison?.figures[of], outcomes[name]];
	if (of === null || comparison === null || figure === undefined || outcome === undefined) {
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
function forecastInterval({figure: {measured, error}}: Told): string {
	return measured === null || error === null || error.low === null || error.high === null
		? '–'
		: `[${[error.low, error.high].map(end => significant(100 * (measured.mean + end))).join(', ')}]`;
}
