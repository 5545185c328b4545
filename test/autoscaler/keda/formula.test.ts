import test from 'ava';
import {parseModifierFormula} from '../../../src/autoscaler/keda/formula.ts';
import {FormulaError} from '../../../src/autoscaler/keda/formula-language.ts';

function computed(text: string, values: Readonly<Record<string, number | null>> = {}) {
	return parseModifierFormula(text, Object.keys(values)).compute(new Map(Object.entries(values)));
}

test('arithmetic binds as expr has it', t => {
	t.is(computed('1 + 2 * 3'), 7);
	t.is(computed('(1 + 2) * 3'), 9);
	t.is(computed('2 ** 3 ** 2'), 512);
	t.is(computed('-2 ^ 2'), -4);
	t.is(computed('7 / 2'), 3.5);
	t.is(computed('10 - 3 - 2'), 5);
	t.is(computed('a / 0', {a: 1}), Number.POSITIVE_INFINITY);
});

test('a choice, and, or and not', t => {
	t.is(computed('a > 2 ? a + b : 1', {a: 3, b: 4}), 7);
	t.is(computed('a > 2 ? a + b : 1', {a: 2, b: 4}), 1);
	t.is(computed('a > 2 && b > 2 or not (a == 2) ? 1 : 0', {a: 2, b: 4}), 0);
	t.is(computed('a > 5 ? 1 : a > 1 ? 2 : 3', {a: 2}), 2);
	t.is(computed('!(a > 5) and b != 1 ? 1 : 0', {a: 2, b: 4}), 1);
});

test('functions of numbers, of lists and with a predicate', t => {
	t.is(computed('max(a, b, 5)', {a: 3, b: 4}), 5);
	t.is(computed('min([a, b])', {a: 3, b: 4}), 3);
	t.is(computed('sum([a, b]) / len([a, b])', {a: 3, b: 4}), 3.5);
	t.is(computed('mean([a, b]) + median([1, 9, 2])', {a: 3, b: 4}), 5.5);
	t.is(computed('count([a, b], {# > 3})', {a: 3, b: 4}), 1);
	t.is(computed('sum(filter([a, b], {# > 3}))', {a: 3, b: 4}), 4);
	t.is(computed('any([a, b], {# > 3}) ? ceil(a / 2) : 0', {a: 3, b: 4}), 2);
	t.is(computed('int(3.9) + round(2.5) + floor(1.9) + abs(-1)'), 8);
	t.is(computed('let half = a / 2; half * half', {a: 4}), 4);
});

test('?? takes the place of a trigger that has failed, and binds most strongly', t => {
	t.is(computed('a ?? b', {a: null, b: 2}), 2);
	t.is(computed('a ?? 1 + 1', {a: null}), 2);
	t.is(computed('a ?? b', {a: null, b: null}), null);
	t.is(computed('a + b', {a: null, b: 2}), undefined, 'expr gives up');
});

test('what is beyond it is refused with a word', t => {
	const words = (text: string) =>
		t.throws(() => parseModifierFormula(text, ['a']), {instanceOf: FormulaError})!.message;
	t.is(words('b + 1'), 'b is no name of a trigger');
	t.is(words('a +'), 'a value is missing before the end');
	t.is(words('(a'), ') is missing before the end');
	t.is(words('a 2'), 'nothing may follow at "2"');
	t.is(words('a > 2'), 'it comes out as true or false, not as a number');
	t.is(words('a | b'), 'nothing like "| b" is modelled');
	t.regex(words('log(a)'), /^of expr's functions abs, .* are modelled, not log$/);
	t.is(words('#'), 'a value is missing before "#"');
	t.is(words('('.repeat(5000)), 'it is nested too deeply');
	t.is(words(''), 'a value is missing before the end');
});
