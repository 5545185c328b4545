import {existsSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import anyTest from 'ava';
import {execaNode} from 'execa';
import {readRecord} from '../../src/store/records/read-record.ts';
import {removeTemporaryFolders} from '../cli/run-command.ts';
import {broken, digests, type Fault, makePlace, type Place} from './faulty-command.ts';

/* A replay that is killed, or whose disk refuses, at every change of the disk that it makes. */

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const child = fileURLToPath(new URL('replay-child.js', import.meta.url));

async function replay({out, counter}: Place, fault?: Fault) {
	const env = fault === undefined ? {} : broken(out, {...fault, counter});
	const {stdout, stderr, signal, exitCode} = await execaNode(child, [join(out, 'dynamic-0'), '0'], {
		env,
		reject: false,
	});
	return {stdout, stderr, signal, exitCode};
}

async function undisturbed() {
	const place = await makePlace();
	await replay(place, {how: 'count'});
	return {changes: Number(await readFile(place.counter, 'utf8')), expected: digests(place.out)};
}

test('killed at any change of the disk', async t => {
	const {changes, expected} = await undisturbed();
	t.true(changes > 30, `${changes} changes of the disk`);
	let rescued = 0;
	const points = [0, 2, 3, ...[0.3, 0.5, 0.7].map(part => Math.floor(part * changes))];
	for (const after of [...points, ...[9, 7, 5, 3, 2, 1].map(left => changes - left)]) {
		const place = await makePlace();
		t.is((await replay(place, {how: 'kill', after})).signal, 'SIGKILL');
		const folder = join(place.out, 'dynamic-0');
		if (existsSync(folder)) {
			t.is((await readRecord(folder)).head.experiment.hash, 'ab12', `killed at ${after}`);
		}

		const {stdout, stderr, exitCode} = await replay(place);
		t.is(exitCode, 0, stderr);
		rescued += stdout.startsWith('rescued') ? 1 : 0;
		t.deepEqual(digests(place.out), expected, `killed at ${after}`);
		t.deepEqual(await readdir(place.out), ['dynamic-0'], `killed at ${after}`);
	}

	t.true(rescued >= 3, `${rescued} rescued`);
});

test('a full disk ends it with one line, and what was written before is kept for the next one', async t => {
	const {expected} = await undisturbed();
	for (const after of [0, 150, 1500, 4000, 9000]) {
		const place = await makePlace();
		const {stderr, exitCode} = await replay(place, {how: 'full', after});
		t.is(exitCode, 2);
		t.regex(stderr, /^UserError: \S+: no space left on the disk$/, `after ${after} bytes`);
		t.false(existsSync(join(place.out, 'dynamic-0')));
		t.is((await replay(place)).exitCode, 0);
		t.deepEqual(digests(place.out), expected);
		t.deepEqual(await readdir(place.out), ['dynamic-0']);
	}
});
