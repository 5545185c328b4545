import test from 'ava';
import {apiTime} from '../../../src/autoscaler/api-time.ts';
import {CronWindow, parseCron} from '../../../src/autoscaler/keda/cron.ts';

function activeAt(window: {start: string; end: string; timezone?: string}, time: string): boolean {
	return new CronWindow({timezone: 'Etc/UTC', ...window}).isActive(apiTime(time));
}

// The windows of KEDA v2.20 pkg/scalers/cron_scaler_test.go: all of Thursday; every even hour.
test('upstream windows', t => {
	const thursday = {start: '0 0 * * Thu', end: '59 23 * * Thu'};
	t.true(activeAt(thursday, '2026-11-26T12:00:00Z'));
	t.true(activeAt(thursday, '2026-11-26T00:00:00Z'));
	t.false(activeAt(thursday, '2026-11-26T23:59:00Z'));
	t.false(activeAt(thursday, '2026-11-25T23:59:59Z'));
	t.false(activeAt(thursday, '2026-11-28T12:00:00Z'));
	const even = {start: '0 */2 * * *', end: '0 1-23/2 * * *'};
	t.true(activeAt(even, '2026-11-28T22:30:00Z'));
	t.false(activeAt(even, '2026-11-28T23:30:00Z'));
});

test('a window over midnight, in its time zone and through a change of clocks', t => {
	const night = {start: '0 22 * * *', end: '0 6 * * *', timezone: 'Europe/Berlin'};
	t.true(activeAt(night, '2026-11-28T21:30:00Z'));
	t.false(activeAt(night, '2026-11-28T20:59:00Z'));
	t.true(activeAt(night, '2026-11-29T04:59:00Z'));
	t.false(activeAt(night, '2026-11-29T05:00:00Z'));
	t.true(activeAt(night, '2026-03-29T03:59:00Z'), 'summer time began in this night: 6:00 is 4:00 UTC');
	t.false(activeAt(night, '2026-03-29T04:00:00Z'));
});

test('a window that is asked again and again changes at its ends', t => {
	const window = new CronWindow({timezone: 'UTC', start: '0,30 * * * *', end: '15,45 * * * *'});
	const from = apiTime('2026-11-28T10:00:00Z');
	const changes: string[] = [];
	let last = window.isActive(from);
	for (let second = 0; second < 3600; second += 5) {
		const now = window.isActive(from + second);
		if (now !== last) {
			changes.push(`${second} ${String(now)}`);
			last = now;
		}
	}

	t.deepEqual(changes, ['900 false', '1800 true', '2700 false']);
});

test('days of the month and of the week: one of them is enough unless one is a star', t => {
	t.true(parseCron('0 0 13 * 5')!.needsBothDays === false);
	t.true(parseCron('0 0 * * 5')!.needsBothDays);
	t.true(parseCron('0 0 29 2 *') !== undefined);
	t.true(activeAt({start: '0 8 1 jan ?', end: '0 9 1 jan ?'}, '2027-01-01T08:30:00Z'));
});

test('what the parser of KEDA does not take', t => {
	for (const text of [
		'',
		'* * * *',
		'60 * * * *',
		'* 24 * * *',
		'* * 0 * *',
		'* * * 13 *',
		'* * * * 7',
		'5-1 * * * *',
		'*/0 * * * *',
		'@daily',
	]) {
		t.is(parseCron(text), undefined, text);
	}
});
