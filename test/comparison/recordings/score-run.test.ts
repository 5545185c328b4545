import test from 'ava';
import {asSampled} from '../../../src/comparison/recordings/as-sampled.ts';
import {offeredCores, offeredReplicas} from '../../../src/comparison/recordings/offered-replicas.ts';
import {ownMean, scoreRun} from '../../../src/comparison/recordings/score-run.ts';
import {setScores} from '../../../src/comparison/recordings/set-scores.ts';
import type {Timeline} from '../../../src/records/replica-line.ts';

const window = {from: 0, to: 100};
const recorded: Timeline = [
	[0, 1],
	[50, 3],
];

test('a forecast that is the recording is off by nothing', t => {
	const score = scoreRun([recorded, recorded], recorded, window);
	t.like(score, {replicaError: 0, podHoursError: 0, coverage: 1, crps: 0, lag: 0, matched: 1, meanReplicas: 2});
});

test('the point forecast is the median of the replications, and pod-hours are of their mean', t => {
	const lines: Timeline[] = [[[0, 1]], [[0, 2]], [[0, 6]]];
	const score = scoreRun(lines, [[0, 3]], window);
	t.is(score.replicaError, 1);
	t.is(score.podHoursError, 0);
});

test('the error is the mean over time, whatever the number of changes', t => {
	t.is(scoreRun([[[0, 2]], [[0, 2]]], recorded, window).replicaError, 1);
	t.is(scoreRun([[[0, 1]], [[0, 1]]], recorded, window).replicaError, 1);
	t.is(scoreRun([[[0, 1]], [[0, 1]]], recorded, {from: 0, to: 50}).replicaError, 0);
});

test('the band lies between the 5 % and the 95 % quantile', t => {
	const lines: Timeline[] = Array.from({length: 21}, (_, index) => [[0, index]]);
	t.deepEqual(scoreRun(lines, [[0, 20]], window).band, [[0, 1, 10, 19]]);
	t.is(scoreRun(lines, [[0, 20]], window).coverage, 0);
	t.is(scoreRun(lines, [[0, 19]], window).coverage, 1);
	t.is(scoreRun(lines, recorded, window).coverage, 1);
	t.deepEqual(scoreRun(lines.slice(0, 11), [[0, 1]], window).band, [[0, 0.5, 5, 9.5]]);
});

test('the CRPS of two replications is their mean error less half their mean difference, all pairs alike', t => {
	// |1 − 2| and |5 − 2|: mean 2; the fair spread of 1 and 5 is 4 / 2.
	t.is(scoreRun([[[0, 1]], [[0, 5]]], [[0, 2]], window).crps, 0);
	t.is(scoreRun([[[0, 4]], [[0, 4]]], [[0, 2]], window).crps, 2);
});

test('a forecast that changes later has a positive lag, and changes too far apart are not matched', t => {
	const shifted = (by: number): Timeline => recorded.map(([at, count]) => [at === 0 ? 0 : at + by, count]);
	t.is(scoreRun([shifted(12), shifted(12)], recorded, window).lag, 12);
	const far = scoreRun([shifted(95), shifted(95)], recorded, {from: 0, to: 1000});
	t.is(far.lag, Number.NaN);
	t.is(far.matched, 0);
});

test('the own mean is a whole number of pods', t => {
	t.deepEqual(ownMean(recorded, window), [[0, 2]]);
});

test('the offered load asks for ⌈load / target⌉ of the span in which requests arrive, within the bounds', t => {
	const cores = offeredCores([0, 29, 30, 95], request => [3, 3, 45, 9][request]!, 90);
	t.deepEqual([...cores], [0.2, 1.5, 0]);
	const line = offeredReplicas(cores, 0.075, {minReplicas: 1, maxReplicas: 15});
	t.deepEqual(line, [
		[0, 3],
		[30, 15],
		[60, 1],
	]);
});

test('a set weighs its recordings alike, and counts those on which a baseline is further off', t => {
	const scored = (run: string, level: number, baseline: number) => ({
		...{set: 's', run, isFitted: false, autoscaler: ''},
		score: scoreRun([[[0, level]], [[0, level]]], [[0, 4]], window),
		baselines: {naive: baseline},
	});
	const scores = setScores('s', [scored('a', 5, 2), scored('b', 1, 2), scored('c', 4, 2)], []);
	t.like(scores, {runs: 3, floor: null, replicaError: {mean: 4 / 3, median: 1, relative: 1 / 3}});
	t.deepEqual(scores.baselines, [{name: 'naive', replicaError: 2, beaten: 2}]);
	t.is(scores.podHoursError.medianSize, 0.25);
});

test('a recorder that looks every 10 s sees a change at its next look', t => {
	const line: Timeline = [
		[-5, 1],
		[12, 2],
		[13, 4],
		[31, 5],
	];
	t.deepEqual(asSampled(line, [0, 10, 20, 30]), [
		[0, 1],
		[20, 4],
	]);
});

test('by chance: one of the simulated runs in the place of the recording', t => {
	const lines: Timeline[] = [[[0, 1]], [[0, 2]], [[0, 6]]];
	const {chance} = scoreRun(lines, [[0, 50]], window);
	t.true(Math.abs(chance.replicaError - (1 + 0 + 4) / 3) < 1e-12);
	// Pod-hours are 2/3, 1/3 and 1 off their mean of 3.
	t.true(Math.abs(chance.podHoursError - 2 / 3) < 1e-12);
	t.true(Math.abs(chance.coverage - 1 / 3) < 1e-12); // the band is 1.1 to 5.6
	t.deepEqual(scoreRun([recorded, recorded], recorded, window).chance, {
		...{replicaError: 0, podHoursError: 0, coverage: 1},
	});
});
