import {existsSync} from 'node:fs';
import {mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {execa} from 'execa';
import type {Recording} from '../../src/records/record.ts';
import {readRecord} from '../../src/store/records/read-record.ts';
import {startReplicast} from '../cli/run-command.ts';
import {follow, type Seen} from './kubectl.ts';

// One cluster for the file, in the order in which the tests stand.
const cluster = `replicast-test-${process.pid}`;
const fixture = (name: string) => fileURLToPath(new URL(`../../../test/cluster/fixtures/${name}`, import.meta.url));
const experiment = fixture('two-minutes.yaml');
const outage = fixture('outage.yaml');
let out: string;
let first: Recording;

test.before(async () => {
	out = await mkdtemp(join(tmpdir(), 'replicast-measured-'));
});

test.after.always(async () => {
	await execa('kind', ['delete', 'cluster', '--name', cluster]);
	await rm(out, {recursive: true, force: true});
});

const replayFile = (file: string, folder: string, ...words: string[]) =>
	startReplicast(['replay', file, '--cluster', cluster, '--out', join(out, folder), ...words]);
const replay = (folder: string, ...words: string[]) => replayFile(experiment, folder, ...words);
const record = async (folder: string, name: string) => readRecord(join(out, folder, 'two-minutes', name));
const isWhole = ({head}: Recording) => !head.validity.reasons.some(reason => reason.startsWith('interrupted'));

/** Waits until the replay prints something, then some more [s]. */
async function untilPrinted(running: ReturnType<typeof replay>, text: string, more = 0): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		let printed = '';
		running.stdout.on('data', (chunk: Buffer) => {
			printed += chunk.toString();
			if (printed.includes(text)) {
				resolve();
			}
		});
		running.stdout.on('end', () => reject(new Error(`Expected ${text}, got ${printed}`)));
	});
	await sleep(more * 1000);
}

test.serial('a replay on a new cluster measures what kubectl sees', async t => {
	const running = replay('whole', '--keep');
	let isOver = false;
	const following = follow(cluster, () => isOver);
	const {exitCode, stdout, stderr} = await running;
	isOver = true;
	t.log(stdout);
	t.is(exitCode, 0, stderr);
	const seen = await following;
	first = await record('whole', 'dynamic-0');
	t.true(isWhole(first));
	checkPods(t, first, seen);
	const decided = [...first.tables.decisions.desiredReplicas];
	t.true(decided.length >= 6);
	t.is(Math.max(...decided), Math.max(...seen.desiredReplicas));
	t.true(Math.max(...decided) > 2, 'the autoscaler never scaled up');
});

/** Pods of the run by name, and the times between their creations and to their readiness, which the API rounds. */
function checkPods(t: {true: (value: boolean, message?: string) => unknown}, {tables}: Recording, seen: Seen): void {
	const {pod, event, seconds} = tables.pods;
	const when = (name: string, wanted: string) =>
		seconds[pod.findIndex((other, row) => other === name && event[row] === wanted)];
	const names = [...new Set(pod)];
	t.true(names.length >= 4, names.join(' ')); // two, one for the load, one for the killed one
	const zero = seen.pods.get(names[0]!)!.created - when(names[0]!, 'created')!;
	for (const name of names) {
		const told = seen.pods.get(name);
		t.true(told !== undefined, `kubectl never saw ${name}`);
		t.true(Math.abs(told!.created - zero - when(name, 'created')!) < 2.5, `${name} was created at another time`);
		const ready = told!.ready - zero - (when(name, 'ready') ?? Number.NaN);
		t.true(Number.isNaN(ready) || Math.abs(ready) < 4, `${name} was Ready ${ready} s apart`);
	}
}

test.serial('the requests are the schedule’s, and every pod answered some', t => {
	const {requests, pods, samples} = first.tables;
	t.true(requests.scheduledSeconds.length > 40);
	t.true(requests.scheduledSeconds.every((at, row) => requests.sentSeconds[row]! >= at));
	const completed = requests.outcome.filter(outcome => outcome === 'completed').length;
	t.true(completed > 0.7 * requests.outcome.length, `${completed} of ${requests.outcome.length}`);
	const known = new Set(pods.pod);
	t.true(requests.pod.every(name => name === '' || known.has(name)));
	t.true(
		samples.sampledSeconds.some(at => at < 0),
		'no sample from before the start',
	);
	t.true(pods.event.includes('modelLoaded'));
	t.is(Object.keys(first.head.models).length, 1);
	t.regex(first.head.models['smollm2:135m']!, /^[\da-f]{64}$/);
});

test.serial('a replay that is killed half-way is taken up again, from a clean state', async t => {
	const killed = replay('killed', '--keep', '--arm', 'fixed');
	await untilPrinted(killed, 'Replay 120 s', 40);
	killed.kill('SIGKILL');
	await killed;
	const folder = join(out, 'killed', 'two-minutes');
	t.deepEqual(await readdir(folder), ['.fixed-0.partial']);
	const {exitCode, stdout, stderr} = await replay('killed', '--keep', '--arm', 'fixed');
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /fixed-0: kept what a killed replay left/);
	t.deepEqual(await readdir(folder), ['fixed-0']);
	const {head, tables} = await record('killed', 'fixed-0');
	t.true(isWhole({head, tables}));
	t.is(head.scheduleHash, first.head.scheduleHash);
	t.deepEqual([...tables.requests.scheduledSeconds], [...first.tables.requests.scheduledSeconds]);
	t.is(tables.decisions.seconds.length, 0);
	const early = tables.pods.pod.filter((_, row) => tables.pods.seconds[row]! < 0);
	t.is(new Set(early).size, 3, 'pods of the killed replay were still there');
});

test.serial('Ctrl-C keeps what was measured and says so, and a second replay is kept off meanwhile', async t => {
	const running = replay('interrupted', '--keep');
	t.teardown(() => running.kill('SIGKILL'));
	await untilPrinted(running, 'Replay 120 s', 20);
	const second = await replay('second', '--keep');
	t.is(second.exitCode, 2);
	t.regex(second.stderr, new RegExp(`Expected no other replay on ${cluster}, got .* process ${running.pid} at it`));
	t.false(existsSync(join(out, 'second', 'two-minutes', 'dynamic-0')));
	running.kill('SIGINT');
	const {exitCode, stdout, stderr} = await running;
	t.log(stdout, stderr);
	t.is(exitCode, 130);
	const {head, tables} = await record('interrupted', 'dynamic-0');
	t.true(head.validity.reasons.includes('interrupted: the schedule was not replayed to its end'));
	t.true(tables.requests.scheduledSeconds.length > 0);
});

test.serial('without metrics the autoscaler stands still, and goes on when they are back', async t => {
	const {exitCode, stdout, stderr} = await replayFile(outage, 'outage', '--keep');
	t.log(stdout);
	t.is(exitCode, 0, stderr);
	const {tables} = await readRecord(join(out, 'outage', 'outage', 'dynamic-0'));
	const {seconds, desiredReplicas} = tables.decisions;
	const during = desiredReplicas.filter((_, row) => seconds[row]! >= 2 && seconds[row]! < 60);
	t.deepEqual([...new Set(during)], [2]);
	t.true(Math.max(...desiredReplicas) > 2, 'the autoscaler never scaled up');
	const failed = tables.decisions.reasons.filter((_, row) => seconds[row]! >= 2 && seconds[row]! < 60);
	t.true(
		failed.some(text => text.includes('FailedGetResourceMetric')),
		JSON.stringify(failed),
	);
	t.true(tables.samples.sampledSeconds.some(at => at > 60));
});

test.serial('a cluster that a replay made goes with it', async t => {
	await execa('kind', ['delete', 'cluster', '--name', cluster]);
	const running = replay('gone', '--arm', 'fixed');
	await untilPrinted(running, 'Clean start');
	running.kill('SIGINT');
	t.is((await running).exitCode, 130);
	t.false((await execa('kind', ['get', 'clusters'])).stdout.split('\n').includes(cluster));
	t.false(existsSync(join(out, 'gone', 'two-minutes', '.fixed-0.partial')));
});
