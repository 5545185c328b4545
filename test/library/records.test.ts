import {existsSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {importRecording, type Progress, UserError} from '../../src/index.ts';
import {readRecord} from '../../src/store/records/read-record.ts';
import {removeTemporaryFolders, temporaryFolder} from '../cli/run-command.ts';
import {sourceTables, writeSource} from './recorded-source.ts';

test.after.always(removeTemporaryFolders);

test('importRecording writes a record that is read again, and reports each table', async t => {
	const folder = await writeSource(join(await temporaryFolder(), 'source'));
	const out = join(folder, '..', 'record');
	const reported: Progress[] = [];
	const imported = await importRecording(folder, {out, onProgress: progress => reported.push(progress)});
	t.is(imported.folder, out);
	t.deepEqual(imported.absent, ['samples']);
	t.deepEqual(imported.rows, {
		requests: sourceTables.requests.outcome.length,
		pods: sourceTables.pods.event.length,
		decisions: sourceTables.decisions.proposals.length,
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
	const folder = await writeSource(join(await temporaryFolder(), 'source'));
	const out = join(folder, '..', 'record');
	const reason = new Error('enough');
	const controller = new AbortController();
	const onProgress = ({done}: Progress) => done === 2 && controller.abort(reason);
	await t.throwsAsync(importRecording(folder, {out, signal: controller.signal, onProgress}), {is: reason});
	t.false(existsSync(out));
	await t.throwsAsync(importRecording(join(folder, 'none'), {out}), {instanceOf: UserError});
});
