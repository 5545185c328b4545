import test from 'ava';
import {traceStatistics} from '../../src/statistics/trace-statistics.ts';

const of = (at: readonly number[], promptTokens = at.map(() => 1), outputTokens = promptTokens) =>
	traceStatistics({
		at: Float64Array.from(at),
		promptTokens: Int32Array.from(promptTokens),
		outputTokens: Int32Array.from(outputTokens),
	});

test('requests at equal distances have no variation', t => {
	const {ratePerSecond, interarrival, perMinute, dispersionPerSecond} = of(
		Array.from({length: 1201}, (_, index) => 100 + index / 4),
	);
	t.is(ratePerSecond, 1201 / 300);
	t.deepEqual(interarrival, {meanSeconds: 0.25, cv: 0, longestSeconds: 0.25});
	t.deepEqual(perMinute, {least: 240, mean: 240, most: 240, cv: 0});
	t.is(dispersionPerSecond, 0);
});

test('minutes without a request count, the last, broken one does not', t => {
	// 3, 0, 1 requests in whole minutes; a last one after 3.5 minutes.
	const {perMinute} = of([0, 10, 20, 130, 210]);
	t.like(perMinute, {least: 0, most: 3});
	t.is(perMinute!.mean, 4 / 3);
	t.true(Math.abs(perMinute!.cv - Math.sqrt((9 + 0 + 1) / 3 - 16 / 9) / (4 / 3)) < 1e-12);
});

test('a year between two requests takes no memory', t => {
	t.is(of([0, 31_536_000]).perMinute!.mean, 1 / 525_600);
});

test('tokens have moments, quantiles and a correlation', t => {
	const {promptTokens, outputTokens, tokenCorrelation, beyondContext} = of(
		[0, 1, 2, 3, 4],
		[1000, 2000, 3000, 4000, 40_000],
		[5, 4, 3, 2, 1],
	);
	t.like(promptTokens, {mean: 10_000, least: 1000, p50: 3000, most: 40_000});
	t.is(outputTokens.p50, 3);
	t.true(tokenCorrelation! < -0.7 && tokenCorrelation! > -0.8);
	t.deepEqual(
		beyondContext.map(({share}) => share),
		[0.6, 0.2, 0.2, 0.2],
	);
});

test('what a short trace does not have is null', t => {
	t.like(of([7]), {
		requests: 1,
		durationSeconds: 0,
		ratePerSecond: null,
		interarrival: null,
		perMinute: null,
		dispersionPerSecond: null,
		tokenCorrelation: null,
	});
	t.like(of([7, 7]), {ratePerSecond: null, interarrival: null});
	t.throws(() => of([]), {instanceOf: RangeError});
});
