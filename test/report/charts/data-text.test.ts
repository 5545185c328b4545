import test from 'ava';
import {stacked} from '../../../src/report/charts/chart.ts';
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

test('no cell of text is a formula', t => {
	for (const text of ['=1+1', '+1', '-1', '@a', ' =1', '＝1', '\t=1', '\r=1', '=cmd|calc!A0']) {
		const [, [cell]] = parseCsv(csvOf({data: [{text}]})).map(({cells}) => cells) as [unknown, [string]];
		t.regex(cell, /^(?:'|\\u)/, JSON.stringify(text));
	}

	t.is(csvOf({data: [{value: -1.5, text: '–'}]}), 'value,text\n-1.5,–\n');
});

test('the head of CSV has the units of columns that have one', t => {
	const [head] = csvOf({data, units: {seconds: 's', value: '$/h'}}).split('\n');
	t.is(head, 'seconds [s],series,value [$/h]');
});

test('a column that has another unit in another view is named by its view', t => {
	const chart = (name: string, unit: string) => ({
		name,
		...{title: '', description: '', specification: {}},
		units: {users: 'users', low: unit},
		data: [{users: 1, low: 2}],
	});
	const heading = {name: 'both', title: '', subtitle: [], description: ''};
	t.is(
		csvOf(stacked(heading, [chart('throughput', '1/s'), chart('latency', 's')])),
		'panel,users [users],throughput low [1/s],latency low [s]\nthroughput,1,2,\nlatency,1,,2\n',
	);
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
