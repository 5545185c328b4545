import test from 'ava';
import {mean} from 'simple-statistics';
import {bootstrapMean, randomSource} from '../../src/statistics/bootstrap.ts';
import {equivalence} from '../../src/statistics/equivalence.ts';
import {studentQuantile} from '../../src/statistics/estimate.ts';

test('an interval inside the tolerance is within, one beyond it outside, one over the edge unclear', t => {
	t.is(equivalence({low: -0.4, high: 0.5}, 0.5), 'within');
	t.is(equivalence({low: 0.51, high: 0.9}, 0.5), 'outside');
	t.is(equivalence({low: -0.9, high: -0.51}, 0.5), 'outside');
	t.is(equivalence({low: 0.2, high: 0.6}, 0.5), 'unclear');
	t.is(equivalence({low: 0, high: 0}, 0), 'within');
});

test('without an interval or a tolerance nothing can be said', t => {
	t.is(equivalence(undefined, 0.5), 'unclear');
	t.is(equivalence({low: Number.NaN, high: 1}, 0.5), 'unclear');
	t.is(equivalence({low: 0, high: 0}, Number.NaN), 'unclear');
});

test('quantiles of Student’s t are those of the tables', t => {
	t.true(Math.abs(studentQuantile(0.95, 2) - 2.919986) < 1e-5);
	t.true(Math.abs(studentQuantile(0.975, 4) - 2.776445) < 1e-5);
});

test('the bootstrap interval of a mean is that of the normal for many values, and covers as often as it says', t => {
	const uniform = randomSource(1);
	const draw = () => Array.from({length: 60}, () => uniform() * 2);
	const {low, high} = bootstrapMean(draw(), 0.9);
	const expected = (2 * 1.645 * Math.sqrt(1 / 3)) / Math.sqrt(60);
	t.true(Math.abs(high - low - expected) < 0.2 * expected, `${high - low} instead of ${expected}`);
	let covered = 0;
	for (let trial = 0; trial < 200; trial++) {
		const interval = bootstrapMean(draw(), 0.9);
		covered += interval.low <= 1 && interval.high >= 1 ? 1 : 0;
	}

	t.true(covered >= 165 && covered <= 195, `${covered} of 200`);
});

test('resampling gives the same interval for the same values', t => {
	t.deepEqual(bootstrapMean([1, 2, 3, 4], 0.9), bootstrapMean([1, 2, 3, 4], 0.9));
	t.deepEqual(bootstrapMean([5], 0.9), {low: 5, high: 5});
});

test('the random source is uniform', t => {
	const uniform = randomSource(7);
	const values = Array.from({length: 10_000}, uniform);
	t.true(Math.abs(mean(values) - 0.5) < 0.01);
	t.true(values.every(value => value >= 0 && value < 1));
});
