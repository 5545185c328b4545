import test from 'ava';
import {estimate} from '../../src/statistics/estimate.ts';
import {jainIndex} from '../../src/statistics/jain-index.ts';

test('a 95 % interval is mean ± t·s/√n', t => {
	// The 97.5 % quantile of Student's t with 4 degrees of freedom is 2.776445 in every table.
	const halfWidth = (2.776445 * Math.sqrt(2.6 / 4)) / Math.sqrt(5);
	const {mean, low, high} = estimate([4.1, 5.2, 6.3, 4.9, 5.5]);
	t.is(mean, 5.2);
	t.true(Math.abs(low! - (5.2 - halfWidth)) < 1e-5, `${low}`);
	t.true(Math.abs(high! - (5.2 + halfWidth)) < 1e-5, `${high}`);
});

test('an interval is cut where the figure cannot go', t => {
	t.is(estimate([0.98, 1, 1], {min: 0, max: 1}).high, 1);
	t.is(estimate([0, 0.5], {min: 0, max: 1}).low, 0);
});

test('one replication has a mean and no interval', t => {
	t.deepEqual(estimate([3]), {mean: 3, low: null, high: null});
});

test('a replication without the figure is left out, and none at all is null', t => {
	t.is(estimate([Number.NaN, 2, 4]).mean, 3);
	t.deepEqual(estimate([Number.NaN]), {mean: null, low: null, high: null});
});

test("Jain's index is 1 for equal shares and 1/n when one has all", t => {
	t.is(jainIndex([3, 3, 3]), 1);
	t.is(jainIndex([1, 0, 0, 0]), 0.25);
	t.is(jainIndex([0, 0]), 1);
	t.is(jainIndex([]), Number.NaN);
});
