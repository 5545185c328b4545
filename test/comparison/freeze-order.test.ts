import test from 'ava';
import {type FreezeOrder, freezeOrder} from '../../src/comparison/validation/validation.ts';

const at = '2026-11-24T10:15:30Z';

const is = test.macro({
	exec(t, dates: readonly (string | null)[], expected: FreezeOrder) {
		t.is(freezeOrder(at, dates), expected);
	},
	title: (_, dates: readonly (string | null)[], expected: FreezeOrder) =>
		`a record of ${at} is ${expected} for models of ${dates.join(', ')}`,
});

test(is, ['2026-11-23'], 'after');
test(is, ['2026-11-24'], 'same');
test(is, ['2026-11-25'], 'before');
test(is, ['2026-11-24T10:14Z'], 'after');
test(is, ['2026-11-24T10:15Z'], 'same');
test(is, ['2026-11-24T10:16Z'], 'before');
test(is, ['2026-11-23', '2026-11-24T10:16Z'], 'before');
test(is, ['2026-11-23', '2026-11-24'], 'same');
test(is, ['2026-11-23', null], 'unknown');
test(is, [], 'unknown');

test('a record whose time is not known is neither before nor after', t => {
	t.is(freezeOrder(null, ['2026-11-23']), 'unknown');
});
