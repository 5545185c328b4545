import {aggregate} from './aggregate.ts';
import {bucketQuantile} from './bucket-quantile.ts';
import {combineValues} from './combine.ts';
import type {Expression, Selector} from './expression.ts';
import {isMatched} from './parse-selector.ts';
import {
	type Element,
	keyOf,
	nameLabel,
	type QueryValue,
	type Sample,
	type Series,
	without,
	withoutName,
} from './series.ts';
import {type WindowPoint, windowFunction} from './window-functions.ts';

/** Database that a query reads, at one time. */
export type Database = {
	/** [ms] */
	readonly now: number;
	/** Age from which a sample is no longer the newest one of its series [ms]. */
	readonly lookback: number;
	/** All series of a metric. */
	readonly seriesOf: (name: string) => readonly Series[];
};

/**
 * Evaluates a query at one time. Windows and lookback are open at their start.
 *
 * @see prometheus v3.0 promql/engine.go and functions.go
 */
export function evaluateQuery(expression: Expression, database: Database): QueryValue {
	switch (expression.kind) {
		case 'number':
			return expression.value;
		case 'selector':
			return newest(expression.selector, database);
		case 'range':
			return window(expression, database);
		case 'aggregation':
			return aggregate(expression, vectorOf(expression.of, database));
		case 'elements':
			return elements(expression, database);
		case 'quantile':
			return quantiles(scalarOf(expression.quantile, database), vectorOf(expression.of, database));
		case 'vector':
			return [{labels: new Map(), value: scalarOf(expression.of, database)}];
		case 'scalar': {
			const vector = vectorOf(expression.of, database);
			return vector.length === 1 ? vector[0]!.value : Number.NaN;
		}

		case 'negation': {
			const value = evaluateQuery(expression.of, database);
			return typeof value === 'number' ? -value : mapped(value, number => -number);
		}

		case 'absent':
			return vectorOf(expression.of, database).length > 0 ? [] : [{labels: new Map(expression.labels), value: 1}];
		case 'binary': {
			const {left, right} = expression;
			return combineValues(expression, evaluateQuery(left, database), evaluateQuery(right, database));
		}
	}
}

function scalarOf(expression: Expression, database: Database): number {
	const value = evaluateQuery(expression, database);
	return typeof value === 'number' ? value : Number.NaN;
}

function vectorOf(expression: Expression, database: Database): readonly Element[] {
	const value = evaluateQuery(expression, database);
	return typeof value === 'number' ? [] : value;
}

function mapped(vector: readonly Element[], change: (value: number) => number): Element[] {
	return vector.map(({labels, value}) => ({labels: withoutName(labels), value: change(value)}));
}

function selected({name, matchers}: Selector, {seriesOf}: Database): readonly Series[] {
	const all = seriesOf(name);
	return matchers.length === 0
		? all
		: all.filter(({labels}) => matchers.every(matcher => isMatched(matcher, labels.get(matcher.label) ?? '')));
}

/** Newest sample of each series, where it is young enough and no stale marker. */
function newest(selector: Selector, database: Database): Element[] {
	const {now, lookback} = database;
	const found: Element[] = [];
	for (const {labels, samples} of selected(selector, database)) {
		const sample = samples.findLast(({at}) => at <= now);
		if (sample?.value !== undefined && sample.at > now - lookback) {
			found.push({labels, value: sample.value});
		}
	}

	return found;
}

function window(expression: Extract<Expression, {kind: 'range'}>, database: Database): Element[] {
	const {now} = database;
	const start = now - expression.range;
	const found: Element[] = [];
	for (const {labels, samples} of selected(expression.selector, database)) {
		const points = pointsWithin(samples, start, now);
		const value = points.length === 0 ? undefined : windowFunction(expression.function, points, {start, end: now});
		if (value !== undefined) {
			const kept = expression.function === 'last_over_time' ? labels : withoutName(labels);
			found.push({labels: kept, value});
		}
	}

	return found;
}

/** Samples of a window, open at its start. */
function pointsWithin(samples: readonly Sample[], start: number, end: number): WindowPoint[] {
	const points: WindowPoint[] = [];
	for (let index = samples.length - 1; index >= 0; index--) {
		const {at, value} = samples[index]!;
		if (at <= start) {
			break;
		}

		if (at <= end && value !== undefined) {
			points.push({at, value});
		}
	}

	return points.reverse();
}

function elements(expression: Extract<Expression, {kind: 'elements'}>, database: Database): Element[] {
	const [first = Number.NaN, second = Number.NaN] = expression.parameters.map(parameter =>
		scalarOf(parameter, database),
	);
	const vector = vectorOf(expression.of, database);
	switch (expression.function) {
		case 'abs':
			return mapped(vector, Math.abs);
		case 'ceil':
			return mapped(vector, Math.ceil);
		case 'floor':
			return mapped(vector, Math.floor);
		case 'round':
			return mapped(vector, value => Math.floor(value + 0.5));
		case 'sgn':
			return mapped(vector, Math.sign);
		case 'clamp_min':
			return mapped(vector, value => Math.max(first, value));
		case 'clamp_max':
			return mapped(vector, value => Math.min(first, value));
		case 'clamp':
			return first > second ? [] : mapped(vector, value => Math.max(first, Math.min(second, value)));
	}
}

/** Bound of a bucket: `+Inf`, or a number. */
function boundOf(text: string): number {
	return /^\+?Inf$/i.test(text)
		? Number.POSITIVE_INFINITY
		: /^-Inf$/i.test(text)
			? Number.NEGATIVE_INFINITY
			: Number(text);
}

/** Elements without a bound are passed over, as Prometheus does. */
function quantiles(quantile: number, vector: readonly Element[]): Element[] {
	const groups = new Map<string, {labels: Element['labels']; buckets: {bound: number; count: number}[]}>();
	for (const {labels, value} of vector) {
		const bound = boundOf(labels.get('le') ?? 'none');
		if (!Number.isNaN(bound)) {
			const rest = without(labels, [nameLabel, 'le']);
			const key = keyOf(rest);
			const group = groups.get(key) ?? {labels: rest, buckets: []};
			group.buckets.push({bound, count: value});
			groups.set(key, group);
		}
	}

	return [...groups.values()].map(({labels, buckets}) => ({labels, value: bucketQuantile(quantile, buckets)}));
}
