import test from 'ava';
import fc from 'fast-check';
import {apiTime, goDuration} from '../../src/autoscaler/api-time.ts';

test('a time of RFC 3339 is what the platform takes it for', t => {
	fc.assert(
		fc.property(fc.date({min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true}), date => {
			t.true(Math.abs(apiTime(date.toISOString()) - date.getTime() / 1000) < 1e-3, date.toISOString());
		}),
		{seed: 20_261_128},
	);
	t.is(apiTime('2026-01-05T10:00:10.5+01:30'), Date.parse('2026-01-05T08:30:10.5Z') / 1000);
	for (const text of ['2026-13-05T10:00:00Z', '2026-01-05', '2026-01-05T24:00:00Z', '2026-01-05T10:00:00', 'now', '']) {
		t.is(apiTime(text), Number.NaN, text);
	}
});

test('a duration of Go', t => {
	t.is(goDuration('15.03s'), 15.03);
	t.is(goDuration('1m0s'), 60);
	t.is(goDuration('1h2m3.5s'), 3723.5);
	t.is(goDuration('250ms'), 0.25);
	for (const text of ['', '15', 's', '1x', '-1s', '1 s']) {
		t.is(goDuration(text), Number.NaN, text);
	}
});
