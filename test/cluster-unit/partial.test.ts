import {appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test from 'ava';
import {measuredRecord} from '../../src/cluster/measured/measured-record.ts';
import {Journal, readJournal} from '../../src/cluster/observe/journal.ts';
import {keepMeasured} from '../../src/cluster/replay/keep-measured.ts';
import {openPartial, rescuePartial} from '../../src/cluster/replay/partial.ts';
import {UserError} from '../../src/errors.ts';
import {readRecord, readRecordHead} from '../../src/store/records/read-record.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';
import {completed, podEntry, readyView, sample, sent, start} from './make-journal.ts';

const experiment = makeExperiment({hash: 'ab12', duration: 10});
const run = {experiment, arm: 'dynamic', repeat: 0} as const;
const replayed = {...run, versions: {kubernetes: 'v1.34.4'}, models: {tiny: 'ef56'}};
const entries = [
	podEntry(990, {view: readyView(990)}),
	sample(995, 994),
	{type: 'start', at: start} as const,
	sent(0, 1),
	completed(0, start + 4),
	sent(1, 5),
];

/** A folder for a record, beside which a killed replay left a journal that ends in the middle of a line. */
function killed(t: {teardown: (clean: () => void) => void}, owner = 2 ** 22 + 1): string {
	const parent = mkdtempSync(join(tmpdir(), 'replicast-partial-'));
	t.teardown(() => rmSync(parent, {recursive: true, force: true}));
	const folder = join(parent, 'dynamic-0');
	const path = openPartial(folder, replayed);
	const journal = new Journal(path);
	for (const entry of entries) {
		journal.write(entry);
	}

	journal.close();
	appendFileSync(path, '{"type":"ended","at":10');
	const head = join(dirname(path), 'head.json');
	writeFileSync(head, JSON.stringify({...JSON.parse(readFileSync(head, 'utf8')), process: owner}));
	return folder;
}

test('a journal that was cut off is read up to the cut', t => {
	const folder = killed(t);
	t.deepEqual(readJournal(join(dirname(folder), '.dynamic-0.partial', 'journal.ndjson')), entries);
});

test('what a killed replay left becomes an interrupted record', async t => {
	const folder = killed(t);
	t.true(rescuePartial(folder, run));
	const {head, tables} = await readRecord(folder);
	t.deepEqual(head.validity, {valid: false, reasons: ['interrupted: the schedule was not replayed to its end']});
	t.deepEqual(head.versions, {kubernetes: 'v1.34.4'});
	t.deepEqual(tables.requests.outcome, ['completed', 'inFlight']);
	t.deepEqual([...tables.samples.seconds], [-5]);
	t.false(existsSync(join(dirname(folder), '.dynamic-0.partial')));
	t.false(rescuePartial(folder, run));
});

test('what was left of another experiment is thrown away', t => {
	const folder = killed(t);
	t.false(rescuePartial(folder, {...run, experiment: makeExperiment({hash: 'other'})}));
	t.false(existsSync(folder));
});

test('a replay that still runs is left alone', t => {
	const folder = killed(t, 1);
	t.throws(() => rescuePartial(folder, run), {instanceOf: UserError, message: /got one: process 1$/});
});

test('a whole journal gives a valid record with the schedule’s hash', t => {
	const end = {type: 'end', at: start + 10, why: 'done'} as const;
	const closed = makeExperiment({
		hash: 'ab12',
		duration: 10,
		workload: {
			...experiment.workload,
			loop: 'closed',
			users: {count: 1, thinkTime: {distribution: 'constant', value: 1}},
		} as never,
	});
	const {recording} = measuredRecord([...entries, completed(1, start + 9), end], {...replayed, experiment: closed});
	t.deepEqual(recording.head.validity, {valid: true, reasons: []});
	t.is(recording.head.engine, 'measured');
	t.regex(recording.head.scheduleHash, /^[\da-f]{64}$/);
});

test('an interrupted replay never takes the place of a whole one', async t => {
	const folder = killed(t);
	const end = {type: 'end', at: start + 10, why: 'done'} as const;
	const whole = [...entries, completed(1, start + 9), end];
	t.true(keepMeasured(folder, measuredRecord(whole, replayed)));
	t.false(rescuePartial(folder, run));
	t.deepEqual((await readRecord(folder)).tables.requests.outcome, ['completed', 'completed']);
	const other = {...replayed, experiment: makeExperiment({hash: 'other', duration: 10})};
	t.true(keepMeasured(folder, measuredRecord(entries, other)));
	t.is((await readRecordHead(folder)).experiment.hash, 'other');
});
