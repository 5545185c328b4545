/** Operators that make one element of many. */
export const aggregations = ['sum', 'avg', 'min', 'max', 'count'] as const;

/** Functions of the samples of a window. */
export const rangeFunctions = [
	'rate',
	'irate',
	'increase',
	'delta',
	'avg_over_time',
	'min_over_time',
	'max_over_time',
	'sum_over_time',
	'count_over_time',
	'last_over_time',
] as const;

/** Functions of each element, and their further arguments. */
export const elementFunctions = {
	abs: 0,
	ceil: 0,
	floor: 0,
	round: 0,
	sgn: 0,
	clamp: 2,
	clamp_min: 1,
	clamp_max: 1,
} as const;

export const arithmeticOperators = ['+', '-', '*', '/', '%'] as const;
export const comparisons = ['==', '!=', '>', '<', '>=', '<='] as const;
export const setOperators = ['and', 'or', 'unless'] as const;

export type Aggregation = (typeof aggregations)[number];
export type RangeFunction = (typeof rangeFunctions)[number];
export type ElementFunction = keyof typeof elementFunctions;
export type ArithmeticOperator = (typeof arithmeticOperators)[number];
export type ComparisonOperator = (typeof comparisons)[number];
export type SetOperator = (typeof setOperators)[number];
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator;

/** Condition on a label; a label that a series lacks is empty. Expressions are anchored at both ends. */
export type Matcher = {
	readonly label: string;
	readonly operator: '=' | '!=' | '=~' | '!~';
	readonly value: string;
	/** Place in the query, from 0. */
	readonly offset: number;
};

/** Series that a query reads. */
export type Selector = {
	/** Name of the metric. */
	readonly name: string;
	readonly matchers: readonly Matcher[];
	/** Place in the query, from 0. */
	readonly offset: number;
};

/** Labels by which elements are grouped or matched: only these, or all but these. */
export type LabelChoice = {readonly only: boolean; readonly labels: readonly string[]};

/** A query that is understood. It is plain data: it can be cloned and written as JSON. */
export type Expression =
	| {readonly kind: 'number'; readonly value: number}
	| {readonly kind: 'selector'; readonly selector: Selector}
	| {
			readonly kind: 'range';
			readonly function: RangeFunction;
			readonly selector: Selector;
			/** Length of the window [ms]. */
			readonly range: number;
	  }
	| {
			readonly kind: 'aggregation';
			readonly operator: Aggregation;
			/** Left out: all elements are one group. */
			readonly grouping?: LabelChoice;
			readonly of: Expression;
	  }
	| {
			readonly kind: 'elements';
			readonly function: ElementFunction;
			readonly of: Expression;
			readonly parameters: readonly Expression[];
	  }
	| {readonly kind: 'quantile'; readonly quantile: Expression; readonly of: Expression}
	| {readonly kind: 'vector' | 'scalar' | 'negation'; readonly of: Expression}
	| {readonly kind: 'absent'; readonly of: Expression; readonly labels: readonly (readonly [string, string])[]}
	| {
			readonly kind: 'binary';
			readonly operator: BinaryOperator;
			readonly left: Expression;
			readonly right: Expression;
			/** Left out: all labels but the name must be equal. */
			readonly matching?: LabelChoice;
			/** A comparison gives 1 or 0 instead of leaving elements out. */
			readonly isBoolean: boolean;
	  };

/** Whether an expression is one number without labels, whatever the series. */
export function isScalar(expression: Expression): boolean {
	switch (expression.kind) {
		case 'number':
		case 'scalar':
			return true;
		case 'negation':
			return isScalar(expression.of);
		case 'binary':
			return isScalar(expression.left) && isScalar(expression.right);
		default:
			return false;
	}
}

/** Parts of an expression, outermost first. */
export function* partsOf(expression: Expression): Generator<Expression> {
	yield expression;
	switch (expression.kind) {
		case 'number':
		case 'selector':
		case 'range':
			return;
		case 'binary':
			yield* partsOf(expression.left);
			yield* partsOf(expression.right);
			return;
		case 'elements':
			yield* partsOf(expression.of);
			for (const parameter of expression.parameters) {
				yield* partsOf(parameter);
			}

			return;
		case 'quantile':
			yield* partsOf(expression.quantile);
			yield* partsOf(expression.of);
			return;
		default:
			yield* partsOf(expression.of);
	}
}

/** Selectors of an expression. */
export function selectorsOf(expression: Expression): Selector[] {
	return [...partsOf(expression)].flatMap(part =>
		part.kind === 'selector' || part.kind === 'range' ? [part.selector] : [],
	);
}

/** Longest window that an expression reads [ms]; 0 where it reads the newest samples alone. */
export function longestWindow(expression: Expression): number {
	return [...partsOf(expression)].reduce(
		(most, part) => (part.kind === 'range' ? Math.max(most, part.range) : most),
		0,
	);
}

/** Expression with each selector changed. */
export function withSelectors(expression: Expression, change: (selector: Selector) => Selector): Expression {
	const inner = (part: Expression) => withSelectors(part, change);
	switch (expression.kind) {
		case 'number':
			return expression;
		case 'selector':
		case 'range':
			return {...expression, selector: change(expression.selector)};
		case 'binary':
			return {...expression, left: inner(expression.left), right: inner(expression.right)};
		case 'elements':
			return {...expression, of: inner(expression.of), parameters: expression.parameters.map(inner)};
		case 'quantile':
			return {...expression, quantile: inner(expression.quantile), of: inner(expression.of)};
		default:
			return {...expression, of: inner(expression.of)};
	}
}

/** Whether an expression may have an element for each pod whose series it reads, as far as its aggregations do not make one of them. */
export function isPerPod(expression: Expression): boolean {
	switch (expression.kind) {
		case 'selector':
		case 'range':
			return true;
		case 'aggregation': {
			const {grouping, of} = expression;
			return grouping !== undefined && grouping.labels.includes('pod') === grouping.only && isPerPod(of);
		}

		case 'binary':
			return isPerPod(expression.left) || isPerPod(expression.right);
		case 'elements':
		case 'quantile':
		case 'negation':
			return isPerPod(expression.of);
		default:
			return false;
	}
}
