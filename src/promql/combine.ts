import type {ArithmeticOperator, ComparisonOperator, Expression, LabelChoice, SetOperator} from './expression.ts';
import {QueryFault} from './query-fault.ts';
import {type Element, keyOf, type Labels, nameLabel, only, type QueryValue, without} from './series.ts';

type Binary = Extract<Expression, {kind: 'binary'}>;

/**
 * QueryValue of an operator between two values.
 *
 * @throws {QueryFault} when several elements of a side have the same labels: many-to-many
 * @see prometheus v3.0 promql/engine.go, VectorBinop, VectorscalarBinop, VectorAnd, VectorOr, VectorUnless
 */
export function combineValues(binary: Binary, left: QueryValue, right: QueryValue): QueryValue {
	if (typeof left === 'number' && typeof right === 'number') {
		return numberOf(binary.operator, left, right);
	}

	if (typeof left === 'number' || typeof right === 'number') {
		return withNumber(binary, left, right);
	}

	return isSet(binary.operator) ? combineSets(binary, left, right) : matched(binary, left, right);
}

const isComparison = (operator: string): operator is ComparisonOperator => /^[=!<>]/.test(operator);
const isSet = (operator: string): operator is SetOperator => /^[a-z]/.test(operator);

function numberOf(operator: Binary['operator'], left: number, right: number): number {
	return isComparison(operator)
		? Number(compare(operator, left, right))
		: calculate(operator as ArithmeticOperator, left, right);
}

function calculate(operator: ArithmeticOperator, left: number, right: number): number {
	switch (operator) {
		case '+':
			return left + right;
		case '-':
			return left - right;
		case '*':
			return left * right;
		case '/':
			return left / right;
		case '%':
			return left % right;
	}
}

function compare(operator: ComparisonOperator, left: number, right: number): boolean {
	switch (operator) {
		case '==':
			return left === right;
		case '!=':
			return left !== right;
		case '>':
			return left > right;
		case '<':
			return left < right;
		case '>=':
			return left >= right;
		case '<=':
			return left <= right;
	}
}

/** A comparison keeps the vector's own value, on whichever side it stands. */
function withNumber({operator, isBoolean}: Binary, left: QueryValue, right: QueryValue): Element[] {
	const isLeft = typeof left !== 'number';
	const vector = (isLeft ? left : right) as readonly Element[];
	return vector.flatMap(({labels, value}) => {
		const sides = isLeft ? ([value, right as number] as const) : ([left as number, value] as const);
		const result = numberOf(operator, ...sides);
		if (isComparison(operator) && !isBoolean) {
			return result === 1 ? [{labels, value}] : [];
		}

		return [{labels: without(labels, [nameLabel]), value: result}];
	});
}

function matchLabels(labels: Labels, matching: LabelChoice | undefined): Labels {
	return matching?.only === true
		? only(labels, matching.labels)
		: without(labels, [...(matching?.labels ?? []), nameLabel]);
}

function byMatch(vector: readonly Element[], {matching}: Binary): Map<string, Element> {
	const found = new Map<string, Element>();
	for (const element of vector) {
		const key = keyOf(matchLabels(element.labels, matching));
		if (found.has(key)) {
			throw new QueryFault(
				0,
				'one element on each side of an operator, as sum makes it',
				'several with the same labels',
			);
		}

		found.set(key, element);
	}

	return found;
}

function matched(binary: Binary, left: readonly Element[], right: readonly Element[]): Element[] {
	const {operator, isBoolean, matching} = binary;
	const others = byMatch(right, binary);
	return [...byMatch(left, binary)].flatMap(([key, {labels, value}]) => {
		const other = others.get(key);
		if (other === undefined) {
			return [];
		}

		const result = numberOf(operator, value, other.value);
		const isFilter = isComparison(operator) && !isBoolean;
		const matches = matching?.only === true ? only(labels, matching.labels) : without(labels, matching?.labels ?? []);
		const kept = isFilter ? matches : without(matches, [nameLabel]);
		return isFilter ? (result === 1 ? [{labels: kept, value}] : []) : [{labels: kept, value: result}];
	});
}

function combineSets(binary: Binary, left: readonly Element[], right: readonly Element[]): Element[] {
	const keysOf = (vector: readonly Element[]) =>
		new Set(vector.map(({labels}) => keyOf(matchLabels(labels, binary.matching))));
	const isIn =
		(keys: ReadonlySet<string>) =>
		({labels}: Element) =>
			keys.has(keyOf(matchLabels(labels, binary.matching)));
	const isLeft = isIn(keysOf(left));
	const isRight = isIn(keysOf(right));
	switch (binary.operator as SetOperator) {
		case 'and':
			return left.filter(isRight);
		case 'unless':
			return left.filter(element => !isRight(element));
		case 'or':
			return [...left, ...right.filter(element => !isLeft(element))];
	}
}
