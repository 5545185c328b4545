import test from 'ava';

import {
	count,
	formatEstimate,
	formatNumber,
	money,
	percent,
	seconds,
	type UnitRule,
	wattHours,
} from '../../src/report/text/format.ts';
import type {Estimate} from '../../src/statistics/estimate.ts';

const estimate = (mean: number | null, halfWidth?: number): Estimate =>
	mean === null || halfWidth === undefined
		? {mean, low: null, high: null}
		: {mean, low: mean - halfWidth, high: mean + halfWidth};

const reads = test.macro({
	exec(t, given: Estimate, quantity: UnitRule, expected: string) {
		t.is(formatEstimate(given, quantity), expected);
	},
	title: (_, __, ___, expected) => `reads ${expected}`,
});

test(reads, estimate(null), seconds, '–');
test(reads, estimate(0.81234, 0.0162), seconds, '812 ms [796, 829]');
test(reads, estimate(14.02, 1.1), seconds, '14.0 s [12.9, 15.1]');
test(reads, estimate(2.5), seconds, '2.50 s');
test(reads, estimate(0.9995, 0.0002), percent, '99.95 % [99.93, 99.97]');
test(reads, estimate(1, 0), percent, '100 % [100, 100]');
test(reads, estimate(0.0991, 0.002), money('USD'), '$0.0991 [0.0971, 0.1011]');
test(reads, estimate(656.13, 13), money('USD'), '$656.13 [643.13, 669.13]');
test(reads, estimate(-12.5, 1), money('USD'), '-$12.50 [-13.50, -11.50]');
test(reads, estimate(1500, 150), wattHours, '1.50 kWh [1.35, 1.65]');
test(reads, estimate(3.4, 1.2), count, '3.4 [2.2, 4.6]');
test(reads, estimate(0, 0), count, '0.00 [0.00, 0.00]');
test(reads, estimate(12_345.6), count, '12,346');

test('a value that rounds to nothing has no sign', t => {
	t.is(formatNumber(-0.001, 2), '0.00');
	t.is(formatNumber(-0.01, 2), '-0.01');
});
