import test from 'ava';
import {randomEffects} from '../../src/statistics/random-effects.ts';

/* Thirteen trials of a vaccine (Colditz and others, JAMA 271, 1994), log relative risks and their variances. */
const trials = [
	[-0.8893, 0.3256],
	[-1.5854, 0.1946],
	[-1.3481, 0.4154],
	[-1.4416, 0.02],
	[-0.2175, 0.0512],
	[-0.7861, 0.0069],
	[-1.6209, 0.223],
	[0.012, 0.004],
	[-0.4694, 0.0564],
	[-1.3713, 0.073],
	[-0.3394, 0.0124],
	[0.4459, 0.5325],
	[-0.0173, 0.0714],
].map(([value, variance]) => ({value: value!, variance: variance!}));

test('thirteen trials of a vaccine give the published variance between them and mean', t => {
	const {value, betweenVariance} = randomEffects(trials, 0.95);
	t.true(Math.abs(betweenVariance - 0.3088) < 1e-3); // metafor, rma(yi, vi, data = dat.bcg, method = "DL")
	t.true(Math.abs(value + 0.7141) < 1e-3);
});

test('two groups that differ by more than their own spread give an interval that says so', t => {
	const near = {value: 0, variance: 0.01};
	const far = randomEffects([near, {value: 2, variance: 0.01}], 0.9);
	t.is(far.value, 1);
	t.true(far.low < -5 && far.high > 7); // one degree of freedom
	const alike = randomEffects([near, near, near, near], 0.9);
	t.is(alike.betweenVariance, 0);
	t.true(alike.high >= 2.35 * 0.05 - 1e-3); // never narrower than the weights: 0.1 / 2 with Student's t
	t.throws(() => randomEffects([near], 0.9), {instanceOf: RangeError});
});
