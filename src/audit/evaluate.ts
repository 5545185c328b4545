import type {Formula} from './formula.ts';
import {add, extreme, type Measure, rounded, times} from './measure.ts';
import {parseUnit} from './unit.ts';

/** What a formula's names stand for; undefined where a figure could not be had. */
export type Lookup = (id: string) => Measure | undefined;

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
