import {join} from 'node:path';
import process from 'node:process';
import test from 'ava';
import {defaultThreads, fullSpeedOf, llmWithin} from '../../src/experiment/threads.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {flawOf} from '../../src/tune/condition.ts';
import {scaled} from '../../src/tune/evaluate-candidate.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';
import {faultsOf, inFolder, sound} from '../store/scratch.ts';

const host = (limit?: number, nodeCpu?: number) => defaultThreads({limit, nodeCpu, isTimed: false});

test('threads that nothing is said of are those of a whole limit, else those of the node, else the limit rounded up', t => {
	t.deepEqual(host(4, 16), {threads: 4, threadsFrom: 'limit'});
	t.deepEqual(host(4), {threads: 4, threadsFrom: 'limit'});
	t.deepEqual(host(1.5, 4), {threads: 4, threadsFrom: 'nodes'});
	t.deepEqual(host(undefined, 4), {threads: 4, threadsFrom: 'nodes'});
	t.deepEqual(host(undefined, 3.92), {threads: 4, threadsFrom: 'nodes'}, 'pods get less than the cores that are there');
	t.deepEqual(host(1.5), {threads: 2, threadsFrom: 'limit'});
	t.deepEqual(host(0.25), {threads: 1, threadsFrom: 'limit'});
	t.is(host(), undefined);
});

test('a service whose time is given uses one core while it serves where no limit says another number', async t => {
	const timed = (limit?: number, nodeCpu?: number) => defaultThreads({limit, nodeCpu, isTimed: true});
	t.deepEqual(timed(), {threads: 1, threadsFrom: 'time'});
	t.deepEqual(timed(undefined, 16), {threads: 1, threadsFrom: 'time'});
	t.deepEqual(timed(2, 16), {threads: 2, threadsFrom: 'limit'});
	const file = `name: web
duration: 3m
workload: {arrivals: {process: poisson, rate: [{at: 0s, perSecond: 0.1}]}}
deployment: {containers: {m: {requests: {cpu: 1}}}, replicas: 1, service: {distribution: constant, value: 1s}}
autoscaler: none
`;
	const {llm} = await deploymentOf(file);
	t.like(llm, {threads: 1, threadsFrom: 'time'});
});

const work = (text: string) =>
	text.replace('{distribution: exponential, mean: 500ms}', join(process.cwd(), 'models', 'smollm2-135m.yaml'));

const silent = sound.replace('  nodes: {cpu: 8, memory: 16Gi}\n', '');

async function deploymentOf(text: string) {
	return inFolder({'file.yaml': text}, async folder => (await readExperiment(`${folder}/file.yaml`)).deployment);
}

test('a limit of 1500m is used to the full, on any node', async t => {
	const text = (nodes: string) =>
		nodes.replace('limits: {cpu: 500m, memory: 1Gi}', 'limits: {cpu: 1500m, memory: 1Gi}');
	t.is(fullSpeedOf(await deploymentOf(text(silent))), 1.5);
	const onNodes = await deploymentOf(text(sound));
	t.is(onNodes.llm.threads, 8);
	t.is(fullSpeedOf(onNodes), 1.5);
});

test('without a limit the model has the cores of its node', async t => {
	const {llm} = await deploymentOf(work(sound.replace('limits: {cpu: 500m, memory: 1Gi}', 'limits: {memory: 1Gi}')));
	t.is(llm.threads, 8);
	t.is(llm.threadsFrom, 'nodes');
});

test('threads that are given are taken as they are', async t => {
	const {llm} = await deploymentOf(sound.replace('llm: {parallel: 2}', 'llm: {parallel: 2, threads: 3}'));
	t.is(llm.threads, 3);
	t.false('threadsFrom' in llm);
});

test('where the number of threads is unknown, they are asked for at their place', async t => {
	const unlimited = work(silent.replace('limits: {cpu: 500m, memory: 1Gi}', 'limits: {memory: 1Gi}'));
	const rule =
		'Expected deployment.llm.threads to be given, or deployment.nodes.cpu: container ollama has no CPU limit, so the ' +
		'model runs on the threads of its node, got nothing';
	t.deepEqual(await faultsOf(t, {'file.yaml': unlimited}), [`file.yaml:16:3: ${rule}`]);
	const without = unlimited.replace('  llm: {parallel: 2}\n', '');
	t.deepEqual(await faultsOf(t, {'file.yaml': without}), [`file.yaml:12:1: ${rule}`]);
	const given = unlimited.replace('llm: {parallel: 2}', 'llm: {threads: 2}');
	t.deepEqual(await faultsOf(t, {'file.yaml': given}), []);
	const wrong = work(sound).replace('limits: {cpu: 500m, memory: 1Gi}', '').replace('cpu: 8', 'cpu: -8');
	t.is((await faultsOf(t, {'file.yaml': wrong})).length, 1, 'one line for nodes that are wrong in themselves');
});

test('tuned limits move the threads that came from them, and no others', async t => {
	const {service} = (await readExperiment('experiments/dynamic-scaling.yaml')).deployment;
	const experiment = makeExperiment();
	const deployment = {...experiment.deployment, service};
	const limited = (cpu?: number) => [{name: 'ollama', requests: {}, limits: cpu === undefined ? {} : {cpu}}];
	const derived = {...deployment, llm: {...deployment.llm, threadsFrom: 'limit' as const}};
	t.is(llmWithin(derived, limited(4)).threads, 4);
	t.is(llmWithin(deployment, limited(4)).threads, 1);
	const autoscaler = {minReplicas: 1, maxReplicas: 2, metrics: []};
	const changed = scaled({...experiment, deployment: derived}, {autoscaler, containers: limited(4)});
	t.is(fullSpeedOf(changed.deployment), 4);

	const cpu = {type: 'Resource', name: 'cpu', target: {type: 'AverageValue', averageValueMilli: 1000}} as const;
	const unlimited = {autoscaler: {...autoscaler, metrics: [cpu]}, containers: limited()};
	t.regex(
		flawOf(unlimited, {...experiment, deployment: derived}) ?? '',
		/the number of threads of the model is unknown/,
	);
	t.is(flawOf(unlimited, experiment), undefined);
});
