import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import type {Recording} from '../../src/records/record.ts';
import {recordColumns, type TableName, tableNames} from '../../src/records/record.ts';
import {recordHash} from '../../src/records/record-hash.ts';
import {importRecord} from '../../src/store/records/import-record.ts';
import {parseCsv} from '../../src/store/records/import-table.ts';
import {autoscaler} from '../comparison/stand-ins.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';

const recording = new MeasuredSchedule(makeExperiment({duration: 120, autoscaler, hash: 'ab'})).simulate(0);

const rowsOf = ({tables}: Recording, name: TableName): Record<string, unknown>[] => {
	const columns: Record<string, ArrayLike<unknown>> = tables[name];
	const names = Object.keys(recordColumns[name]);
	return Array.from({length: columns[names[0]!]!.length}, (_, row) =>
		Object.fromEntries(names.map(column => [column, columns[column]![row]])),
	);
};
const quoted = (value: unknown) =>
	/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : `${value}`;
const csvOf = (rows: readonly Record<string, unknown>[], names: readonly string[]) =>
	[names.join(','), ...rows.map(row => names.map(name => quoted(row[name])).join(','))].join('\r\n');

async function inFolder<T>(files: Readonly<Record<string, string>>, work: (folder: string) => Promise<T>): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'replicast-import-'));
	try {
		for (const [name, content] of Object.entries(files)) {
			await writeFile(join(folder, name), content);
		}

		return await work(folder);
	} finally {
		await rm(folder, {recursive: true});
	}
}

const counts = 'conversation,promptTokens,outputTokens,';
const head = JSON.stringify(recording.head);

test('a record comes back from CSV, whatever the order of its rows', async t => {
	const tables = tableNames.map(name => [
		`${name}.csv`,
		csvOf(rowsOf(recording, name), Object.keys(recordColumns[name])),
	]);
	await inFolder({'record.json': head, ...Object.fromEntries(tables)}, async folder => {
		const imported = await importRecord(folder);
		t.deepEqual(imported.absent, []);
		t.is(recordHash(imported.recording), recordHash(recording));
	});
});

test('a record comes back from NDJSON, with null for no time', async t => {
	const tables = tableNames.map(name => [
		`${name}.ndjson`,
		rowsOf(recording, name)
			.map(row => JSON.stringify(row))
			.reverse()
			.join('\n'),
	]);
	await inFolder({'record.json': head, ...Object.fromEntries(tables)}, async folder => {
		const {requests} = (await importRecord(folder)).recording.tables;
		t.deepEqual(requests.endedSeconds, recording.tables.requests.endedSeconds);
		t.deepEqual(requests.outcome, recording.tables.requests.outcome);
	});
});

test('requests alone make a record whose other tables are empty, and absent columns hold nothing', async t => {
	const csv = `scheduledSeconds,endedSeconds,${counts}outcome\n2,,0,40,16,failed\n0.5,1.5,0,40,16,completed\n`;
	await inFolder({'record.json': head, 'requests.csv': csv}, async folder => {
		const {recording: read, absent} = await importRecord(folder);
		t.deepEqual(absent, ['pods', 'decisions', 'samples']);
		t.deepEqual([...read.tables.requests.scheduledSeconds], [0.5, 2]);
		t.deepEqual([...read.tables.requests.endedSeconds], [1.5, Number.NaN]);
		t.deepEqual(read.tables.requests.outcome, ['completed', 'failed']);
		t.is(read.tables.decisions.proposals.length, 0);
	});
});

const refuses = test.macro({
	async exec(t, files: Readonly<Record<string, string>>, message: RegExp) {
		await inFolder({'record.json': head, ...files}, async folder => {
			const error = await t.throwsAsync(importRecord(folder), {name: 'UserError', message});
			t.notRegex(error!.message, /\n\s+at /);
		});
	},
	title: (title = '') => `refuses ${title}`,
});

test('no requests', refuses, {}, /requests\.csv or requests\.ndjson, got neither/);
test('no head', refuses, {'record.json': '{}'}, /record\.json/);
test('an unknown column', refuses, {'requests.csv': 'scheduled\n1\n'}, /columns among .*, got "scheduled"/);
test(
	'an unknown outcome',
	refuses,
	{'requests.csv': `${counts}outcome\n0,4,4,completed\n0,4,4,lost\n`},
	/requests\.csv:3: Expected outcome .* "lost"/,
);
test(
	'a time that is none',
	refuses,
	{'requests.csv': `endedSeconds,${counts}outcome\nsoon,0,4,4,failed\n`},
	/csv:2: .*a number, got "soon"/,
);
test(
	'tokens that are not told',
	refuses,
	{'requests.csv': 'outcome\nfailed\n'},
	/csv:2: .*conversation to be a whole number of at least 0, got null/,
);
test(
	'half a token',
	refuses,
	{'requests.ndjson': '{"outcome":"failed","conversation":0,"promptTokens":4,"outputTokens":1.5}'},
	/ndjson:1: .*whole number of at least 0, got 1.5/,
);
test('a short row', refuses, {'requests.csv': 'endedSeconds,outcome\n1\n'}, /csv:2: Expected 2 cells, got 1/);
test('a line that is no JSON', refuses, {'requests.ndjson': '{"outcome"'}, /ndjson:1: Expected JSON/);
test(
	'an open quote',
	refuses,
	{'requests.csv': 'outcome\n"completed\n'},
	/csv:2: Expected a quote to open a cell and to be closed/,
);

const row =
	'{"scheduledSeconds":1,"startedSeconds":2,"endedSeconds":3,"conversation":0,"promptTokens":4,"outputTokens":5,"outcome":"completed"}';
const withCell = (name: string, value: string) => ({
	'requests.ndjson': row.replace(new RegExp(`("${name}":)[^,}]+`), `$1${value}`),
});

test('a row of them is read, numbers as texts too', async t => {
	for (const cell of [
		{'requests.ndjson': row},
		withCell('startedSeconds', '" 2.0e0 "'),
		withCell('outputTokens', '"5"'),
	]) {
		await inFolder({'record.json': head, ...cell}, async folder => {
			const {requests} = (await importRecord(folder)).recording.tables;
			t.deepEqual([requests.startedSeconds[0], requests.outputTokens[0]], [2, 5]);
		});
	}
});

test('a blank cell is no time', async t => {
	const csv = `scheduledSeconds,startedSeconds,${counts}outcome\n1, ,0,4,4,completed\n2,\t,0,4,4,completed\n`;
	await inFolder({'record.json': head, 'requests.csv': csv}, async folder => {
		const {requests} = (await importRecord(folder)).recording.tables;
		t.deepEqual([...requests.startedSeconds], [Number.NaN, Number.NaN]);
	});
});

for (const value of ['true', 'false', '[]', '[5]', '{}', '"0x10"', '"1_000"', '"Infinity"', '1e999']) {
	test(
		`${value} for a time`,
		refuses,
		withCell('startedSeconds', value),
		/ndjson:1: Expected startedSeconds to be a number/,
	);
	test(
		`${value} for tokens`,
		refuses,
		withCell('outputTokens', value),
		/ndjson:1: Expected outputTokens to be a whole number/,
	);
}

for (const value of ['" "', '""', 'null', '-1', '"-7"', '2147483648']) {
	test(
		`${value} for tokens`,
		refuses,
		withCell('promptTokens', value),
		/ndjson:1: Expected promptTokens .* of at least 0/,
	);
}

test(
	'no time of a request',
	refuses,
	withCell('scheduledSeconds', 'null'),
	/:1: Expected scheduledSeconds to be a number, got null/,
);
test(
	'an end before the start',
	refuses,
	withCell('endedSeconds', '1.5'),
	/:1: Expected endedSeconds to be at least startedSeconds \(2\), got 1.5/,
);
test('an outcome that is a list', refuses, withCell('outcome', '["completed"]'), /:1: Expected outcome to be a text/);
test(
	'a column twice',
	refuses,
	{'requests.csv': `${counts}outcome, outcome\n`},
	/csv:1: Expected a column once, got "outcome" twice/,
);
test(
	'a key twice',
	refuses,
	{'requests.ndjson': row.replace('{', '{"outcome":"failed",')},
	/:1: Expected a column once, got "outcome" twice/,
);
test(
	'an event of no pod',
	refuses,
	{'requests.ndjson': row, 'pods.csv': 'pod,event,seconds\n ,ready,1\n'},
	/pods\.csv:2: Expected pod to be a text, got " "/,
);
test(
	'a decision without its time',
	refuses,
	{'requests.ndjson': row, 'decisions.csv': 'seconds,currentReplicas,desiredReplicas\n,1,2\n'},
	/decisions\.csv:2: Expected seconds to be a number, got ""/,
);
test(
	'replicas below 0',
	refuses,
	{'requests.ndjson': row, 'decisions.csv': 'seconds,currentReplicas,desiredReplicas\n1,1,-2\n'},
	/decisions\.csv:2: Expected desiredReplicas to be a whole number of at least 0/,
);

test('CSV of any cells comes back', t => {
	const cells = fc.array(fc.array(fc.string(), {minLength: 2, maxLength: 2}), {minLength: 1, maxLength: 10});
	fc.assert(
		fc.property(cells, rows => {
			const text = rows.map(row => row.map(cell => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n');
			t.deepEqual(
				parseCsv(text).map(row => row.cells),
				rows,
			);
		}),
	);
});

test('a CSV row knows its line, and the last one needs no end', t => {
	t.deepEqual(parseCsv('a,"b\nc"\r\n\r\nd,'), [
		{line: 1, cells: ['a', 'b\nc']},
		{line: 4, cells: ['d', '']},
	]);
	t.deepEqual(parseCsv(''), []);
});
