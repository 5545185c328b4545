import test from 'ava';
import {studentProbability} from '../../src/statistics/estimate.ts';
import {kendallTau} from '../../src/statistics/kendall-tau.ts';

test('τ is 1 for the same order and −1 for the reverse', t => {
	t.is(kendallTau([1, 2, 3], [10, 40, 90]), 1);
	t.is(kendallTau([1, 2, 3], [3, 2, 1]), -1);
});

test('τ-b with ties', t => {
	// The example of SciPy's stats.kendalltau.
	t.true(Math.abs(kendallTau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]) + 0.471_404_520_791_031_7) < 1e-12);
});

test('τ is not defined for one thing, nor where all are equal', t => {
	t.is(kendallTau([1], [2]), Number.NaN);
	t.is(kendallTau([1, 1], [1, 2]), Number.NaN);
	t.throws(() => kendallTau([1], [1, 2]), {instanceOf: RangeError});
});

test('Student’s distribution: values of R’s pt', t => {
	for (const [value, degreesOfFreedom, probability] of [
		[0, 3, 0.5],
		[2.353_363, 3, 0.95],
		[-12.7062, 1, 0.025],
		[1.96, 1000, 0.974_864],
		[Number.POSITIVE_INFINITY, 2, 1],
		[Number.NEGATIVE_INFINITY, 2, 0],
	] as const) {
		t.true(Math.abs(studentProbability(value, degreesOfFreedom) - probability) < 1e-5, `${value}`);
	}
});
