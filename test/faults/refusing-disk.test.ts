import {spawnSync} from 'node:child_process';
import {chmodSync, closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync} from 'node:fs';
import {cp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import process from 'node:process';
import anyTest from 'ava';
import {writeFileAtomically} from '../../src/store/disk/write-atomically.ts';
import {cli, removeTemporaryFolders, small} from '../cli/run-command.ts';
import {checkClean, digests, type Fault, finish, makePlace, type Place} from './faulty-command.ts';

/*
 * A disk that is full or read-only: one line that names a file and the reason, exit status 2, nothing half-written, nothing
 * temporary; and with room again the same command does its work.
 */

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const said = {full: ': no space left on the disk', 'read-only': ' is in a read-only file system'} as const;

type Case = {
	readonly words: readonly string[];
	readonly fault: Fault;
	readonly prepare?: (place: Place) => Promise<void>;
	/** What may stay: each line of it is whole, or dropped when it is read. */
	readonly kept?: readonly string[];
	/** It is not done again. */
	readonly isSlow?: boolean;
};

const refuses = anyTest.macro({
	async exec(t, {words, fault, prepare, kept = [], isSlow = false}: Case) {
		const place = await makePlace();
		await prepare?.(place);
		const {exitCode, stderr} = await finish(words, place, fault);
		const lines = stderr.trimEnd().split('\n');
		t.is(lines.filter(line => / no space left | read-only |^Expected|^\s+at /.test(line)).length, 1, stderr);
		t.regex(lines.at(-1)!, /^(?:\S*\/)?out\b\S* /);
		t.true(lines.at(-1)!.endsWith(said[fault.how as keyof typeof said]), stderr);
		t.is(exitCode, 2);
		checkClean(t, place, 'refused');
		t.deepEqual(Object.keys(existsSync(place.out) ? digests(place.out) : {}), kept);
		if (!isSlow) {
			const again = await finish(words, place);
			t.is(again.exitCode, 0, again.stderr);
			checkClean(t, place, 'with room again');
		}
	},
	title: (title: string | undefined, {fault}: Case) => `${title}: ${fault.how}`,
});

const full = (after: number): Fault => ({how: 'full', after});
const readOnly: Fault = {how: 'read-only'};
const shorter = ['--set', 'duration=2m', '--replications', '2'];
const run = ['run', small, '--out', 'out', ...shorter];
const tune = ['tune', small, '--out', 'out', '--subject-to', 'p95<50s', '--budget', '12', ...shorter];

test('the record of run', refuses, {words: run, fault: full(20_000)});
test('run', refuses, {words: run, fault: readOnly});
test('the page of run', refuses, {words: [...run, '--html'], fault: full(200_000)});
test('tune', refuses, {words: tune, fault: readOnly});
test('tune, its list', refuses, {words: tune, fault: full(600), kept: ['small/runs.ndjson']});
test('tune, its report', refuses, {words: tune, fault: full(6000), kept: ['small/runs.ndjson']});
test('poster', refuses, {words: ['poster', '--records', 'none', '--out', 'out'], fault: readOnly, isSlow: true});
test('a file of init', refuses, {words: ['init', 'out'], fault: full(1000)});
test('init', refuses, {words: ['init', 'out'], fault: readOnly});
test('schema', refuses, {words: ['schema', '--out', 'out'], fault: full(1000)});
test('trace', refuses, {words: ['trace', 'generate', 'out/trace.csv'], fault: full(3000)});
test('records import', refuses, {
	words: ['records', 'import', 'recorded', '--out', 'out/dynamic-0'],
	fault: full(3000),
	async prepare({out}) {
		const recorded = join(dirname(out), 'recorded');
		const measured = resolve('reports/measured/spike-bench/dynamic-0/record.json');
		await cp(measured, join(recorded, 'record.json'));
		const row =
			'{"scheduledSeconds": 1, "sentSeconds": 1, "startedSeconds": 1, "firstTokenSeconds": 1, "endedSeconds": 2';
		const rest =
			'"tenant": "a", "conversation": 0, "pod": "a", "promptTokens": 9, "outputTokens": 9, "outcome": "completed"}';
		await writeFile(join(recorded, 'requests.ndjson'), `${row}, ${rest}\n`);
	},
});
test('calibrate', refuses, {
	words: ['calibrate', '--from', resolve('reports/calibration/replicast-bench/grid/fixed-0'), '--out', 'out'],
	fault: full(1000),
});
const isRoot = process.getuid?.() === 0;

(process.getuid !== undefined ? test : test.skip)('a folder that this user may not write to', t => {
	const folder = mkdtempSync(join(tmpdir(), 'replicast-locked-'));
	t.teardown(() => rmSync(folder, {recursive: true, force: true}));
	chmodSync(folder, 0o555);
	if (isRoot) {
		process.seteuid!(65_534); // root may write anywhere
	}

	try {
		t.throws(() => writeFileAtomically(join(folder, 'out', 'summary.json'), ''), {
			name: 'UserError',
			message: `${join(folder, 'out')}: permission denied`,
		});
	} finally {
		if (isRoot) {
			process.seteuid!(0);
		}
	}

	t.deepEqual(readdirSync(folder), []);
});

(existsSync('/dev/full') ? test : test.skip)('standard output that is full', t => {
	for (const words of [['--help'], ['schema', 'experiment'], ['completion'], ['decide', '--help']]) {
		const full = openSync('/dev/full', 'w');
		const {status, stderr} = spawnSync(process.execPath, [cli, ...words], {stdio: ['ignore', full, 'pipe']});
		closeSync(full);
		t.is(status, 2, words.join(' '));
		t.regex(stderr.toString(), /^Expected to write to standard output, got ENOSPC[^\n]*\n$/);
	}
});
