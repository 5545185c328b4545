import test from 'ava';
import fc from 'fast-check';
import {
	approximateQuantity,
	formatQuantityMilli,
	parseQuantity,
	parseQuantityMilli,
} from '../../src/autoscaler/quantity.ts';

const reads = test.macro({
	exec(t, text: string | number, value: number, milli: number) {
		t.is(parseQuantity(text), value);
		t.is(parseQuantityMilli(text), milli);
	},
	title: (_, text, value) => `${JSON.stringify(text)} is ${value}`,
});

test(reads, '500m', 0.5, 500);
test(reads, '0', 0, 0);
test(reads, 2, 2, 2000);
test(reads, 0.1, 0.1, 100);
test(reads, '1.5', 1.5, 1500);
test(reads, '.5', 0.5, 500);
test(reads, '1.', 1, 1000);
test(reads, '+3k', 3000, 3_000_000);
test(reads, '-2', -2, -2000);
test(reads, '1M', 1e6, 1e9);
test(reads, '1G', 1e9, 1e12);
test(reads, '1T', 1e12, 1e15);
test(reads, '1P', 1e15, 1e18);
test(reads, '1E', 1e18, 1e21);
test(reads, '1Ki', 1024, 1_024_000);
test(reads, '64Mi', 64 * 2 ** 20, 64 * 2 ** 20 * 1000);
test(reads, '1.5Gi', 1.5 * 2 ** 30, 1.5 * 2 ** 30 * 1000);
test(reads, '1Ti', 2 ** 40, 2 ** 40 * 1000);
test(reads, '1Pi', 2 ** 50, 2 ** 50 * 1000);
test(reads, '1Ei', 2 ** 60, 2 ** 60 * 1000);
test(reads, '1e3', 1000, 1e6);
test(reads, '1E3', 1000, 1e6);
test(reads, '12e-3', 0.012, 12);
test(reads, '1e+2', 100, 1e5);
test(reads, '1u', 1e-6, 1);
test(reads, '1n', 1e-9, 1);
test(reads, '1500u', 0.0015, 2);
test(reads, '123456789n', 0.123456789, 124);
test(reads, '1000001n', 0.001000001, 2);
test(reads, '-1500u', -0.0015, -2);
test(reads, '0.0001', 0.0001, 1);
test(reads, '9007199254740993', 9007199254740992, 9007199254740993000);

const refuses = test.macro({
	exec(t, text: string) {
		t.throws(() => parseQuantity(text), {instanceOf: RangeError, message: /^Expected quantity to be .*, got /});
		t.throws(() => parseQuantityMilli(text), {instanceOf: RangeError});
	},
	title: (_, text) => `refuses ${JSON.stringify(text)}`,
});

for (const text of [
	'',
	'.',
	'm',
	'1x',
	'1 Gi',
	' 1',
	'1Gib',
	'1mi',
	'1K',
	'1ki',
	'1e',
	'1e1.5',
	'one',
	'--1',
	'1Gi2',
	'NaN',
	'Infinity',
]) {
	test(refuses, text);
}

const prints = test.macro({
	exec(t, text: string, format: 'decimal' | 'binary', expected: string) {
		t.is(formatQuantityMilli(parseQuantityMilli(text), format), expected);
	},
	title: (_, text, format, expected) => `${text} prints as ${expected} in ${format} form`,
});

test(prints, '1.5', 'decimal', '1500m');
test(prints, '2000m', 'decimal', '2');
test(prints, '3000', 'decimal', '3k');
test(prints, '1.5Gi', 'binary', '1536Mi');
test(prints, '1000', 'binary', '1000');
test(prints, '0', 'binary', '0');

test('a printed quantity reads as itself', t => {
	fc.assert(
		fc.property(fc.maxSafeNat(), fc.constantFrom('decimal' as const, 'binary' as const), (milli, format) => {
			t.is(parseQuantityMilli(formatQuantityMilli(milli, format)), milli);
		}),
	);
});

test('a fraction is the double that Go makes of its stored form', t => {
	t.is(approximateQuantity('0.3'), 300 * 0.001);
	t.is(approximateQuantity('50m'), 50 * 0.001);
	t.is(approximateQuantity('1'), 1);
	t.is(approximateQuantity('0.0005'), 500 * 1e-6);
	t.is(approximateQuantity('0'), 0);
});
