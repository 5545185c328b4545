import test from 'ava';
import {replicaFigures} from '../../src/records/replica-line.ts';
import {RequestStatistics} from '../../src/records/request-statistics.ts';
import {formatEstimate, formatNumber, seconds} from '../../src/report/text/format.ts';
import {bootstrapMean, medianWithInterval} from '../../src/statistics/bootstrap.ts';
import {kolmogorovSmirnov, wasserstein} from '../../src/statistics/distances.ts';
import {equivalence} from '../../src/statistics/equivalence.ts';
import {estimate, studentProbability} from '../../src/statistics/estimate.ts';
import {jainIndex} from '../../src/statistics/jain-index.ts';
import {kendallTau} from '../../src/statistics/kendall-tau.ts';
import {leastSquares} from '../../src/statistics/least-squares.ts';
import {SampleDigest} from '../../src/statistics/sample-digest.ts';
import {variesMore} from '../../src/statistics/varies-more.ts';
import {oneRequest} from './one-request.ts';

/* What nobody measured is NaN: every statistic leaves it out or is undefined, and none goes round for ever. */

const none = Number.NaN;
const values = [1, 2, 4, 8];
/** Wherever it stands, and however often. */
const holed = [
	[none, 1, 2, 4, 8],
	[1, 2, none, none, 4, 8],
	[1, 2, 4, 8, none],
	[none, 1, none, 2, 4, none, 8, none],
];
const empty = [[], [none], [none, none]];

for (const [name, distance] of Object.entries({kolmogorovSmirnov, wasserstein})) {
	test(`${name} leaves out NaN`, t => {
		const other = [1, 3, 5];
		for (const given of holed) {
			t.is(distance(given, other), distance(values, other));
			t.is(distance(Float64Array.from(given).sort(), other), distance(values, other));
			t.is(distance(other, given), distance(other, values));
			t.is(distance(given, given), 0);
		}

		for (const given of empty) {
			t.is(distance(given, values), none);
			t.is(distance(values, given), none);
			t.is(distance(given, given), none);
		}
	});
}

test('means, medians and their intervals leave out NaN', t => {
	for (const given of holed) {
		t.deepEqual(bootstrapMean(given, 0.9), bootstrapMean(values, 0.9));
		t.deepEqual(medianWithInterval(given), medianWithInterval(values));
		t.deepEqual(estimate(given), estimate(values));
		t.is(jainIndex(given), jainIndex(values));
	}

	for (const given of empty) {
		t.deepEqual(bootstrapMean(given, 0.9), {low: none, high: none});
		t.deepEqual(medianWithInterval(given), {value: none, low: none, high: none});
		t.is(estimate(given).mean, null);
		t.is(jainIndex(given), none);
	}
});

test('a digest leaves out NaN, few values or many', t => {
	for (const count of [4, 300_000]) {
		const [digest, plain] = [new SampleDigest(), new SampleDigest()];
		for (let index = 0; index < count; index++) {
			digest.add(none);
			digest.add(index);
			plain.add(index);
		}

		t.is(digest.count, plain.count);
		t.deepEqual([digest.mean(), digest.quantile(0.5)], [plain.mean(), plain.quantile(0.5)]);
	}
});

test('what cannot leave it out is undefined, or refuses it', t => {
	t.is(kendallTau([1, 2, none], [1, 2, 3]), none);
	t.is(studentProbability(none, 5), none);
	t.false(variesMore([1, none], values));
	t.is(equivalence({low: none, high: 1}, 5), 'unclear');
	t.throws(() => leastSquares([[1], [none], [3]], [1, 2, 3]), {message: /without NaN/});
	t.throws(() => leastSquares([[1], [2], [3]], [1, none, 3]), {message: /without NaN/});
	t.deepEqual(replicaFigures([], 0, 10), {mean: none, max: none});
	t.is(formatNumber(none, 2), '–');
	t.is(formatEstimate({mean: none, low: null, high: null}, seconds), '–');
});

const statistics = (slo: {p95?: number; ttft?: number}) =>
	new RequestStatistics({tenants: ['a'], warmup: 10, duration: 110, slo});

test('a completed request without a time is left out of its mean, and what hangs on it is undefined', t => {
	const bound = statistics({p95: 5});
	bound.completed(oneRequest(20, 21, 22, 8), 0, 24);
	bound.completed(oneRequest(20, none, none, 8), 0, none);
	const figures = bound.figures();
	t.deepEqual([figures.latencySeconds.mean, figures.waitSeconds.mean, figures.ttftSeconds.mean], [4, 1, 2]);
	t.is(figures.tpotSeconds.mean, 2 / 7);
	t.deepEqual([figures.availability, figures.throughputPerSecond], [1, 0.02]); // it came, and so ended, after the warm-up
	t.deepEqual([figures.sloAttainment, figures.goodputPerSecond, figures.fairness], [none, none, none]);
	t.is(figures.tenants[0]!.sloAttainment, none);
});

test('only a bound that is set asks for its time', t => {
	const [latency, first, unbound] = [statistics({p95: 5}), statistics({ttft: 5}), statistics({})];
	for (const each of [latency, first, unbound]) {
		each.completed(oneRequest(20, none, none, 8), 0, 24);
	}

	t.is(latency.figures().sloAttainment, 1);
	t.is(first.figures().sloAttainment, none);
	t.is(unbound.figures().sloAttainment, 1);
});

test('a request of the warm-up without an end leaves the throughput open', t => {
	const each = statistics({});
	each.completed(oneRequest(5, 6, 7, 8), 0, none);
	t.deepEqual([each.figures().throughputPerSecond, each.figures().outputTokens], [none, none]);
});
