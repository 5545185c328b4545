import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import anyTest, {type ExecutionContext} from 'ava';
import {readRecord} from '../../src/store/records/read-record.ts';
import {removeTemporaryFolders, replicast, startReplicast, temporaryFolder, writeSmall} from './run-command.ts';

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const names = ['one', 'two', 'three', 'four'];

/** Four experiments that end one after the other, in a folder of their own. */
const prepare = async () => {
	const folder = await temporaryFolder();
	await Promise.all(
		names.map(async name =>
			writeSmall(join(folder, `${name}.yaml`), text => text.replace('name: small', `name: ${name}`)),
		),
	);
	return folder;
};

const wordsFor = (folder: string) => [
	...['run', ...names.map(name => join(folder, `${name}.yaml`))],
	...['--out', join(folder, 'out'), '--set', 'duration=15m', '--workers', '1'],
];

/** Every experiment that has a folder is there whole; nothing temporary is, unless `allowed`. */
const checkWhole = async (t: ExecutionContext, out: string, {isTemporaryAllowed = false} = {}) => {
	const present = await readdir(out).catch(() => []);
	const temporary = present.filter(name => name.startsWith('.'));
	if (!isTemporaryAllowed) {
		t.deepEqual(temporary, []);
	}

	for (const name of present.filter(each => !each.startsWith('.'))) {
		t.deepEqual((await readdir(join(out, name))).sort(), ['dynamic', 'fixed', 'report.md', 'summary.json']);
		t.is(JSON.parse(await readFile(join(out, name, 'summary.json'), 'utf8')).experiment, name);
		for (const arm of ['dynamic', 'fixed']) {
			t.is((await readRecord(join(out, name, arm))).head.experiment.name, name);
		}
	}

	return present.length - temporary.length;
};

/** How long the run takes when nobody interrupts it [ms]. */
let wholeMs = 0;

test.before(async t => {
	const folder = await prepare();
	const start = performance.now();
	t.is((await replicast(wordsFor(folder))).exitCode, 0);
	wholeMs = performance.now() - start;
	t.is(await checkWhole(t, join(folder, 'out')), names.length);
});

for (const fraction of [0.3, 0.5, 0.65, 0.8, 0.95]) {
	test(`Ctrl-C after ${fraction * 100} % of a run leaves whole experiments and nothing else`, async t => {
		const folder = await prepare();
		const running = startReplicast(wordsFor(folder));
		await delay(wholeMs * fraction);
		running.kill('SIGINT');
		const {exitCode, signal, stderr} = await running;
		const done = await checkWhole(t, join(folder, 'out'));
		if (exitCode === 0) {
			t.is(done, names.length); // it was faster this time
		} else if (exitCode === undefined) {
			t.is(signal, 'SIGINT'); // it had not begun
			t.is(done, 0);
		} else {
			t.is(exitCode, 130);
			t.regex(stderr, /\nInterrupted: \d of 4 experiments done and kept in .*out\n$/);
			t.is(Number(/Interrupted: (\d)/.exec(stderr)?.[1]), done);
		}
	});
}

test('Ctrl-C at once leaves nothing', async t => {
	const folder = await prepare();
	const running = startReplicast(wordsFor(folder));
	await delay(100);
	running.kill('SIGINT');
	await running;
	t.is(await checkWhole(t, join(folder, 'out')), 0);
});

test('what killed runs leave is removed by the next one', async t => {
	const folder = await prepare();
	const out = join(folder, 'out');
	for (const fraction of [0.5, 0.6, 0.7, 0.8, 0.9]) {
		const running = startReplicast(wordsFor(folder));
		await delay(wholeMs * fraction);
		running.kill('SIGKILL');
		await running;
		await checkWhole(t, out, {isTemporaryAllowed: true});
	}

	t.is((await replicast(wordsFor(folder))).exitCode, 0);
	t.is(await checkWhole(t, out), names.length);
});
