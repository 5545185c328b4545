import test from 'ava';
import {repeatsNeeded} from '../../src/comparison/repeats-needed.ts';

const unclear = (value: number, low: number, high: number, tolerance = 2) =>
	({error: {value, low, high}, tolerance, verdict: 'unclear'}) as const;

test('an interval that is twice as wide as it may be needs four times as many repeats', t => {
	t.is(repeatsNeeded(unclear(0, -4, 4), 3), 12);
	t.is(repeatsNeeded(unclear(1, -1, 3), 3), 12);
	t.is(repeatsNeeded(unclear(3, 1, 5), 3), 12);
	t.is(repeatsNeeded(unclear(-3, -5, -1), 3), 12);
});

test('at least one more, and none said where more than 50 would be needed', t => {
	t.is(repeatsNeeded(unclear(0, -2.001, 2), 3), 4);
	t.is(repeatsNeeded(unclear(1.99, 0, 4), 3), undefined);
	t.is(repeatsNeeded(unclear(2, 0, 4), 3), undefined);
});

test('a figure that is decided, or without an interval or a tolerance, has no number', t => {
	t.is(repeatsNeeded({...unclear(0, -1, 1), verdict: 'within'}, 3), undefined);
	t.is(repeatsNeeded({error: {value: 0, low: null, high: null}, tolerance: 2, verdict: 'unclear'}, 1), undefined);
	t.is(repeatsNeeded({error: null, tolerance: 2, verdict: 'unclear'}, 3), undefined);
	t.is(repeatsNeeded({...unclear(0, -4, 4), tolerance: null}, 3), undefined);
});
