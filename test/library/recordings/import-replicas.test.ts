import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {readRun} from '../../../src/comparison/reading.ts';
import {importRecording} from '../../../src/library/records.ts';
import {lacksOf} from '../../../src/records/holdings.ts';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';
import {readRecord} from '../../../src/store/records/read-record.ts';
import {folderOf} from '../../store/recordings/make-recordings.ts';
import {sound} from '../../store/scratch.ts';

async function imported(t: ExecutionContext, text: string, options: {readonly start?: string} = {}) {
	const folder = await folderOf(t, {});
	const [file, experiment, out] = ['replicas.csv', 'sound.yaml', 'record'].map(name => join(folder, name));
	await writeFile(file!, text);
	await writeFile(experiment!, sound);
	const result = await importRecording(file!, {out: out!, experiment: experiment!, ...options});
	return {result, recording: await readRecord(out!), experiment: await readExperiment(experiment!)};
}

test('replicas alone become a record in which all else is missing', async t => {
	const {result, recording, experiment} = await imported(t, 'seconds,replicas\n100,2\n190,4\n190,4\n700,3\n', {
		start: '100',
	});
	t.deepEqual(result.absent, ['requests', 'pods', 'samples']);
	t.like(recording.head, {engine: 'measured', arm: 'dynamic', experiment: {name: 'sound', hash: experiment.hash}});
	const reading = readRun(recording, experiment);
	t.deepEqual(reading.replicas.line, [
		[0, 2],
		[90, 4],
		[600, 3],
	]);
	t.is(reading.latencies.length, 0);
	const {requests} = reading.account;
	t.deepEqual([requests.availability, requests.throughputPerSecond, requests.sloAttainment], [NaN, NaN, NaN]);
	t.deepEqual(lacksOf(recording, experiment), ['requests', 'proposals of the decisions', 'pods', 'samples']);
});

test('the record says that the load began at the first row, and that the last replicas stay', async t => {
	const {result} = await imported(t, 'seconds,replicas\n100,2\n190,4\n');
	const notes = (result.notes ?? []).join('; ');
	t.regex(notes, /no --start was given/);
	t.regex(notes, /rows end at 90 s of 600 s/);
});

test('a start outside the rows and a start of another clock are refused', async t => {
	const text = 'seconds,replicas\n100,2\n190,4\n';
	await t.throwsAsync(imported(t, text, {start: '500'}), {message: /^Expected --start within the times of/});
	await t.throwsAsync(imported(t, text, {start: 'soon'}), {
		message: /^Expected --start to be a number of seconds or a dur/,
	});
	const epoch = 'time,replicas\n2026-11-28T10:15:00Z,2\n';
	await t.throwsAsync(imported(t, epoch, {start: '2m'}), {message: /^Expected --start to be a time such as/});
	await t.notThrowsAsync(imported(t, epoch, {start: '2026-11-28T10:15:00Z'}));
	const folder = await folderOf(t, {'replicas.csv': text});
	await t.throwsAsync(importRecording(join(folder, 'replicas.csv'), {out: join(folder, 'out')}), {
		message: /^Expected --experiment with a file of replicas/,
	});
});
