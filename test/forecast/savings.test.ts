import test from 'ava';
import {savingsOf} from '../../src/forecast/compare-baseline.ts';

test('two pods against six at $0.029 save two thirds', t => {
	const savings = savingsOf({dynamicPerHour: 0.058, fixedPerHour: 0.174});
	t.is(savings.perHour.toFixed(3), '0.116');
	t.is(savings.fraction?.toFixed(4), '0.6667');
	t.is(savings.perDay.toFixed(3), '2.784');
	t.is(savings.perMonth.toFixed(2), '83.52');
	t.is(savings.perYear.toFixed(2), '1016.16');
});

test('a dearer dynamic arm saves less than nothing', t => {
	t.is(savingsOf({dynamicPerHour: 0.3, fixedPerHour: 0.2}).fraction?.toFixed(2), '-0.50');
});

test('a fraction of nothing is no number', t => {
	t.deepEqual(savingsOf({dynamicPerHour: 0, fixedPerHour: 0}), {
		perHour: 0,
		fraction: undefined,
		perDay: 0,
		perMonth: 0,
		perYear: 0,
	});
});
