import test from 'ava';
import {RandomStream} from '../../src/engine/random-stream.ts';
import {fairCrps, fewestRunsFor, holds, intervalScore, predictionInterval} from '../../src/statistics/prediction.ts';

const upTo = (count: number) => Array.from({length: count}, (_, index) => index + 1);

test('nineteen runs are the fewest for an interval of 90 %, from the smallest to the largest of them', t => {
	t.is(fewestRunsFor(0.9), 19);
	t.is(predictionInterval(upTo(18)), undefined);
	t.deepEqual(predictionInterval(upTo(19)), {low: 1, high: 19});
	t.deepEqual(predictionInterval(upTo(39).reverse()), {low: 2, high: 38});
	t.deepEqual(predictionInterval([...upTo(19), Number.NaN]), {low: 1, high: 19});
});

test('the ends lie between two ranks in a straight line', t => {
	const {low, high} = predictionInterval(upTo(29))!;
	t.true(Math.abs(low - 1.5) < 1e-9 && Math.abs(high - 28.5) < 1e-9);
});

test('the interval holds one further run as often as it says, whatever the distribution', t => {
	const stream = new RandomStream({seed: 7, replication: 0, purpose: 'test'});
	for (const draw of [() => stream.normal(), () => Math.exp(2 * stream.normal()), () => stream.uniform()]) {
		let held = 0;
		const times = 4000;
		for (let time = 0; time < times; time++) {
			held += holds(predictionInterval(Array.from({length: 19}, draw))!, draw()) ? 1 : 0;
		}

		t.true(Math.abs(held / times - 0.9) < 0.015, `${held / times}`);
	}
});

test('a number on an end is held, and one beyond it is not', t => {
	t.true(holds({low: 0.1 + 0.2, high: 1}, 0.3));
	t.false(holds({low: 0.3, high: 1}, 0.299));
	t.false(holds({low: 0.3, high: 1}, Number.NaN));
});

test('the interval score is the width, and twenty times by how much 90 % miss', t => {
	t.is(intervalScore({low: 1, high: 3}, 2), 2);
	t.true(Math.abs(intervalScore({low: 1, high: 3}, 3.5) - 12) < 1e-9);
	t.true(Math.abs(intervalScore({low: 1, high: 3}, 0) - 22) < 1e-9);
});

test('the CRPS of a single run is its error, and that of a spread around the truth is lower', t => {
	t.is(fairCrps([5], 3), 2);
	t.true(Math.abs(fairCrps([1, 3, 5], 3) - (4 / 3 - 8 / 6)) < 1e-12);
	t.true(fairCrps([2, 3, 4], 3) < fairCrps([6, 7, 8], 3));
});
