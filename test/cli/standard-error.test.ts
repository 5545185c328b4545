import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {openSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import test from 'ava';
import {execaNode} from 'execa';
import {cli, removeTemporaryFolders, temporaryFolder, writeSmall} from './run-command.ts';

/* What nobody can read any more are the progress and the notes; the work goes on. */

test.after.always(removeTemporaryFolders);

const isLinux = process.platform === 'linux';

(isLinux ? test : test.skip)('a full disk behind standard error does not end a run', async t => {
	const folder = await temporaryFolder();
	await writeSmall(join(folder, 'small.yaml'), text => text);
	const stdio = ['ignore' as const, 'ignore' as const, openSync('/dev/full', 'w')];
	const running = spawn(process.execPath, [cli, 'run', 'small.yaml', '--out', 'out'], {cwd: folder, stdio});
	t.deepEqual(await once(running, 'exit'), [0, null]);
	t.true((await readdir(join(folder, 'out', 'small'))).includes('report.md'));
});

test('a search goes on when the reader of its progress has left', async t => {
	const folder = await temporaryFolder();
	await writeSmall(join(folder, 'small.yaml'), text => text);
	const words = ['tune', 'small.yaml', '--budget', '40', '--replications', '2', '--subject-to', 'p95<50s'];
	const running = execaNode(cli, [...words, '--out', 'out'], {cwd: folder, reject: false, buffer: false});
	running.stderr.once('data', () => running.stderr.destroy());
	running.stdout.resume();
	const {exitCode} = await running;
	t.is(exitCode, 0);
	t.true((await readdir(join(folder, 'out', 'small'))).includes('report.md'));
});
