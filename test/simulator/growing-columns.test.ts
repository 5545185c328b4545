import test from 'ava';
import {GrowingColumns} from '../../src/simulator/growing-columns.ts';

test('columns grow with their rows and keep them', t => {
	const rows = new GrowingColumns({at: Float64Array, code: Uint8Array});
	for (let row = 0; row < 1000; row++) {
		t.is(rows.addRow(), row);
		rows.columns.at[row] = row / 4;
		rows.columns.code[row] = row % 200;
	}

	t.is(rows.length, 1000);
	const expected = Array.from({length: 1000}, (_, row) => row);
	t.deepEqual(
		expected.map(row => rows.columns.at[row]),
		expected.map(row => row / 4),
	);
	t.deepEqual(
		expected.map(row => rows.columns.code[row]),
		expected.map(row => row % 200),
	);
	rows.clear();
	t.is(rows.length, 0);
	t.is(rows.columns.at.length, 0);
	t.is(rows.addRow(), 0);
	rows.columns.at[0] = 0.5;
	t.is(rows.columns.at[0], 0.5);
});
