import {knownSeries} from '../experiment/custom-metrics/known-series.ts';
import type {Expression} from '../promql/expression.ts';
import {parseQuery} from '../promql/parse-query.ts';
import {QueryFault} from '../promql/query-fault.ts';

/** Facts of a pod that bound its gauges. */
type PodFacts = {readonly parallel?: number | undefined};

/** Highest value of a query over some pods: for each pod where it is a sum, over all where it is not. */
type Highest = {readonly value: number; readonly isPerPod: boolean};

/** A larger value is no bound but a mistake. */
const largest = 1e12;

/**
 * Highest value that a query can ever have, from the bounds of the gauges that it reads.
 *
 * @returns undefined where it has no bound, or the query is not understood
 */
export function highestOfQuery(text: string, facts: PodFacts): Highest | undefined {
	try {
		const found = highest(parseQuery(text), facts);
		return found !== undefined && found.value >= 0 && found.value <= largest ? found : undefined;
	} catch (error) {
		if (error instanceof QueryFault) {
			return undefined;
		}

		throw error;
	}
}

/** Highest value of a gauge of a pod that is known by its name; undefined where it has no bound. */
export function highestOfSeries(name: string, {parallel}: PodFacts): number | undefined {
	const binding = knownSeries.get(name);
	if (binding?.exporter !== 'pods') {
		return undefined;
	}

	const {source, scale = 1} = binding;
	switch (source) {
		case 'kv-cache-use':
		case 'slot-use':
			return scale;
		case 'gpu-use':
			return 100 * scale;
		case 'running':
			return parallel === undefined ? undefined : parallel * scale;
		default:
			return undefined;
	}
}

function highest(expression: Expression, facts: PodFacts): Highest | undefined {
	switch (expression.kind) {
		case 'number':
			return {value: expression.value, isPerPod: false};
		case 'selector':
			return ofSeries(expression.selector.name, facts);
		case 'range':
			return /^(?:avg|min|max|last)_over_time$/.test(expression.function)
				? ofSeries(expression.selector.name, facts)
				: undefined;
		case 'aggregation': {
			const of = highest(expression.of, facts);
			const isSum = expression.operator === 'sum';
			return of === undefined || expression.operator === 'count' || (isSum && expression.grouping !== undefined)
				? undefined
				: {value: of.value, isPerPod: isSum};
		}

		case 'binary':
			return ofProduct(expression, facts);
		default:
			return undefined;
	}
}

function ofSeries(name: string, facts: PodFacts): Highest | undefined {
	const value = highestOfSeries(name, facts);
	return value === undefined ? undefined : {value, isPerPod: false};
}

/** Product with a positive number, or quotient by one. */
function ofProduct(
	{operator, left, right}: Extract<Expression, {kind: 'binary'}>,
	facts: PodFacts,
): Highest | undefined {
	const [first, second] = [highest(left, facts), highest(right, facts)];
	if (first === undefined || second === undefined) {
		return undefined;
	}

	const isScaled = right.kind === 'number' && right.value > 0;
	if (operator === '*' && (isScaled || (left.kind === 'number' && left.value > 0))) {
		return {value: first.value * second.value, isPerPod: first.isPerPod || second.isPerPod};
	}

	return operator === '/' && isScaled ? {value: first.value / second.value, isPerPod: first.isPerPod} : undefined;
}
