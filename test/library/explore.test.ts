import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {explore, type Progress, UserError} from '../../src/index.ts';
import {removeTemporaryFolders, small, temporaryFolder} from '../cli/run-command.ts';

test.after.always(removeTemporaryFolders);

const bench = join('experiments', 'dynamic-scaling.yaml');

test('explore writes a page with the measured runs laid over, and reports each record', async t => {
	const out = join(await temporaryFolder(), 'page.html');
	const reported: Progress[] = [];
	const {path, measured} = await explore(bench, {
		profile: 'bench',
		out,
		onProgress: progress => reported.push(progress),
	});
	t.is(path, out);
	t.true(measured.length >= 2, measured.join(' '));
	t.true(measured.every(folder => folder.includes('dynamic-scaling-bench')));
	const page = await readFile(out, 'utf8');
	t.regex(page, /^<!doctype html>/);
	t.deepEqual(
		reported.map(({doing, done, total, isOver}) => [doing, done, total, isOver === true]),
		[
			...Array.from({length: measured.length + 1}, (_, done) => ['Reading', done, measured.length, false]),
			['Reading', measured.length, measured.length, true],
		],
	);
});

test('explore ends with the reason of its signal, and writes nothing', async t => {
	const out = join(await temporaryFolder(), 'page.html');
	const reason = new Error('enough');
	const controller = new AbortController();
	const {signal} = controller;
	const onProgress = ({done}: Progress) => done === 1 && controller.abort(reason);
	await t.throwsAsync(explore(bench, {profile: 'bench', out, signal, onProgress}), {is: reason});
	await t.throwsAsync(explore(small, {out, signal}), {is: reason});
	t.false(existsSync(out));
});

test('explore takes changes of the experiment, and refuses a record that is not there', async t => {
	const folder = await temporaryFolder();
	const changed = await explore(small, {set: ['fixed.replicas=4'], out: join(folder, 'a.html'), reports: folder});
	const whole = await explore(small, {out: join(folder, 'b.html'), reports: folder});
	t.deepEqual([changed.measured, whole.measured], [[], []]);
	t.notDeepEqual(await readFile(changed.path), await readFile(whole.path));
	await t.throwsAsync(explore(small, {record: [join(folder, 'none')]}), {instanceOf: UserError, message: /none/});
});
