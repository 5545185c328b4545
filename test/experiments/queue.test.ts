import {readFile} from 'node:fs/promises';
import test from 'ava';
import {refuseUnreplayable} from '../../src/cluster/setup/refuse-unreplayable.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {openScheduleHash} from '../../src/experiment/schedule-hash.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';

const folder = 'experiments/queue';

async function simulated(name: string, profile?: string) {
	const experiment = await readExperiment(`${folder}/${name}.yaml`, profile === undefined ? {} : {profile});
	const schedule = new Schedule(experiment, 0);
	const run = simulate(experiment, {replication: 0, arm: 'dynamic', schedule, isRecorded: true});
	return {experiment, run, replicas: run.timeline.map(([, replicas]) => replicas)};
}

for (const name of ['in-flight', 'cpu-or-queue', 'waiting-to-zero']) {
	test(`${name} is an experiment with a bench profile, and names its schema`, async t => {
		const path = `${folder}/${name}.yaml`;
		t.is((await readExperiment(path)).name, name);
		t.is((await readExperiment(path, {profile: 'bench'})).deployment.llm.model, 'smollm2:135m');
		t.true(
			(await readFile(path, 'utf8')).startsWith('# yaml-language-server: $schema=../../schemas/experiment.schema'),
		);
	});
}

test('requests in flight scale the pods up and down again', async t => {
	const {replicas} = await simulated('in-flight');
	t.true(Math.max(...replicas) >= 4);
	t.is(replicas.at(-1), 2);
});

test('CPU and the queue meet the very same requests', async t => {
	for (const [one, other] of [
		[undefined, 'queue'],
		['bench', 'bench-queue'],
		['validation', 'validation-queue'],
	]) {
		const [cpu, queue] = [await simulated('cpu-or-queue', one), await simulated('cpu-or-queue', other)];
		t.is(openScheduleHash(new Schedule(cpu.experiment, 0)), openScheduleHash(new Schedule(queue.experiment, 0)));
		t.is(cpu.experiment.customMetrics, undefined);
		t.truthy(queue.experiment.customMetrics);
		t.notDeepEqual(cpu.run.timeline, queue.run.timeline);
	}
});

test('the pods go to zero and come back by what waits at the gateway', async t => {
	const {replicas, run} = await simulated('waiting-to-zero');
	const comebacks = replicas.filter((count, index) => count > 0 && replicas[index - 1] === 0);
	t.true(comebacks.length >= 2);
	t.is(run.requests.requests.failed, 0);
});

test('the bench of waiting-to-zero goes to zero between its bursts by KEDA, and the gateway holds what comes then', async t => {
	const {experiment, replicas, run} = await simulated('waiting-to-zero', 'bench');
	t.is(experiment.keda?.minReplicaCount, 0);
	t.is(replicas[0], 0);
	const comebacks = replicas.filter((count, index) => count > 0 && replicas[index - 1] === 0);
	t.is(comebacks.length, 2);
	t.is(run.requests.requests.failed, 0);
});

test('every profile of two cores is one that a cluster can replay', async t => {
	for (const [name, profile] of [
		['in-flight', 'bench'],
		['waiting-to-zero', 'bench'],
		['cpu-or-queue', 'bench'],
		['cpu-or-queue', 'bench-queue'],
		['cpu-or-queue', 'validation'],
		['cpu-or-queue', 'validation-queue'],
	] as const) {
		const experiment = await readExperiment(`${folder}/${name}.yaml`, {profile});
		t.notThrows(() => refuseUnreplayable(experiment, ['dynamic', 'fixed'], {reachesNodes: true}), `${name} ${profile}`);
		t.is(experiment.duration, profile.startsWith('bench') ? 240 : 540);
	}
});
