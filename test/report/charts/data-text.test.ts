import test from 'ava';
import {csvOf, jsonOf} from '../../../src/report/charts/data-text.ts';
import {parseCsv} from '../../../src/store/records/import-table.ts';

const data = [
	{seconds: 0, series: 'a, "quoted"', value: 1.5},
	{seconds: 15, series: 'b\nc', value: null},
];

test('CSV holds every cell, quoted where it has to be', t => {
	const rows = parseCsv(csvOf({data})).map(({cells}) => cells);
	t.deepEqual(rows, [
		['seconds', 'series', 'value'],
		['0', 'a, "quoted"', '1.5'],
		['15', 'b\nc', ''],
	]);
});

test('JSON names the units of the columns', t => {
	const chart = {name: 'n', title: 't', description: 'd', units: {seconds: 's'}, data, specification: {}};
	t.deepEqual(JSON.parse(jsonOf(chart)), {
		name: 'n',
		title: 't',
		description: 'd',
		units: {seconds: 's'},
		rows: data,
	});
});
