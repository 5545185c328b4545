import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import process from 'node:process';
import anyTest, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import {readRun} from '../../src/comparison/reading.ts';
import {UserError} from '../../src/errors.ts';
import {replicate} from '../../src/forecast/replicate.ts';
import {summarize} from '../../src/forecast/summarize.ts';
import type {Recording} from '../../src/records/record.ts';
import {recordColumns, type TableName, tableNames} from '../../src/records/record.ts';
import {readColumns, readRecordHead} from '../../src/store/records/read-record.ts';
import {tableFault} from '../../src/store/records/table-fault.ts';
import {writeRecordFiles} from '../../src/store/records/write-record.ts';
import {findSummary} from '../../src/store/results/read-summary.ts';
import {scaledExperiment} from '../tune/make-space.ts';
import {mutatedText, mutatedValue} from './hostile.ts';
import {inputs, place, seed} from './reads-all.ts';
import {rewriteFile} from './rewrite-file.ts';

/* A record's folder of which something was changed: it is read, or refused in one line, soon and in little memory. */

const test = anyTest.serial;
const folder = join(dirname(place.file), 'record');
const slowest = 2000;

const experiment = scaledExperiment({duration: 60, warmup: 0});
const recording = new MeasuredSchedule(experiment).simulate(0);

test.before(() => writeRecordFiles(folder, recording));

async function readsAll<Input>(
	t: ExecutionContext,
	given: fc.Arbitrary<Input>,
	read: (input: Input) => Promise<unknown>,
	count = inputs,
): Promise<void> {
	let refused = 0;
	await fc.assert(
		fc.asyncProperty(given, async input => {
			const start = performance.now();
			try {
				await read(input);
			} catch (error) {
				refused++;
				if (!(error instanceof UserError) || error.message.includes('\n') || error.message.length > 3000) {
					throw error;
				}
			}

			if (performance.now() - start > slowest) {
				throw new Error(`Expected to be done in ${slowest} ms, took ${performance.now() - start}`);
			}
		}),
		{numRuns: count, seed},
	);
	t.true(refused > count / 4, `${refused} refused`);
	const largest = 1024 * process.resourceUsage().maxRSS;
	t.true(largest < 2 ** 30, `${largest} bytes`);
	t.is(({} as {polluted?: unknown}).polluted, undefined);
}

test('record.json', async t => {
	const path = join(folder, 'record.json');
	const text = readFileSync(path, 'utf8');
	const given = fc.oneof(
		mutatedText(text),
		mutatedValue(recording.head).map(value => JSON.stringify(value) ?? ''),
	);
	await readsAll(
		t,
		given,
		async content => {
			rewriteFile(path, content);
			await readRecordHead(folder);
		},
		4000,
	);
});

test('summary.json', async t => {
	const beside = join(folder, '..', 'summary.json');
	const summary = summarize(experiment, [replicate(experiment, 0, {record: false})]);
	const head = {...recording.head, versions: {replicast: '1.0.0'}};
	const record = {folder, head};
	const given = fc.oneof(
		{weight: 1, arbitrary: mutatedText(JSON.stringify(summary))},
		{weight: 4, arbitrary: mutatedValue(summary).map(value => JSON.stringify(value) ?? '')},
	);
	await readsAll(
		t,
		given,
		async content => {
			rewriteFile(beside, content);
			const found = findSummary([record], {...experiment, hash: head.experiment.hash}, '1.0.0');
			JSON.stringify(found?.summary.dynamic.latencySeconds.p95.mean);
		},
		1000,
	);
});

test('bytes of a table', async t => {
	const tables = new Map(tableNames.map(name => [name, readFileSync(join(folder, `${name}.parquet`))]));
	const change = fc.record({
		from: fc.constantFrom('start', 'end'),
		at: fc.nat(400),
		how: fc.constantFrom('set', 'set', 'set', 'cut', 'insert'),
		bytes: fc.uint8Array({minLength: 1, maxLength: 8}),
	});
	const given = fc
		.tuple(fc.constantFrom(...tableNames), fc.array(change, {minLength: 1, maxLength: 4}))
		.map(([name, changes]) => {
			let bytes: Uint8Array = Uint8Array.from(tables.get(name)!);
			for (const {from, at, how, bytes: given} of changes) {
				const place = from === 'start' ? Math.min(at, bytes.length) : Math.max(0, bytes.length - at);
				const after = how === 'set' ? place + given.length : how === 'cut' ? place + at : place;
				const inserted = how === 'cut' ? new Uint8Array() : given;
				bytes = Uint8Array.from([...bytes.subarray(0, place), ...inserted, ...bytes.subarray(after)]);
			}

			return {name, bytes};
		});
	const path = join(folder, 'changed.parquet');
	await readsAll(
		t,
		given,
		async ({name, bytes}) => {
			rewriteFile(path, bytes);
			const columns = await readColumns(path, recordColumns[name], 'a table');
			const lengths = new Set(Object.values(columns).map(({length}) => length));
			t.is(lengths.size, 1);
		},
		3000,
	);
});

const numbers = [Number.NaN, 0, -0, -1, 1e-300, 0.5, 59.999, 60, 1e6, 1e9, -1e9, 1e308, Number.POSITIVE_INFINITY];
const words = [
	'',
	'completed',
	'gone',
	'ready',
	'llm-0',
	'__proto__',
	'[]',
	'[1]',
	'{}',
	'null',
	'[{}]',
	'[[[[',
	'x'.repeat(999),
];
const lists = ['[{"type":"Resource","name":"cpu","proposal":1e99,"utilization":-5}]', '[null]', '["a"]'];

test('tables of anything', async t => {
	const cell = fc.record({
		table: fc.constantFrom(...tableNames),
		column: fc.nat(),
		row: fc.nat(),
		number: fc.constantFrom(...numbers),
		word: fc.constantFrom(...words, ...lists),
		how: fc.constantFrom('cell', 'cell', 'cell', 'column'),
	});
	await readsAll(
		t,
		fc.array(cell, {minLength: 1, maxLength: 5}),
		async changes => {
			const {head, tables} = structuredClone(recording) as Recording;
			for (const {table, column, row, number, word, how} of changes) {
				const columns = Object.values(tables[table]) as (Float64Array | Int32Array | string[])[];
				const values = columns[column % columns.length]!;
				const value = (Array.isArray(values) ? word : number) as never;
				how === 'cell' ? values.fill(value, row % values.length, (row % values.length) + 1) : values.fill(value);
			}

			refuseFaults(tables);
			const run = readRun({head, tables}, experiment);
			JSON.stringify(run.account);
		},
		3000,
	);
});

function refuseFaults(tables: Recording['tables']): void {
	for (const name of tableNames as readonly TableName[]) {
		const fault = tableFault(name, tables[name] as never);
		if (fault !== undefined) {
			throw new UserError('E_FILE', `Expected a table, got ${fault}`);
		}
	}
}
