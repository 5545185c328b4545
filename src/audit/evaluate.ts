import type {Formula} from './formula.ts';
import {combine, type Dimension, describeDimension, isCountable, isSameDimension, parseUnit} from './unit.ts';

/** Value of a name in a formula; undefined when the figure is not available. */
type Lookup = (id: string) => Measure | undefined;

/**
 * The value of a formula.
 *
 * @param own - further names of what is counted
 * @returns undefined when one of its names has no value
 * @throws {RangeError} when units do not fit or are unknown
 */
export function evaluate(formula: Formula, lookup: Lookup, own: readonly string[]): Measure | undefined {
	switch (formula.kind) {
		case 'number': {
			const {factor, dimension} = parseUnit(formula.unit, own);
			const value = formula.value * factor;
			return {value, low: value, high: value, dimension};
		}

		case 'name':
			return lookup(formula.id);
		case 'operation': {
			const left = evaluate(formula.left, lookup, own);
			const right = evaluate(formula.right, lookup, own);
			return left === undefined || right === undefined ? undefined : apply(formula.operator, left, right);
		}

		case 'call': {
			const of = formula.of.map(argument => evaluate(argument, lookup, own));
			return of.every(argument => argument !== undefined) ? call(formula.name, of) : undefined;
		}
	}
}

function apply(operator: '+' | '-' | '*' | '/', left: Measure, right: Measure): Measure {
	switch (operator) {
		case '+':
			return add(left, right, 1);
		case '-':
			return add(left, right, -1);
		case '*':
			return times(left, right, 1);
		case '/':
			return times(left, right, -1);
	}
}

function call(name: 'ceil' | 'floor' | 'round' | 'min' | 'max', of: readonly Measure[]): Measure {
	return name === 'min' || name === 'max' ? extreme(name, of) : rounded(name, of[0]!);
}

/** A value in base units with the ends of its interval, which are the value where there is none. */
export type Measure = {
	readonly value: number;
	readonly low: number;
	readonly high: number;
	readonly dimension: Dimension;
};

/** @throws {RangeError} when the units do not fit */
function add(left: Measure, right: Measure, sign: 1 | -1): Measure {
	requireSame(left, right, sign === 1 ? 'added' : 'subtracted');
	const [low, high] = sign === 1 ? [right.low, right.high] : [-right.high, -right.low];
	return {
		value: left.value + sign * right.value,
		low: left.low + low,
		high: left.high + high,
		dimension: left.dimension,
	};
}

/** Product, or with `sign` −1 the quotient; its interval is spanned by those of the ends. */
function times(left: Measure, right: Measure, sign: 1 | -1): Measure {
	const of = (a: number, b: number) => (sign === 1 ? a * b : a / b);
	const ends = [left.low, left.high].flatMap(a => [right.low, right.high].map(b => of(a, b)));
	return {
		value: of(left.value, right.value),
		low: Math.min(...ends),
		high: Math.max(...ends),
		dimension: combine(left.dimension, right.dimension, sign),
	};
}

/**
 * A whole number of what is counted.
 *
 * @throws {RangeError} for seconds, bytes and the like
 */
function rounded(name: 'ceil' | 'floor' | 'round', {value, low, high, dimension}: Measure): Measure {
	if (!isCountable(dimension)) {
		throw new RangeError(`Expected ${name} to be of a number or a count, got ${describeDimension(dimension)}`);
	}

	// 6 / 0.1 in doubles is a hair above 60 and must not become 61.
	const of = (number: number) => {
		const near = Math.round(number);
		return Math.abs(number - near) < 1e-9 * Math.max(1, Math.abs(number)) ? near : Math[name](number);
	};
	return {value: of(value), low: of(low), high: of(high), dimension};
}

/** @throws {RangeError} when the units do not fit */
function extreme(name: 'min' | 'max', of: readonly Measure[]): Measure {
	const [first] = of as [Measure, ...Measure[]];
	for (const other of of) {
		requireSame(first, other, 'compared');
	}

	return {
		value: Math[name](...of.map(({value}) => value)),
		low: Math[name](...of.map(({low}) => low)),
		high: Math[name](...of.map(({high}) => high)),
		dimension: first.dimension,
	};
}

function requireSame(left: Measure, right: Measure, how: string): void {
	if (!isSameDimension(left.dimension, right.dimension)) {
		const units = `${describeDimension(left.dimension)} and ${describeDimension(right.dimension)}`;
		throw new RangeError(`Expected units that can be ${how}, got ${units}`);
	}
}
