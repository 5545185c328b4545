import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {goDuration} from '../../src/autoscaler/api-time.ts';
import type {Recording} from '../../src/records/record.ts';
import {longestTables} from '../../src/records/table-limits.ts';
import {readRecord, readRecordHead} from '../../src/store/records/read-record.ts';
import {writeRecord} from '../../src/store/records/write-record.ts';

const folders: string[] = [];
const temporary = async () => {
	const folder = await mkdtemp(join(tmpdir(), 'replicast-record-'));
	folders.push(folder);
	return folder;
};

test.after.always(async () => {
	await Promise.all(folders.map(async folder => rm(folder, {recursive: true, force: true})));
});

const recording = (): Recording => ({
	head: {
		apiVersion: 'replicast/v1',
		kind: 'Record',
		engine: 'simulated',
		experiment: {name: 'steps', hash: 'ab12', profile: 'bench'},
		arm: 'dynamic',
		seed: 42,
		replication: 0,
		durationSeconds: 900,
		warmupSeconds: 0,
		scheduleHash: 'cd34',
		versions: {replicast: '0.1.0'},
		models: {'smollm2-135m': 'ef56'},
		validity: {valid: true, reasons: []},
	},
	tables: {
		requests: {
			scheduledSeconds: Float64Array.of(0.1, 0.2, 1 / 3),
			sentSeconds: Float64Array.of(0.1, 0.2, 1 / 3),
			startedSeconds: Float64Array.of(0.15, Number.NaN, 0.4),
			firstTokenSeconds: Float64Array.of(0.2, Number.NaN, Number.NaN),
			endedSeconds: Float64Array.of(1.2, 60.2, Number.NaN),
			tenant: ['team-a', 'team-b', 'equipe-é'],
			conversation: Int32Array.of(0, 3, 7),
			pod: ['web-1', '', 'web-2'],
			promptTokens: Int32Array.of(40, 12, 512),
			outputTokens: Int32Array.of(16, 16, 16),
			outcome: ['completed', 'timedOut', 'inFlight'],
		},
		pods: {pod: ['web-1', 'web-1'], event: ['created', 'ready'], seconds: Float64Array.of(-3, 0)},
		decisions: {
			seconds: Float64Array.of(15.25),
			currentReplicas: Int32Array.of(2),
			desiredReplicas: Int32Array.of(3),
			proposals: ['[{"type":"Resource","name":"cpu","proposal":3,"utilization":87}]'],
			reasons: ['["cpu"]'],
		},
		samples: {
			seconds: new Float64Array(),
			pod: [],
			container: [],
			cpuCores: new Float64Array(),
			memoryBytes: new Float64Array(),
			sampledSeconds: new Float64Array(),
			windowSeconds: new Float64Array(),
		},
	},
});

test('a record comes back as it was written, empty tables and absent times included', async t => {
	const folder = join(await temporary(), 'dynamic');
	writeRecord(folder, recording());
	t.deepEqual(await readRecord(folder), recording());
	t.deepEqual(await readRecordHead(folder), recording().head);
	t.deepEqual(await readdir(folder), [
		'decisions.parquet',
		'pods.parquet',
		'record.json',
		'requests.parquet',
		'samples.parquet',
	]);
});

test('a sample of the longest span that the API says is read, one beyond it refused', async t => {
	const folder = join(await temporary(), 'dynamic');
	const given = recording();
	const sampled = (windowSeconds: number) => ({
		seconds: Float64Array.of(1),
		pod: ['web-1'],
		container: ['backend'],
		cpuCores: Float64Array.of(0),
		memoryBytes: Float64Array.of(2e7),
		sampledSeconds: Float64Array.of(-15),
		windowSeconds: Float64Array.of(windowSeconds),
	});
	given.tables.samples = sampled(goDuration('2562047h47m16.854775807s'));
	writeRecord(folder, given);
	t.deepEqual((await readRecord(folder)).tables.samples, given.tables.samples);
	given.tables.samples = sampled(1e10);
	writeRecord(folder, given);
	await t.throwsAsync(readRecord(folder), {message: /got 10000000000 in row 1 of column windowSeconds/});
});

test('any doubles, integers and texts survive', async t => {
	const root = await temporary();
	const row = fc.record({
		seconds: fc.double({min: -1e9, max: 1e9, noNaN: true}),
		currentReplicas: fc.integer({min: -(2 ** 31), max: 2 ** 31 - 1}),
		proposals: fc.string({unit: 'grapheme'}).map(text => JSON.stringify([{name: text}])),
	});
	let count = 0;
	await fc.assert(
		fc.asyncProperty(fc.array(row, {maxLength: 40}), async rows => {
			const given = recording();
			given.tables.decisions = {
				seconds: Float64Array.from(rows, ({seconds}) => seconds),
				currentReplicas: Int32Array.from(rows, ({currentReplicas}) => currentReplicas),
				desiredReplicas: Int32Array.from(rows, ({currentReplicas}) => currentReplicas),
				proposals: rows.map(({proposals}) => proposals),
				reasons: rows.map(() => '[]'),
			};
			const folder = join(root, `${count++}`);
			writeRecord(folder, given);
			t.deepEqual((await readRecord(folder)).tables.decisions, given.tables.decisions);
		}),
		{numRuns: 50},
	);
});

test('more rows than a row group holds come back in order', async t => {
	const folder = join(await temporary(), 'long');
	const given = recording();
	const rows = 250_001;
	given.tables.pods = {
		pod: Array.from({length: rows}, (_, index) => `web-${index % 7}`),
		event: Array.from({length: rows}, () => 'ready' as const),
		seconds: Float64Array.from({length: rows}, (_, index) => index / 3),
	};
	writeRecord(folder, given);
	const {pods} = (await readRecord(folder)).tables;
	t.deepEqual(pods.seconds, given.tables.pods.seconds);
	t.deepEqual(pods.pod, given.tables.pods.pod);
});

test('INV-4 equal recordings give equal bytes', async t => {
	const root = await temporary();
	for (const name of ['one', 'two']) {
		writeRecord(join(root, name), recording());
	}

	for (const file of await readdir(join(root, 'one'))) {
		t.deepEqual(await readFile(join(root, 'one', file)), await readFile(join(root, 'two', file)), file);
	}
});

test('a record replaces a record whole', async t => {
	const root = await temporary();
	const folder = join(root, 'dynamic');
	writeRecord(folder, recording());
	await writeFile(join(folder, 'left-over.txt'), '');
	const changed = recording();
	changed.head.seed = 7;
	writeRecord(folder, changed);
	t.is((await readRecordHead(folder)).seed, 7);
	t.false((await readdir(folder)).includes('left-over.txt'));
	t.deepEqual(await readdir(root), ['dynamic']);
});

test('a folder that holds something else is never replaced', async t => {
	const folder = join(await temporary(), 'precious');
	await mkdir(folder);
	await writeFile(join(folder, 'thesis.txt'), 'mine');
	t.throws(() => writeRecord(folder, recording()), {
		name: 'UserError',
		message: /precious to be absent, empty or a rec/,
	});
	t.is(await readFile(join(folder, 'thesis.txt'), 'utf8'), 'mine');
});

test('a requests table beyond the limit is left out, and reading says so', async t => {
	const folder = join(await temporary(), 'huge');
	const given = recording();
	given.tables.requests.scheduledSeconds = new Float64Array(longestTables.requests + 1);
	writeRecord(folder, given);
	t.false((await readdir(folder)).includes('requests.parquet'));
	t.deepEqual(await readRecordHead(folder), given.head);
	await t.throwsAsync(readRecord(folder), {name: 'UserError', message: /without requests/});
});

test('tables that were too long to be kept are left out, and reading says so', async t => {
	const folder = join(await temporary(), 'long');
	const given = recording();
	writeRecord(folder, {...given, omitted: ['decisions', 'samples']});
	t.deepEqual((await readdir(folder)).sort(), ['pods.parquet', 'record.json', 'requests.parquet']);
	t.deepEqual(await readRecordHead(folder), given.head);
	await t.throwsAsync(readRecord(folder), {name: 'UserError', message: /without decisions, samples/});
});

const refuses = test.macro({
	async exec(t, spoil: (folder: string) => Promise<void>, message: RegExp) {
		const folder = join(await temporary(), 'dynamic');
		writeRecord(folder, recording());
		await spoil(folder);
		const error = await t.throwsAsync(readRecord(folder), {name: 'UserError', message});
		t.false(error?.message.includes('\n'));
	},
	title: (title = '') => `refuses ${title}`,
});

test('a missing table', refuses, async folder => rm(join(folder, 'pods.parquet')), /pods\.parquet does not exist$/);
test('a missing head', refuses, async folder => rm(join(folder, 'record.json')), /record\.json does not exist$/);
test('a table cut short', refuses, async folder => writeFile(join(folder, 'pods.parquet'), 'PAR1'), /pods table/);
test('a head that is no JSON', refuses, async folder => writeFile(join(folder, 'record.json'), '{'), /to be JSON/);
test(
	'a head with an unknown engine',
	refuses,
	async folder => writeFile(join(folder, 'record.json'), JSON.stringify({...recording().head, engine: 'guessed'})),
	/record\.json: engine/,
);
test(
	'a table of another kind',
	refuses,
	async folder => writeFile(join(folder, 'pods.parquet'), await readFile(join(folder, 'decisions.parquet'))),
	/no column pod, event/,
);
