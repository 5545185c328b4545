import {CompensatedSum} from './compensated-sum.ts';
import type {Aggregation, Expression, LabelChoice} from './expression.ts';
import {type Element, keyOf, type Labels, nameLabel, only, without} from './series.ts';

/**
 * Makes one element of each group of elements.
 *
 * @see prometheus v3.0 promql/engine.go, aggregation
 */
export function aggregate(
	{operator, grouping}: Extract<Expression, {kind: 'aggregation'}>,
	vector: readonly Element[],
): Element[] {
	const groups = new Map<string, {labels: Labels; values: number[]}>();
	for (const {labels, value} of vector) {
		const key = groupKey(labels, grouping);
		const known = groups.get(key);
		if (known === undefined) {
			groups.set(key, {labels: labelsOf(labels, grouping), values: [value]});
		} else {
			known.values.push(value);
		}
	}

	return [...groups.values()].map(({labels, values}) => ({labels, value: aggregated(operator, values)}));
}

/** Text that is the same for the labels of one group. */
function groupKey(labels: Labels, grouping: LabelChoice | undefined): string {
	if (grouping === undefined) {
		return '';
	}

	const [first, second] = grouping.labels;
	return grouping.only && second === undefined
		? first === undefined
			? ''
			: (labels.get(first) ?? '')
		: keyOf(labelsOf(labels, grouping));
}

const none: Labels = new Map();

function labelsOf(labels: Labels, grouping: LabelChoice | undefined): Labels {
	if (grouping === undefined) {
		return none;
	}

	return grouping.only ? only(labels, grouping.labels) : without(labels, [...grouping.labels, nameLabel]);
}

function aggregated(operator: Aggregation, values: readonly number[]): number {
	switch (operator) {
		case 'count':
			return values.length;
		case 'sum':
			return sumOf(values);
		case 'avg':
			return sumOf(values) / values.length;
		case 'min':
			return values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least));
		case 'max':
			return values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most));
	}
}

function sumOf(values: readonly number[]): number {
	const sum = new CompensatedSum();
	for (const value of values) {
		sum.add(value);
	}

	return sum.value;
}
