import test from 'ava';
import fc from 'fast-check';
import {spread} from '../../../src/report/charts/chart.ts';

test('labels that do not touch stay where they are', t => {
	t.deepEqual(spread([5, 1, 3], {gap: 1, low: 0, high: 10}), [5, 1, 3]);
});

test('labels of one place stand below each other, within bounds', t => {
	t.deepEqual(spread([6, 6, 6], {gap: 1, low: 0, high: 6.5}), [4.5, 5.5, 6.5]);
});

test('labels keep their order and their distance', t => {
	const wanted = fc.array(fc.double({min: 0, max: 100, noNaN: true}), {minLength: 1, maxLength: 8});
	fc.assert(
		fc.property(wanted, values => {
			const placed = spread(values, {gap: 5, low: 0, high: 100});
			const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
			t.true(order.slice(1).every((to, index) => placed[to]! - placed[order[index]!]! >= 5 - 1e-9));
			t.true(placed.every(place => place >= -1e-9 && place <= 100 + 1e-9));
		}),
	);
});
