import test from 'ava';
import {distancesOf, meanDistance, skillRange} from '../../src/comparison/error-estimate.ts';

const repeats = [0, 1, 3];
const distances = distancesOf(repeats, (a, b) => a - b);

test('the noise floor is the mean absolute distance of each two repeats', t => {
	t.is(meanDistance(distances), (1 + 3 + 2) / 3);
	t.is(meanDistance([]), Number.NaN);
});

test('the range of the skill leaves out one repeat at a time', t => {
	// A run at 0: off by 0, 1 and 3. Without the first (1 + 3) / 2 over 2, without the second 1.5 over 3, without the third 0.5 over 1.
	t.deepEqual(skillRange([[0, -1, -3]], distances), {low: 0.5, high: 1});
});

test('two repeats, or two that are alike, tell no range', t => {
	t.is(
		skillRange(
			[[0, -1]],
			distancesOf([0, 1], (a, b) => a - b),
		),
		null,
	);
	t.is(
		skillRange(
			[[0, 0, -1]],
			distancesOf([0, 0, 1], (a, b) => a - b),
		),
		null,
	);
});
