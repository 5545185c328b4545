import test from 'ava';
import {estimateError} from '../../src/comparison/error-estimate.ts';

const column = (values: readonly number[]) => values.map(value => [value]);

test('the error is the mean over replications and repeats', t => {
	const {value, absolute} = estimateError([
		[1, -1],
		[2, 0],
	])!;
	t.is(value, 0.5);
	t.is(absolute, 1);
});

test('a pair without the figure is left out, and none at all is nothing', t => {
	t.is(estimateError([[Number.NaN, 2]])!.value, 2);
	t.is(estimateError([[Number.NaN]]), undefined);
});

test('a single repeat is taken to vary as the replications do', t => {
	// s = 1 with 4 degrees of freedom; t(0.95, 4) = 2.1318, and the bootstrap of five values beside it.
	const values = [-1.264911, -0.632456, 0, 0.632456, 1.264911];
	const {low, high} = estimateError(column(values))!.interval!;
	t.true(high > 2.1318 && high < 2.1318 * 1.15, `${high}`);
	t.true(low < -2.1318);
});

test('repeats that vary more than the replications count by their own spread', t => {
	// Deviation 2 over three repeats: t(0.95, 2) · 2 / √3 = 3.3717.
	const errors = Array.from({length: 50}, (_, index) => [-2, 0, 2].map(m => m + (index % 2) * 0.01));
	const {low, high} = estimateError(errors)!.interval!;
	t.true(Math.abs((high - low) / 2 - 3.3717) < 0.01, `${(high - low) / 2}`);
});

test('repeats that vary no more are pooled with the replications', t => {
	const errors = Array.from({length: 50}, (_, index) => [-0.01, 0, 0.01].map(m => m + (index % 2 === 0 ? 1 : -1)));
	const {low, high} = estimateError(errors)!.interval!;
	// The replications' deviation is 1.0102: pooled 1.0000, t(0.95, 51) = 1.675, √3; beside it the bootstrap's 0.23.
	const expected = Math.hypot((1.675 * 1.0) / Math.sqrt(3), 0.235);
	t.true(Math.abs((high - low) / 2 - expected) < 0.03, `${(high - low) / 2} instead of ${expected}`);
});

test('one run against one run has no interval, unless replications tell the spread', t => {
	t.is(estimateError([[0.3]])!.interval, undefined);
	t.truthy(estimateError([[0.3]], {spread: column([0.1, 0.2, 0.4])})!.interval);
});

test('a distance is never below 0, a share never above 1', t => {
	t.is(estimateError(column([0.1, 0.9, 0.2, 0.4]), {least: 0})!.interval!.low, 0);
	t.is(estimateError(column([0.1, 0.9, 0.9, 0.9]), {most: 1})!.interval!.high, 1);
});
