import test from 'ava';
import {medianWithInterval, randomSource} from '../../src/statistics/bootstrap.ts';

test('the interval of the median holds the true one in some 95 of 100 samples', t => {
	const uniform = randomSource(7);
	for (const count of [20, 101]) {
		let held = 0;
		for (let sample = 0; sample < 2000; sample++) {
			const values = Array.from({length: count}, () => -Math.log(1 - uniform()));
			const {low, high} = medianWithInterval(values);
			held += low <= Math.LN2 && Math.LN2 <= high ? 1 : 0;
		}

		t.true(held / 2000 > 0.93 && held / 2000 < 0.985, `${held} of 2000 with ${count}`);
	}
});

test('outliers leave the median where it is', t => {
	const {value, high} = medianWithInterval([3, 3, 3, 3, 3, 3, 3, 3, 3, 40]);
	t.is(value, 3);
	t.is(high, 3);
	t.deepEqual(medianWithInterval([5]), {value: 5, low: 5, high: 5});
});
