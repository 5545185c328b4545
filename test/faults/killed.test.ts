import {existsSync} from 'node:fs';
import {cp, writeFile} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import anyTest, {type ExecutionContext} from 'ava';
import {RandomStream} from '../../src/engine/random-stream.ts';
import {workplace} from '../cli/measured-workplace.ts';
import {removeTemporaryFolders, small, temporaryFolder} from '../cli/run-command.ts';
import {checkClean, countChanges, digests, finish, makePlace, type Place, start} from './faulty-command.ts';

/*
 * kill -9 while a command runs: what is there afterwards is whole, and the same command then comes to what it would have
 * come to. The points are drawn from a seed: half of them times within the run's length, half changes of the disk.
 */

// One process at a time: its length is what the points are spread over.
const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

/** `npm run test:load` has more points. */
const isLong = process.env['LOAD_SECONDS'] !== undefined;
const points = isLong ? 8 : 4;
const stream = new RandomStream({seed: 20_261_124, replication: 0, purpose: 'kill', entity: 0});

/** One in each of so many equal parts of [0, 1). */
const spread = (count: number) => Array.from({length: count}, (_, part) => (part + stream.uniform()) / count);

type Kills = {
	readonly points: number;
	/** Folder whose files the command finds where it runs. */
	readonly files?: string;
};

async function killsAndGoesOn(t: ExecutionContext, words: readonly string[], {points, files}: Kills): Promise<void> {
	const prepared = async () => {
		const place = await makePlace();
		if (files !== undefined) {
			await cp(files, dirname(place.out), {recursive: true});
		}

		return place;
	};
	const whole = await prepared();
	const started = performance.now();
	const changes = await countChanges(words, whole);
	const length = performance.now() - started;
	t.true(changes > 5, `${changes} changes of the disk`);
	const expected = digests(whole.out);
	checkClean(t, whole, 'undisturbed');
	for (const [index, part] of spread(points).entries()) {
		const place = await prepared();
		const isTimed = index % 2 === 1;
		const when = isTimed ? `killed after ${Math.round(part * length)} ms` : `killed at ${Math.floor(part * changes)}`;
		if (isTimed) {
			await killedAfter(words, place, part * length);
		} else {
			const {signal} = await start(words, place, {how: 'kill', after: Math.floor(part * changes)});
			t.is(signal, 'SIGKILL', when);
		}

		checkWhole(t, place, {expected, when});
		const {exitCode, stderr} = await finish(words, place);
		t.is(exitCode, 0, `${when}: ${stderr}`);
		t.deepEqual(digests(place.out), expected, when);
		checkClean(t, place, when);
	}
}

async function killedAfter(words: readonly string[], place: Place, ms: number): Promise<void> {
	const running = start(words, place);
	await delay(ms);
	running.kill('SIGKILL');
	await running;
}

/** What stands there without being marked as temporary is what a whole run writes, but for the list that grows. */
type Expected = {readonly expected: Readonly<Record<string, string>>; readonly when: string};

function checkWhole(t: ExecutionContext, {out}: Place, {expected, when}: Expected): void {
	const present = existsSync(out) ? digests(out) : {};
	for (const [path, digest] of Object.entries(present)) {
		if (!/(^|\/)\./.test(path) && !path.endsWith('runs.ndjson')) {
			t.true(digest === expected[path], `${when}: ${path}`);
		}
	}
}

test('run', async t => {
	await killsAndGoesOn(t, ['run', small, '--out', 'out', '--set', 'duration=2m', '--replications', '2'], {points});
});

const space = `apiVersion: replicast/v1
kind: TuningSpace
name: little
settings:
  cpu.averageUtilization: {from: 50, to: 90, step: 10}
`;

test('tune', async t => {
	const file = join(await temporaryFolder(), 'space.yaml');
	await writeFile(file, space);
	const words = [
		...['tune', small, '--space', file, '--out', 'out', '--budget', '40', '--set', 'duration=2m'],
		...['--subject-to', 'p95<50s', '--replications', '2'],
	];
	await killsAndGoesOn(t, words, {points});
});

test('poster', async t => {
	t.timeout(600_000);
	const words = isLong ? [] : [small, '--title', 'Pods', '--authors', 'One'];
	await killsAndGoesOn(t, ['poster', ...words, '--records', 'none', '--out', 'out'], {points: isLong ? 8 : 1});
});

/** In `npm run test:load` alone. */
const long = isLong ? test : test.skip;

long('validate', async t => {
	t.timeout(600_000);
	const {cwd} = await workplace();
	await killsAndGoesOn(t, ['validate', '--out', 'out'], {points, files: cwd});
});

long('compare with its page and charts', async t => {
	t.timeout(600_000);
	const {cwd, file} = await workplace();
	const words = [
		'compare',
		basename(file),
		'--html',
		'--out',
		'out',
		'--charts',
		'out/charts',
		'--chart-format',
		'csv',
	];
	await killsAndGoesOn(t, words, {points, files: cwd});
});

test('init goes on, wherever the one before was killed while it moved its files into place', async t => {
	const words = ['init', 'out'];
	const whole = await makePlace();
	const changes = await countChanges(words, whole);
	const expected = digests(whole.out);
	for (const left of [5, 4, 3, 2, 1]) {
		const place = await makePlace();
		const when = `killed at ${changes - left} of ${changes}`;
		t.is((await start(words, place, {how: 'kill', after: changes - left})).signal, 'SIGKILL', when);
		checkWhole(t, place, {expected, when});
		const isThere = existsSync(join(place.out, 'experiment.yaml'));
		const {exitCode, stderr} = await finish(words, place);
		t.is(exitCode, isThere ? 2 : 0, stderr);
		if (isThere) {
			t.regex(stderr, /^Expected out\/experiment\.yaml to be absent/);
		}

		const {'experiment.yaml': _, ...others} = digests(place.out);
		t.deepEqual({...others, 'experiment.yaml': expected['experiment.yaml']}, expected, when);
	}
});
