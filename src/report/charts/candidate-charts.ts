import type {Estimate} from '../../statistics/estimate.ts';
import {estimateRow, type FigureLabel} from './arm-charts.ts';
import type {Chart, Heading} from './chart.ts';
import {type EstimateRow, estimatesChart} from './estimates-chart.ts';

/** Effect of another value of a setting, all others as recommended. */
export type SettingChange = {
	readonly setting: string;
	/** The value, as a person writes it. */
	readonly value: string;
	/** Changed less recommended, in the unit of the axis. */
	readonly difference: Estimate;
	readonly meetsGoal: boolean;
};

/** Unit of a drawn figure, and the title of its axis, such as `Cost [$/h]`. */
export type DrawnFigure = FigureLabel & {readonly title: string; readonly unit: string};

/** Chart of each setting's effect: the change of the objective for other values of it. Grey: a bound is missed. */
export function sensitivityChart(
	heading: Heading,
	changes: readonly SettingChange[],
	{title, unit, factor = 1, label}: DrawnFigure,
): Chart {
	const rows = changes.flatMap(({setting, value, difference, meetsGoal}): EstimateRow[] => {
		const place = {category: setting, evidence: 'simulated', colour: meetsGoal ? 'dynamic' : 'claimed'} as const;
		const said = (mean: number) => `${value}: ${signed(mean, label)}${meetsGoal ? '' : ', misses a bound'}`;
		return estimateRow(place, difference, {factor, label: said}).map(row => ({
			...row,
			also: {setTo: value, keepsBounds: meetsGoal ? 'yes' : 'no'},
		}));
	});
	return estimatesChart(heading, rows, {title, unit, hasStems: true});
}

function signed(value: number, label: (value: number) => string): string {
	return `${value < 0 ? '−' : value > 0 ? '+' : '±'}${label(Math.abs(value))}`;
}

/** Candidate beside others; `measured` where it was replayed on a cluster. */
export type ShownCandidate = {
	readonly name: string;
	readonly simulated: Estimate;
	readonly measured?: Estimate;
	readonly isRecommended: boolean;
};

/** A figure of a few candidates side by side. */
export function candidatesChart(
	heading: Heading,
	candidates: readonly ShownCandidate[],
	{title, unit, ...quantity}: DrawnFigure,
): Chart {
	const rows = candidates.flatMap(({name: category, simulated, measured, isRecommended}) => [
		...estimateRow(
			{category, evidence: 'simulated', colour: isRecommended ? 'dynamic' : 'claimed'},
			simulated,
			quantity,
		),
		...(measured === undefined
			? []
			: estimateRow({category, evidence: 'measured', colour: 'measured'}, measured, quantity)),
	]);
	return estimatesChart(heading, rows, {title, unit, hasStems: true});
}
