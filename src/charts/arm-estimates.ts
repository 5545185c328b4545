import {currencyPrefix, currencySign} from '../experiment/currency.ts';
import type {Estimate} from '../forecast/summary.ts';
import type {EstimateRow, Evidence} from './estimates-chart.ts';
import {formatValue} from './format-value.ts';
import type {Colour} from './palette.ts';

/** What one arm comes to, by simulation or by measurement. */
export type Source<Figures> = {
	readonly evidence: Exclude<Evidence, 'claimed'>;
	readonly arm: 'dynamic' | 'fixed';
	readonly figures: Figures;
};

/** How a figure is shown: in which unit, and as which words. */
export type Quantity = {readonly factor?: number; readonly label: (value: number) => string};

export const seconds: Quantity = {label: value => `${formatValue(value)} s`};
export const wattHours: Quantity = {label: value => `${formatValue(value)} Wh`};
export const perSecond: Quantity = {label: value => `${formatValue(value)} /s`};

/** Money for an hour: how it is shown, and what its axis is called. */
export function hourlyMoney(currency: string): Quantity & {readonly title: string; readonly unit: string} {
	const unit = `${currencySign(currency)}/h`;
	return {title: `Cost [${unit}]`, unit, label: value => `${currencyPrefix(currency)}${formatValue(value)}`};
}

type Place = Pick<EstimateRow, 'category' | 'evidence' | 'colour'>;

/** A row of an estimate; none where nothing was found. */
export function estimateRow(place: Place, {mean, low, high}: Estimate, {factor = 1, label}: Quantity): EstimateRow[] {
	if (mean === null) {
		return [];
	}

	const times = (value: number | null) => (value === null ? null : value * factor);
	return [{...place, value: mean * factor, low: times(low), high: times(high), label: label(mean * factor)}];
}

/** A row a source. */
export function sourceRows<Figures>(
	sources: readonly Source<Figures>[],
	category: string,
	of: (figures: Figures) => Estimate,
	quantity: Quantity,
): EstimateRow[] {
	return sources.flatMap(({evidence, arm, figures}) =>
		estimateRow({category, evidence, colour: colourOf(evidence, arm)}, of(figures), quantity),
	);
}

/** A published number; none where nothing was published. */
export function claimedRow(category: string, value: number | undefined, {label}: Quantity): EstimateRow[] {
	return value === undefined
		? []
		: [{category, evidence: 'claimed', colour: 'claimed', value, low: null, high: null, label: label(value)}];
}

function colourOf(evidence: Evidence, colour: Colour): Colour {
	return evidence === 'simulated' ? colour : evidence;
}
