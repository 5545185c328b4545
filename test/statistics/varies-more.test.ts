import test from 'ava';
import {variesMore} from '../../src/statistics/varies-more.ts';

test('a sample varies more than another beyond the 95 % quantile of F, 19 with 2 and 2 degrees of freedom', t => {
	const reference = [-1, 0, 1];
	t.false(variesMore([-4.35, 0, 4.35], reference)); // F = 18.92
	t.true(variesMore([-4.37, 0, 4.37], reference)); // F = 19.1
	t.false(variesMore([-0.1, 0, 0.1], reference));
});

test('anything varies more than what does not vary at all', t => {
	t.true(variesMore([1, 2], [3, 3, 3]));
	t.false(variesMore([2, 2], [3, 3, 3]));
});
