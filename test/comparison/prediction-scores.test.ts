import test from 'ava';
import type {Reading} from '../../src/comparison/reading.ts';
import {coverageOver, scorePredictions} from '../../src/comparison/validation/prediction-scores.ts';
import {coverageLine} from '../../src/report/validation/prediction-coverage.ts';

/** A run of so many pod-hours; it has no other figure. */
function run(podHours: number): Reading {
	const none = Number.NaN;
	return {
		podSeconds: podHours * 3600,
		cost: none,
		energy: none,
		latencies: new Float64Array(0),
		replicas: {mean: none},
		use: {cpu: none, memory: none},
		account: {
			requests: {throughputPerSecond: none, availability: none, ttftSeconds: {mean: none}},
		},
	} as object as Reading;
}

const predicted = Array.from({length: 19}, (_, index) => run(1 + index / 10));

test('a prediction is scored by the measured runs in its interval, and by how far outside the others are', t => {
	const [score, ...others] = scorePredictions(predicted, [run(1.5), run(2), run(3)], []);
	t.deepEqual(others, []);
	t.is(score!.figure, 'podHours');
	t.deepEqual([score!.low, score!.high, score!.inside, score!.count], [1, 2.8, 2, 3]);
	t.true(Math.abs(score!.intervalScore - (1.8 + (20 * 0.2) / 3)) < 1e-9);
	t.true(score!.crps > 0 && score!.repeatsCrps! > 0);
});

test('repeats tell the skill from three on, and a prediction that is far off has a bad one', t => {
	t.is(scorePredictions(predicted, [run(1.5), run(2)], [])[0]!.repeatsCrps, null);
	const near = coverageOver(scorePredictions(predicted, [run(1.5), run(2), run(2.3)], []))!;
	const far = coverageOver(scorePredictions(predicted, [run(11.5), run(12), run(12.3)], []))!;
	t.deepEqual([near.inside, far.inside, far.count], [3, 0, 3]);
	t.true(far.skill! > 5 * near.skill!);
	t.is(coverageOver([]), undefined);
});

test('a percentile that is the timeout, and too few runs, are not scored', t => {
	t.deepEqual(scorePredictions(predicted, [run(2)], [{figure: 'podHours'}]), []);
	t.deepEqual(scorePredictions(predicted.slice(1), [run(2)], []), []);
});

test('the answer of a validation has the share of the measured figures in their intervals', t => {
	const predictions = scorePredictions(predicted, [run(1.5), run(2), run(3), run(2.1)], []);
	const [line] = coverageLine([{comparison: {predictions}}] as object as Parameters<typeof coverageLine>[0]);
	t.is(line, "Of 4 measured figures 75 % lie in the forecast's 90 % interval of one real run (pod-hours 75 %).");
	t.deepEqual(coverageLine([]), []);
});
