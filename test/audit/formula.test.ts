import test from 'ava';
import fc from 'fast-check';
import type {Measure} from '../../src/audit/evaluate.ts';
import {evaluate} from '../../src/audit/evaluate.ts';
import {namesIn, parseFormula} from '../../src/audit/formula.ts';
import {parseUnit} from '../../src/audit/unit.ts';

const given = (value: number, unit: string, [low, high] = [value, value]): Measure => {
	const {factor, dimension} = parseUnit(unit);
	return {value: value * factor, low: low * factor, high: high * factor, dimension};
};
const names: Readonly<Record<string, Measure>> = {
	'hourly-fixed': given(0.174, '$/h'),
	'hourly-dynamic': given(0.058, '$/h'),
	pods: given(6, 'pods'),
	'cpu-use': given(87, '%'),
	rate: given(10, 'requests/s', [8, 12]),
};
const reckon = (text: string) => evaluate(parseFormula(text), id => names[id], []);

const gives = test.macro({
	exec(t, text: string, value: number, unit: string) {
		const result = reckon(text)!;
		const {factor, dimension} = parseUnit(unit);
		t.deepEqual(result.dimension, dimension);
		t.true(Math.abs(result.value / factor - value) < 1e-9, String(result.value / factor));
	},
	title: (_, text, value, unit) => `${text} is ${value} ${unit}`,
});

test(gives, 'hourly-fixed - hourly-dynamic', 0.116, '$/h');
test(gives, '(hourly-fixed - hourly-dynamic) * 365 [days]', 1016.16, '$');
test(gives, '(hourly-fixed - hourly-dynamic) / hourly-fixed', 2 / 3, '1');
test(gives, 'ceil(2 [pods] * cpu-use / 70 [%])', 3, 'pods');
test(gives, 'ceil(pods / 0.1)', 60, 'pods');
test(gives, 'floor(2.7) + round(2.5) + ceil(0.1)', 6, '1');
test(gives, 'max(pods, 2 [pods], 7 [pods]) - min(pods, 2 [pods])', 5, 'pods');
test(gives, '1 + 2 * 3 - 4 / 2', 5, '1');
test(gives, '8 / 4 / 2', 1, '1');
test(gives, '10 - 3 - 2', 5, '1');

test('an interval goes through', t => {
	const {low, high} = reckon('100 [requests/s] / rate - 1')!;
	t.true(Math.abs(low - (100 / 12 - 1)) < 1e-12);
	t.true(Math.abs(high - (100 / 8 - 1)) < 1e-12);
	const difference = reckon('20 [requests/s] - rate')!;
	t.deepEqual([difference.low, difference.high], [8, 12]);
});

test('a name without a value leaves the formula without one', t => {
	t.is(reckon('pods * unknown'), undefined);
	t.is(reckon('max(pods, unknown)'), undefined);
});

test('the names of a formula, each once', t => {
	t.deepEqual(namesIn(parseFormula('ceil(a-b / c) + max(a-b, d2) * 3 [pods]')), ['a-b', 'c', 'd2']);
});

const refuses = test.macro({
	exec(t, text: string, message: RegExp) {
		const error = t.throws(() => reckon(text), {instanceOf: RangeError, message});
		t.false(error?.message.includes('\n'));
	},
	title: (_, text: string) => `refuses ${text.slice(0, 40)}`,
});

test(refuses, '', /Expected a name, a number or \( in the formula , got its end/);
test(refuses, 'pods +', /got its end/);
test(refuses, 'pods pods', /Expected an operator in the formula pods pods, got pods/);
test(refuses, '(pods', /Expected \)/);
test(refuses, 'pods ? 2', /Expected a formula, got "\? 2"/);
test(refuses, 'sqrt(4)', /Expected sqrt to be one of ceil/);
test(refuses, 'ceil(1, 2)', /Expected ceil to have one argument, got 2/);
test(refuses, 'max(1)', /two arguments or more, got 1/);
test(refuses, 'pods + hourly-fixed', /Expected units that can be added, got pod and \$\/s/);
test(refuses, 'max(pods, 3)', /Expected units that can be compared, got pod and 1/);
test(refuses, 'ceil(hourly-fixed)', /Expected ceil to be of a number or a count, got \$\/s/);
test(refuses, '2 [stones]', /"stones" in the unit stones to be a known unit/);
test(refuses, `${'('.repeat(80)}1${')'.repeat(80)}`, /at most 50 factors/);

test('any text is a formula or a fault in one line', t => {
	fc.assert(
		fc.property(fc.string({maxLength: 40}), text => {
			try {
				parseFormula(text);
			} catch (error) {
				return error instanceof RangeError;
			}

			return true;
		}),
		{seed: 42, numRuns: 2000},
	);
	t.pass();
});
