import test from 'ava';
import {largest, smallest} from '../../src/statistics/extremes.ts';

test('extremes of more values than a call takes arguments', t => {
	const values = Float64Array.from({length: 1_000_000}, (_, index) => Math.abs(index - 600_000));
	t.throws(() => Math.max(...values), {instanceOf: RangeError});
	t.is(largest(values), 600_000);
	t.is(smallest(values), 0);
});

test('extremes are those of Math.max and Math.min', t => {
	for (const values of [[], [3], [2, -1, 5], [1, Number.NaN, 2]]) {
		t.is(largest(values), Math.max(...values));
		t.is(smallest(values), Math.min(...values));
	}
});
