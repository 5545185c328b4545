import {existsSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import {importRecording, type Progress, UserError} from '../../src/index.ts';
import {recordColumns, type TableName} from '../../src/records/record.ts';
import {readRecord} from '../../src/store/records/read-record.ts';
import {removeTemporaryFolders, temporaryFolder} from '../cli/run-command.ts';
import {autoscaler} from '../comparison/stand-ins.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';

test.after.always(removeTemporaryFolders);

const {head, tables} = new MeasuredSchedule(makeExperiment({duration: 120, autoscaler, hash: 'ab'})).simulate(0);

function linesOf(name: TableName): string {
	const columns: Record<string, ArrayLike<unknown>> = tables[name];
	const names = Object.keys(recordColumns[name]);
	return Array.from({length: columns[names[0]!]!.length}, (_, row) =>
		JSON.stringify(Object.fromEntries(names.map(column => [column, columns[column]![row]]))),
	).join('\n');
}

/** Folder with a recording from another source, without samples. */
async function source(): Promise<string> {
	const folder = join(await temporaryFolder(), 'source');
	await mkdir(folder);
	await writeFile(join(folder, 'record.json'), JSON.stringify(head));
	for (const name of ['requests', 'pods', 'decisions'] as const) {
		await writeFile(join(folder, `${name}.ndjson`), linesOf(name));
	}

	return folder;
}

test('importRecording writes a record that is read again, and reports each table', async t => {
	const folder = await source();
	const out = join(folder, '..', 'record');
	const reported: Progress[] = [];
	const imported = await importRecording(folder, {out, onProgress: progress => reported.push(progress)});
	t.is(imported.folder, out);
	t.deepEqual(imported.absent, ['samples']);
	t.deepEqual(imported.rows, {
		requests: tables.requests.outcome.length,
		pods: tables.pods.event.length,
		decisions: tables.decisions.proposals.length,
		samples: 0,
	});
	t.deepEqual(
		reported.map(({done, total, isOver}) => [done, total, isOver === true]),
		[
			[0, 4, false],
			[1, 4, false],
			[2, 4, false],
			[3, 4, false],
			[4, 4, false],
			[4, 4, true],
		],
	);
	t.is((await readRecord(out)).tables.requests.outcome.length, imported.rows.requests);
});

test('importRecording ends with the reason of its signal, and writes nothing', async t => {
	const folder = await source();
	const out = join(folder, '..', 'record');
	const reason = new Error('enough');
	const controller = new AbortController();
	const onProgress = ({done}: Progress) => done === 2 && controller.abort(reason);
	await t.throwsAsync(importRecording(folder, {out, signal: controller.signal, onProgress}), {is: reason});
	t.false(existsSync(out));
	await t.throwsAsync(importRecording(join(folder, 'none'), {out}), {instanceOf: UserError});
});
