import test from 'ava';
import {backTest} from '../../../src/comparison/recordings/back-test.ts';
import type {Timeline} from '../../../src/records/replica-line.ts';

const prices = {name: 'p', currency: 'USD', kind: 'per-pod', perPodHour: 0.1} as const;
const summary = {
	dynamic: {costPerHour: {mean: 0.4, low: null, high: null}, replicas: {mean: 4, low: null, high: null, max: 5}},
};
const row = (at: number, desired: number, current = desired) => ({at, desired, current});
const tested = (recorded: ReturnType<typeof row>[], lines: readonly Timeline[]) =>
	backTest({recorded, warmup: 600, duration: 4200, prices}, lines, summary as never);

/** Runs that all do the same. */
const alike = (line: Timeline) => Array.from({length: 20}, () => line);

test('a forecast that does what was recorded is believed, and covers it', t => {
	const found = tested(
		[row(0, 2), row(1800, 5)],
		alike([
			[0, 2],
			[1800, 5],
		]),
	)!;
	t.is(found.verdict, 'yes');
	t.is(found.replicaError, 0);
	t.is(found.coverage, 1);
	t.is(found.recorded.replicas, 4);
	t.is(found.recorded.podHours, 4);
	t.is(found.recorded.costPerHour?.toFixed(3), '0.400');
	t.deepEqual(found.forecast.replicasInterval, {low: 4, high: 4});
	t.is(found.constantError, 4 / 3);
});

test('a forecast with the right mean at other times is believed for means alone', t => {
	t.is(
		tested(
			[row(0, 2), row(2400, 6)],
			alike([
				[0, 6],
				[2400, 2],
			]),
		)!.verdict,
		'means',
	);
});

test('a forecast of other means is not believed', t => {
	const found = tested([row(0, 4)], alike([[0, 5]]))!;
	t.is(found.verdict, 'no');
	t.is(found.meanError, 0.25);
	t.is(found.coverage, 0);
});

test('gaps of the recording do not count', t => {
	const gap = row(2000, Number.NaN);
	const found = tested(
		[row(0, 4), gap, row(3000, 4)],
		alike([
			[0, 4],
			[2000, 9],
			[3000, 4],
		]),
	)!;
	t.is(found.replicaError, 0);
	t.is(found.knownShare.toFixed(3), (2600 / 3600).toFixed(3));
});

test('pods that there were stand for what was asked where that is not known', t => {
	t.is(tested([row(0, Number.NaN, 3)], alike([[0, 3]]))!.replicaError, 0);
});

test('without a recording after the warm-up, or with a single run, there is nothing to compare', t => {
	t.is(tested([row(0, 4), row(300, Number.NaN)], alike([[0, 4]])), undefined);
	t.is(tested([], alike([[0, 4]])), undefined);
	t.is(tested([row(0, 4)], [[[0, 4]]]), undefined);
});
