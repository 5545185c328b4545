import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {hostname, tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {execaNode} from 'execa';
import {asFileFault} from '../../../src/store/disk/file-faults.ts';
import {temporaryPrefix} from '../../../src/store/disk/stale-folders.ts';
import {moveIntoPlace, writeAside, writeFileAtomically} from '../../../src/store/disk/write-atomically.ts';

const folders: string[] = [];
const temporary = async () => {
	const folder = await mkdtemp(join(tmpdir(), 'replicast-atomic-'));
	folders.push(folder);
	return folder;
};

test.after.always(async () => {
	await Promise.all(folders.map(async folder => rm(folder, {recursive: true, force: true})));
});

const host = hostname().replaceAll(/[^\w.]/g, '_');

test('a file is written with its folder, and replaced', async t => {
	const root = await temporary();
	const path = join(root, 'deep', 'down', 'summary.json');
	writeFileAtomically(path, 'one');
	writeFileAtomically(path, 'two');
	t.is(readFileSync(path, 'utf8'), 'two');
	t.deepEqual(readdirSync(join(root, 'deep', 'down')), ['summary.json']);
});

test('nothing stays of a writing that fails half-way', async t => {
	const root = await temporary();
	const fail = () =>
		writeAside(root, aside => {
			writeFileSync(join(aside, 'half'), 'half');
			throw new Error('bug');
		});
	t.throws(fail, {message: 'bug'});
	t.deepEqual(readdirSync(root), []);
});

test('a folder takes the place of another', async t => {
	const root = await temporary();
	for (const name of ['old', 'new']) {
		writeAside(root, aside => {
			mkdirSync(join(aside, 'fresh'));
			writeFileSync(join(aside, 'fresh', name), '');
			moveIntoPlace(join(aside, 'fresh'), join(root, 'target'), aside);
		});
	}

	t.deepEqual(readdirSync(root), ['target']);
	t.deepEqual(readdirSync(join(root, 'target')), ['new']);
});

test('what a killed process left is removed by the next writing', async t => {
	const root = await temporary();
	const module = new URL('../../../src/store/disk/write-atomically.js', import.meta.url).href;
	const script = `
		const {writeAside} = await import(${JSON.stringify(module)});
		const {writeFileSync} = await import('node:fs');
		writeAside(${JSON.stringify(root)}, aside => {
			writeFileSync(aside + '/half', 'half');
			process.kill(process.pid, 'SIGKILL');
		});`;
	const {signal} = await execaNode('-', {input: script, reject: false, nodeOptions: ['--input-type=module']});
	t.is(signal, 'SIGKILL');
	t.is(readdirSync(root).length, 1);
	writeFileAtomically(join(root, 'next'), '');
	t.deepEqual(readdirSync(root), ['next']);
});

test('folders of living processes, of other machines, other namespaces of processes and other people stay', async t => {
	const root = await temporary();
	const living = `${temporaryPrefix.replace(`-${process.pid}-`, `-${process.ppid}-`)}abcdef`;
	const kept = [living, '.replicast-elsewhere-1-abcdef', '.replicast-notes', `.replicast-${host}.7-4194303-abcdef`];
	for (const name of kept) {
		mkdirSync(join(root, name));
	}

	writeFileAtomically(join(root, 'file'), '');
	t.deepEqual(readdirSync(root).sort(), [...kept, 'file'].sort());
});

test('a folder of another machine goes after a day', async t => {
	const root = await temporary();
	const old = join(root, '.replicast-elsewhere-1-abcdef');
	mkdirSync(old);
	utimesSync(old, 1, 1);
	writeFileAtomically(join(root, 'file'), '');
	t.deepEqual(readdirSync(root), ['file']);
});

test('a file where a folder has to be is the user’s fault, in one line', async t => {
	const root = await temporary();
	writeFileSync(join(root, 'out'), '');
	const error = t.throws(() => writeFileAtomically(join(root, 'out', 'summary.json'), ''), {name: 'UserError'});
	t.regex(error?.message ?? '', /^\S*out: a file stands where a folder has to be$/);
});

test('a full disk is the user’s fault, in one line', t => {
	const full = Object.assign(new Error('ENOSPC'), {code: 'ENOSPC', syscall: 'write', path: '/reports/summary.json'});
	const fault = asFileFault('/reports', full) as Error;
	t.is(fault.name, 'UserError');
	t.is(fault.message, '/reports/summary.json: no space left on the disk');
	const aside = Object.assign(full, {path: '/reports/.replicast-host-1-abcdef/summary.json'});
	t.regex((asFileFault('/reports', aside) as Error).message, /^\/reports: no space/);
});

test('a bug is passed through', t => {
	const bug = new TypeError('bug');
	t.is(asFileFault('/reports', bug), bug);
});

test('a parent that vanishes meanwhile is reported, not thrown as a bug', async t => {
	const root = await temporary();
	const vanish = () =>
		writeAside(join(root, 'gone'), aside => {
			rmSync(join(root, 'gone'), {recursive: true});
			writeFileSync(join(aside, 'file'), '');
		});
	t.throws(vanish, {name: 'UserError', message: /^\S*gone does not exist$/});
});

(existsSync('/proc/self') ? test : test.skip)('a folder that cannot be made is reported, and does not hang', t => {
	t.throws(() => writeFileAtomically('/proc/nowhere/deep/file', ''), {
		name: 'UserError',
		message: /^\/proc\/nowhere does not exist$/,
	});
});
