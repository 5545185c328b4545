import test from 'ava';
import {syncPeriodOf} from '../../../src/calibration/recordings/sync-period.ts';
import {syncPhaseOf} from '../../../src/calibration/recordings/sync-phase.ts';

/** Changes at some looks of a controller, and looks of a recorder in between. */
function recording(period: number, phase: number, looks: readonly number[], others: readonly number[]) {
	return {changes: looks.map(look => phase + look * period), others};
}

const looks = [2, 3, 5, 8, 9, 14, 17, 20, 26, 31, 33, 40];
const samples = Array.from({length: 250}, (_, row) => 7.3 * row);

test('the period is the longest one on whose multiples the changes come, each recording with its phase', t => {
	for (const period of [15.02, 30, 90.3]) {
		const found = syncPeriodOf([recording(period, 4, looks, samples), recording(period, 11, looks, samples)])!;
		t.true(Math.abs(found.seconds - period) <= found.margin + 0.05, `${found.seconds} ± ${found.margin}`);
	}
});

test('changes that a recorder sees late by up to a third of the period still have it', t => {
	const seen = (at: number) => Math.ceil(at / 10) * 10;
	const recordings = [1, 4.5, 8].map(phase => {
		const {changes} = recording(30.05, phase, looks, []);
		return {changes: changes.map(seen), others: changes.map(at => seen(at) + 10)};
	});
	const found = syncPeriodOf(recordings)!;
	t.true(Math.abs(found.seconds - 30.05) < 0.2, `${found.seconds}`);
});

test('a period that other rows have, too, is the recorder’s, and few changes have none', t => {
	const rows = Array.from({length: 100}, (_, row) => 20 * row);
	t.is(syncPeriodOf([{changes: rows.slice(10, 30), others: rows.slice(30)}]), undefined);
	t.is(syncPeriodOf([recording(30, 4, [1, 2, 3], samples)]), undefined);
	t.is(syncPeriodOf([{changes: looks.map(look => look * look * 3.7), others: samples}]), undefined);
	t.is(syncPeriodOf([]), undefined);
});

test('the phase is the mean of the changes on the round of the period', t => {
	const {changes} = recording(30, 12, looks, []);
	const found = syncPhaseOf(changes, 30)!;
	t.true(Math.abs(found.seconds - 12) < 1e-6 && found.margin < 0.1);
	const spread = syncPhaseOf(
		changes.map((at, index) => at + (index % 2 === 0 ? 2 : -2)),
		30,
	)!;
	t.true(Math.abs(spread.seconds - 12) < 1e-6 && spread.margin > 0.9 && spread.margin < 1.6, `${spread.margin}`);
	t.is(syncPhaseOf(changes.slice(0, 4), 30), undefined);
	t.is(syncPhaseOf([1, 8, 14, 23, 29, 37], 30), undefined);
});
