import test from 'ava';
import fc from 'fast-check';
import {kolmogorovSmirnov, wasserstein} from '../../src/statistics/distances.ts';

/** Quantiles of a distribution at the middles of `count` equal shares: a sample without noise. */
const quantilesOf = (inverse: (probability: number) => number, count = 20_000) =>
	Float64Array.from({length: count}, (_, index) => inverse((index + 0.5) / count));
const close = (actual: number, expected: number, within = 1e-3) => Math.abs(actual - expected) <= within;

const exponential = (mean: number) => (probability: number) => -mean * Math.log(1 - probability);
const uniform = (from: number, to: number) => (probability: number) => from + (to - from) * probability;

test('Kolmogorov–Smirnov: exponentials of mean 1 and 2 are 1/4 apart', t => {
	// sup |e^(-x/2) − e^(-x)| is at e^(-x/2) = 1/2.
	const [one, two] = [quantilesOf(exponential(1)), quantilesOf(exponential(2))];
	t.true(close(kolmogorovSmirnov(one, two), 0.25));
	t.true(close(kolmogorovSmirnov(two, one), 0.25));
});

test('Kolmogorov–Smirnov: a uniform moved by a quarter of its width is 1/4 apart, one moved away is 1', t => {
	const still = quantilesOf(uniform(0, 4));
	t.true(close(kolmogorovSmirnov(still, quantilesOf(uniform(1, 5))), 0.25));
	t.is(kolmogorovSmirnov(still, quantilesOf(uniform(4.5, 8))), 1);
	t.is(kolmogorovSmirnov(still, still), 0);
});

test('Kolmogorov–Smirnov of small samples with ties, as scipy.stats.ks_2samp has it', t => {
	t.is(kolmogorovSmirnov([1, 2, 2, 3], [2, 3, 4]), 5 / 12);
	t.is(kolmogorovSmirnov([1, 1, 1], [1, 1]), 0);
});

test('Wasserstein-1: a shift is as far as it shifts, exponentials as far as their means', t => {
	const [one, three] = [quantilesOf(exponential(1)), quantilesOf(exponential(3))];
	t.true(close(wasserstein(one, three), 2, 0.005));
	t.true(close(wasserstein(quantilesOf(uniform(0, 1)), quantilesOf(uniform(0.3, 1.3))), 0.3));
	// A uniform squeezed to half its width about its middle moves each value by half its distance from there, 1/8 on average.
	const narrow = quantilesOf(uniform(0.25, 0.75));
	t.true(close(wasserstein(quantilesOf(uniform(0, 1)), narrow), 0.125));
});

test('Wasserstein-1 of small samples, as scipy.stats.wasserstein_distance has it', t => {
	t.true(close(wasserstein([0, 1, 3], [5, 6, 8]), 5, 1e-12));
	t.true(close(wasserstein([3.4, 3.9, 7.5, 7.8], [1.4, 4.5]), 2.7, 1e-12));
	t.is(wasserstein([2, 2], [2]), 0);
});

test('both are NaN for an empty sample', t => {
	t.is(kolmogorovSmirnov([], [1]), Number.NaN);
	t.is(wasserstein([1], []), Number.NaN);
});

const sample = fc
	.array(fc.double({min: -100, max: 100, noNaN: true}), {minLength: 1, maxLength: 30})
	.map(values => Float64Array.from(values).sort());

test('Wasserstein-1 is the mean distance of sorted values of equal number, and symmetric', t => {
	fc.assert(
		fc.property(sample, sample, (a, b) => {
			const length = Math.min(a.length, b.length);
			const [x, y] = [a.slice(0, length), b.slice(0, length)];
			const expected = x.reduce((sum, value, index) => sum + Math.abs(value - y[index]!), 0) / length;
			t.true(close(wasserstein(x, y), expected, 1e-9));
			t.true(close(wasserstein(a, b), wasserstein(b, a), 1e-9));
			t.true(kolmogorovSmirnov(a, b) >= 0 && kolmogorovSmirnov(a, b) <= 1);
		}),
	);
});
