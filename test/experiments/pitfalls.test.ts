import {readdir, readFile} from 'node:fs/promises';
import {basename, join} from 'node:path';
import test from 'ava';
import {type ReplicationResult, replicate} from '../../src/forecast/replicate.ts';
import type {Recording} from '../../src/records/record.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';

const folder = 'experiments/pitfalls';

type Run = ReplicationResult['dynamic'] & {readonly tables: Recording['tables']};

/** Every replication of a pitfall, with a profile or without. */
async function play(name: string, profile?: string): Promise<Run[]> {
	const experiment = await readExperiment(join(folder, `${name}.yaml`), profile === undefined ? {} : {profile});
	return Array.from({length: experiment.replications}, (_, replication) => {
		const {dynamic, recordings} = replicate(experiment, replication, {record: true});
		return {...dynamic, tables: recordings!.dynamic.tables};
	});
}

const sizes = ({timeline}: Run) => timeline.map(([, replicas]) => replicas);
const most = (run: Run) => Math.max(...sizes(run));
const last = (run: Run) => sizes(run).at(-1)!;
const mean = (runs: readonly Run[], of: (run: Run) => number) =>
	runs.reduce((sum, run) => sum + of(run), 0) / runs.length;

test('sidecar dilution: a pod half idle hides a model that is saturated', async t => {
	const [pod, container] = [await play('sidecar-dilution'), await play('sidecar-dilution', 'container')];
	t.true(pod.every(run => most(run) === 2));
	t.true(mean(pod, ({requests}) => requests.availability) < 0.9);
	t.true(container.every(run => most(run) >= 4));
	t.true(mean(container, ({requests}) => requests.availability) > 0.97);
});

test('memory never scales down: what a peak has brought stays an hour later', async t => {
	t.deepEqual((await play('memory-never-scales-down')).map(last), [6, 6, 6, 6, 6]);
	const cpuOnly = await play('memory-never-scales-down', 'cpu-only');
	t.deepEqual(cpuOnly.map(most), [6, 6, 6, 6, 6]);
	t.deepEqual(cpuOnly.map(last), [2, 2, 2, 2, 2]);
});

test('flapping: without a window pods come and go with the noise', async t => {
	const changes = ({timeline}: Run) => timeline.length - 1;
	const [without, window] = [await play('flapping'), await play('flapping', 'window')];
	t.true(
		without.every(run => changes(run) > 20),
		`${without.map(changes).join()}`,
	);
	t.true(mean(window, changes) * 3 <= mean(without, changes), `${window.map(changes).join()}`);
});

test('from 2 to 6 pods in two steps without behavior, in one with it', async t => {
	t.deepEqual(
		(await play('one-step-or-two')).map(sizes),
		Array.from({length: 5}, () => [2, 4, 6]),
	);
	t.deepEqual(
		(await play('one-step-or-two', 'behavior')).map(sizes),
		Array.from({length: 5}, () => [2, 6]),
	);
});

test('several resting points: the same load keeps 4 pods, or 5 after a peak', async t => {
	t.deepEqual((await play('resting-points')).map(last), [4, 4, 4, 4, 4]);
	t.deepEqual((await play('resting-points', 'peak')).map(last), [5, 5, 5, 5, 5]);
});

test('start-up CPU spike: pods that load for six minutes beget pods', async t => {
	const slow = await play('startup-spike');
	t.true(
		slow.every(run => sizes(run)[1] === 3 && most(run) >= 6),
		`${slow.map(sizes).join(' / ')}`,
	);
	t.deepEqual((await play('startup-spike', 'quick')).map(most), [3, 3, 3, 3, 3]);
});

test('overload that makes pods unready: a probe that minds the queue refuses what others would answer late', async t => {
	const [minding, patient] = [await play('overload-unready'), await play('overload-unready', 'patient')];
	const availability = ({requests}: Run) => requests.availability;
	t.log(minding.map(most).join(), mean(minding, availability), patient.map(most).join(), mean(patient, availability));
	t.true(minding.every(({tables}) => tables.pods.event.includes('notReady')));
	t.true(mean(minding, availability) < 0.8);
	t.false(patient.some(({tables}) => tables.pods.event.includes('notReady')));
	t.true(mean(patient, availability) > 0.99);
});

test('metrics outage: nothing changes while nothing is seen', async t => {
	const firstChange = ({timeline}: Run) => timeline[1]![0];
	const [outage, metrics] = [await play('metrics-outage'), await play('metrics-outage', 'metrics')];
	t.log(
		outage.map(run => `${firstChange(run)} ${sizes(run).join('-')}`),
		metrics.map(firstChange),
	);
	t.true(outage.every(run => firstChange(run) > 9 * 60 && last(run) >= 5));
	t.true(metrics.every(run => firstChange(run) < 5 * 60));
	const latency = ({requests}: Run) => requests.latencySeconds.p95;
	t.true(mean(outage, latency) > 2 * mean(metrics, latency), `${mean(outage, latency)} s, ${mean(metrics, latency)} s`);
});

test('rollout surge: a rollout under no load leaves more pods than there were', async t => {
	t.true((await play('rollout-surge')).every(run => last(run) >= 4));
	t.deepEqual((await play('rollout-surge', 'no-surge')).map(most), [2, 2, 2, 2, 2]);
});

test('every pitfall is in the table and says what must be seen', async t => {
	const names = (await readdir(folder)).filter(name => name.endsWith('.yaml'));
	const page = await readFile(join(folder, 'README.md'), 'utf8');
	t.is(names.length, 9);
	for (const name of names) {
		t.true(page.includes(`[${basename(name, '.yaml')}](${name})`), name);
		t.true((await readFile(join(folder, name), 'utf8')).includes('# Must be seen: '), name);
		t.is((await readExperiment(join(folder, name))).name, basename(name, '.yaml'));
	}
});
