import test from 'ava';
import {latencyPercentiles} from '../../src/comparison/latency-percentiles.ts';
import type {Reading} from '../../src/comparison/reading.ts';

type Outcome = 'completed' | 'failed' | 'timedOut' | 'inFlight';

/** A run of requests that all arrive after the warm-up, but the first. */
function run(latencies: readonly number[], others: readonly Outcome[] = []): Reading {
	const outcome: Outcome[] = ['completed', ...latencies.map((): Outcome => 'completed'), ...others];
	const requests = {outcome, scheduledSeconds: outcome.map((_, row) => (row === 0 ? 5 : 10 + row))};
	return {
		recording: {tables: {requests}},
		latencies: Float64Array.from(latencies).sort(),
		window: {from: 10, to: 99},
	} as object as Reading;
}

const oneToTen = Array.from({length: 10}, (_, index) => index + 1);

test('a percentile is the smallest latency that so many requests kept', t => {
	const {percents, measured} = latencyPercentiles([run(oneToTen)], [run(oneToTen)]);
	const at = (percent: number) => measured[0]![percents.indexOf(percent)];
	t.deepEqual([10, 11, 50, 90, 91].map(at), [1, 2, 5, 9, 10]);
});

test('requests without an answer are at the end, and those that the run ended before do not count', t => {
	const {percents, measured} = latencyPercentiles(
		[run(oneToTen)],
		[run(oneToTen, ['failed', 'timedOut', ...new Array<Outcome>(8).fill('timedOut'), 'inFlight', 'inFlight'])],
	);
	const at = (percent: number) => measured[0]![percents.indexOf(percent)];
	t.deepEqual([25, 50, 51, 95].map(at), [5, 10, null, null]);
});

test('the band of the replications ends where one in twenty has no answer', t => {
	const {percents, median, low, high} = latencyPercentiles(
		[run(oneToTen), run(oneToTen.map(latency => 2 * latency)), run(oneToTen, new Array<Outcome>(10).fill('failed'))],
		[],
	);
	const at = (line: readonly (number | null)[], percent: number) => line[percents.indexOf(percent)];
	t.is(at(median, 50), 10);
	t.is(at(low, 50), 5.5);
	t.is(at(median, 90), 18);
	t.is(at(high, 90), null);
});
