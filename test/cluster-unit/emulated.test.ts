import test from 'ava';
import type {KubeApi} from '../../src/cluster/api/kube-api.ts';
import {KubeRefusal} from '../../src/cluster/api/kube-api.ts';
import {EmulatedRun} from '../../src/cluster/emulated/emulated-run.ts';
import {renderEmulatedWorkload} from '../../src/cluster/emulated/emulated-workload.ts';
import {refuseOtherMetrics} from '../../src/cluster/emulated/emulation-objects.ts';
import {Kubelet} from '../../src/cluster/emulated/kubelet.ts';
import {nodeIndex, nodeObjects, nodePlan, nodeWords} from '../../src/cluster/emulated/node-plan.ts';
import {refuseUnemulable} from '../../src/cluster/emulated/refuse-unemulable.ts';
import {Usages} from '../../src/cluster/emulated/usages.ts';
import {measuredRecord} from '../../src/cluster/measured/measured-record.ts';
import {unixNow} from '../../src/cluster/observe/clock.ts';
import type {JournalEntry} from '../../src/cluster/observe/entry.ts';
import {installMetricsServer} from '../../src/cluster/setup/apply.ts';
import type {Cluster} from '../../src/cluster/setup/cluster.ts';
import {readManifestObjects} from '../../src/cluster/setup/read-manifests.ts';
import {UserError} from '../../src/errors.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import type {ServedPod} from '../../src/simulator/hosted/hosted-run.ts';
import {makeExperiment, openWorkload} from '../simulator/make-experiment.ts';
import {podEntry, readyView} from './make-journal.ts';

// biome-ignore lint/suspicious/noExplicitAny: an object has whatever shape its kind has
type Any = any;

const scaler = {
	minReplicas: 2,
	maxReplicas: 200,
	metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 70}}],
} as const;

type Send = {readonly path: string; readonly method: string; readonly body: Any};

/** API that notes what is sent, and takes it once it may. */
function noteApi(answer: (send: Send) => Promise<void> = async () => undefined) {
	const sends: Send[] = [];
	const take = async (path: string, method: string, body: unknown) => {
		const send = {path, method, body};
		sends.push(send);
		await answer(send);
	};
	const api: Pick<KubeApi, 'get' | 'merge' | 'remove' | 'send'> = {
		async get<Answer>(path: string) {
			await take(path, 'GET', undefined);
			return {} as Answer;
		},
		merge: async (path, body) => take(path, 'MERGE', body),
		remove: async (path, body) => take(path, 'DELETE', body),
		async send(path, {method, body}) {
			await take(path, method, body);
			return '';
		},
	};
	return {api, sends};
}

test('nodes are the experiment’s, or have room for half as many pods again', t => {
	const given = nodePlan(makeExperiment({deployment: {nodes: {count: 3, cpu: 4, memory: 2 ** 34}}}));
	t.deepEqual(given, {count: 3, resources: {cpu: 4, memory: 2 ** 34}, isGiven: true});
	t.is(nodeWords(given), '3 nodes of 4 cores and 16 GiB');
	const assumed = nodePlan(makeExperiment({autoscaler: scaler}));
	t.deepEqual(assumed, {count: 30, resources: {cpu: 10, memory: 10 * 2 ** 30}, isGiven: false});
});

test('no pod but the experiment’s finds an emulated node', async t => {
	const [node] = nodeObjects({
		count: 1,
		resources: {cpu: 4, memory: 2 ** 34, 'nvidia.com/gpu': 2},
		isGiven: true,
	}) as Any[];
	t.false('kubernetes.io/os' in node.metadata.labels);
	t.is(nodeIndex(node.metadata.name), 0);
	t.like(node.status.allocatable, {cpu: '4000m', memory: '17179869184', 'nvidia.com/gpu': '2'});
	const [deployment] = (await readManifestObjects('kwok/workload.yaml')) as Any[];
	const {nodeSelector, tolerations} = deployment.spec.template.spec;
	t.like(node.metadata.labels, nodeSelector);
	t.is(tolerations[0].key, node.spec.taints[0].key);
	t.is(node.metadata.annotations['kwok.x-k8s.io/node'], 'fake');
});

test('the Deployment has the experiment’s containers, replicas, grace and rollout', async t => {
	const experiment = makeExperiment({autoscaler: scaler, fixed: {replicas: 7}});
	const pattern = await readManifestObjects('kwok/workload.yaml');
	const {base, autoscaler} = renderEmulatedWorkload(pattern, experiment, {arm: 'dynamic'});
	const {spec} = base.find(({kind}) => kind === 'Deployment') as Any;
	t.is(spec.replicas, 2);
	t.is(spec.template.spec.terminationGracePeriodSeconds, 30);
	t.deepEqual(
		spec.template.spec.containers.map(({name, resources}: Any) => [name, resources.requests.cpu]),
		[['ollama', '1000m']],
	);
	t.is((autoscaler as Any).spec.maxReplicas, 200);
	const fixed = renderEmulatedWorkload(pattern, experiment, {arm: 'fixed'});
	t.is((fixed.base.find(({kind}) => kind === 'Deployment') as Any).spec.replicas, 7);
	t.is(fixed.autoscaler, undefined);
});

test('the stages of KWOK read the annotations that the kubelet’s part writes', async t => {
	const {api, sends} = noteApi();
	new Kubelet(api, error => t.fail(error.message)).plan('llm-0', {started: 1_764_450_000.25, ready: 1_764_450_003.5});
	const [{body, path}] = sends as [Send];
	t.is(path, '/api/v1/namespaces/replicast/pods/llm-0');
	t.deepEqual(Object.values(body.metadata.annotations), ['2025-11-29T21:00:00.250Z', '2025-11-29T21:00:03.500Z']);
	const config = (await readManifestObjects('kwok/kwok.yaml')).find(({kind}) => kind === 'ConfigMap') as Any;
	for (const annotation of Object.keys(body.metadata.annotations)) {
		t.true(config.data['kwok.yaml'].includes(`.metadata.annotations["${annotation}"]`), annotation);
	}
});

test('a pod that went before its message came is no fault, any other refusal is', async t => {
	const faults: string[] = [];
	const kubelet = (status: number) =>
		new Kubelet(noteApi(async () => Promise.reject(new KubeRefusal(status, `status ${status}`))).api, ({message}) =>
			faults.push(message),
		);
	kubelet(404).end('llm-0');
	kubelet(403).end('llm-0');
	await new Promise(resolve => setImmediate(resolve));
	t.deepEqual(faults, ['status 403']);
});

const served = (pod: string, nanocores: number): ServedPod => ({
	pod,
	timestamp: -3,
	window: 14.5,
	containers: [{name: 'ollama', nanocores, memory: 1024}],
});

test('metrics are put there one state after the other, and noted from when they are served', async t => {
	const entries: JournalEntry[] = [];
	let release: () => void = () => undefined;
	const {api, sends} = noteApi(async () => new Promise(resolve => (release = resolve)));
	const usages = new Usages({api, write: entry => entries.push(entry), failed: error => t.fail(error.message)});
	const settle = async () => new Promise(resolve => setImmediate(resolve));
	usages.serve([served('a', 5), served('b', 6)], 1000);
	usages.serve([served('a', 7)], 1000); // overtaken by the next
	usages.serve([served('a', 8)], 1000);
	t.is(sends.length, 1);
	t.deepEqual(entries, []);
	release();
	await settle();
	t.deepEqual(
		entries.map(entry => [entry.type, (entry as Any).pod]),
		[
			['sample', 'a'],
			['sample', 'b'],
		],
	);
	release();
	await settle();
	t.is(sends.length, 2);
	t.deepEqual(sends[1]!.body.items, [
		{
			metadata: {
				name: 'a',
				namespace: 'replicast',
				labels: {'app.kubernetes.io/name': 'llm', 'app.kubernetes.io/part-of': 'replicast'},
			},
			timestamp: '1970-01-01T00:16:37Z',
			window: '14.500000000s',
			containers: [{name: 'ollama', usage: {cpu: '8n', memory: '1024'}}],
		},
	]);
	t.deepEqual(
		entries.slice(2).map(entry => [entry.type, (entry as Any).pod]),
		[
			['sample', 'a'],
			['sampleLost', 'b'],
		],
	);
	t.like(entries[2], {timestamp: 997, window: 14.5, containers: [{name: 'ollama', cpu: 8e-9, memory: 1024}]});
});

test('an outage of the metrics API ends the samples when the API answers no more, and brings them back when it answers', async t => {
	const entries: JournalEntry[] = [];
	let answers = true;
	let looks = 0;
	const {api} = noteApi(async ({method}) => {
		if (method === 'GET') {
			looks++;
			if (looks === 2) {
				answers = !answers;
			}

			if (!answers) {
				throw new Error('503');
			}
		}
	});
	const usages = new Usages({api, write: entry => entries.push(entry), failed: error => t.fail(error.message)});
	const {signal} = new AbortController();
	const settle = async () => new Promise(resolve => setImmediate(resolve));
	const noted = () => entries.splice(0).map(entry => [entry.type, (entry as Any).pod, (entry as Any).timestamp]);
	usages.serve([served('a', 5)], 1000);
	await settle();
	t.deepEqual(noted(), [['sample', 'a', 997]]);
	await usages.outage(true, signal);
	t.is(looks, 2);
	t.deepEqual(noted(), [['sampleLost', 'a', undefined]]);
	usages.serve([served('a', 9), served('b', 9)], 1015);
	await settle();
	t.deepEqual(noted(), []);
	looks = 0;
	await usages.outage(false, signal);
	t.is(looks, 2);
	t.deepEqual(noted(), [
		['sample', 'a', 1012],
		['sample', 'b', 1012],
	]);
});

test('a run follows the clock and the pods, and makes a record that is marked as emulated', async t => {
	const experiment = makeExperiment({
		duration: 1.5,
		workload: openWorkload(20),
		autoscaler: scaler,
		deployment: {service: {kind: 'time', time: {distribution: 'constant', value: 0.05}}},
	});
	const entries: JournalEntry[] = [];
	const {api, sends} = noteApi();
	const start = unixNow() + 0.2;
	const seen = (name: string, parts: object = {}) =>
		podEntry(unixNow(), {node: 'kwok-0000', view: {name, ...readyView(0), ...parts}, containers: []});
	const pods = new Map([['a', seen('a')]]);
	const run = new EmulatedRun({
		api,
		experiment,
		repeat: 0,
		start,
		pods,
		nodes: new Map(),
		write: entry => entries.push(entry),
	});
	entries.push({type: 'start', at: start});
	const until = async (seconds: number) =>
		new Promise(resolve => setTimeout(resolve, (start + seconds - unixNow()) * 1000));
	await until(0.4);
	run.see(seen('b', {phase: 'Pending', ready: {status: false, lastTransitionTime: 0}}));
	run.see(seen('b'));
	run.see({type: 'endpoints', at: unixNow(), ready: ['a', 'b']});
	await until(0.8);
	run.see(seen('a', {deletionTimestamp: 1}));
	run.see({type: 'endpoints', at: unixNow(), ready: ['b']});
	await until(1.1);
	run.see({type: 'gone', at: unixNow(), pod: 'a'});
	await until(1.6);
	run.end();
	entries.push({type: 'end', at: unixNow(), why: 'done'});

	t.false(run.broken.aborted);
	t.deepEqual(
		sends.filter(({method}) => method !== 'PUT').map(({method, path}) => `${method} ${path.split('/').at(-1)}`),
		['MERGE b', 'DELETE a'],
	);
	const {recording} = measuredRecord(entries, {
		experiment,
		arm: 'dynamic',
		repeat: 0,
		engine: 'emulated',
		versions: {},
		models: {},
	});
	const {head, tables} = recording;
	t.is(head.engine, 'emulated');
	t.false(head.validity.reasons.some(reason => reason.startsWith('interrupted')));
	const {pod, outcome, startedSeconds, endedSeconds} = tables.requests;
	t.true(outcome.length > 10);
	t.deepEqual(new Set(pod), new Set(['a', 'b']));
	t.is(run.counts.completed, outcome.filter(one => one === 'completed').length);
	for (const [row, one] of outcome.entries()) {
		t.true(one !== 'completed' || Math.abs(endedSeconds[row]! - startedSeconds[row]! - 0.05) < 1e-6);
	}
});

test('an emulation that was far behind the clock is invalid, a busy machine alone is not', t => {
	const experiment = makeExperiment({duration: 10, workload: openWorkload(0.5)});
	const record = (lag: number) => {
		const requests = Array.from({length: 200}, (_, id): JournalEntry[] => [
			{
				...{type: 'sent', at: 1000, id, scheduled: 0, lag},
				...{tenant: 'default', conversation: 0, promptTokens: 1, outputTokens: 1},
			},
			{type: 'ended', at: 1001, id, outcome: 'completed', served: {pod: 'a', started: 1000}},
		]);
		const nodes = Array.from(
			{length: 10},
			(_, index): JournalEntry => ({
				...{type: 'node', at: 1000 + index, node: 'control', steal: 0},
				...{busy: 100 * index, total: 100 * index},
			}),
		);
		const entries: JournalEntry[] = [
			{type: 'start', at: 1000},
			...requests.flat(),
			...nodes,
			{type: 'end', at: 1010, why: 'done'},
		];
		return measuredRecord(entries, {
			experiment,
			arm: 'dynamic',
			repeat: 0,
			engine: 'emulated',
			versions: {},
			models: {},
		}).recording.head.validity;
	};
	t.true(record(0.1).valid);
	t.regex(record(0.1).notes!.join(), /node saturated/);
	t.false(record(0.6).valid);
	t.regex(record(0.6).reasons.join(), /emulation too slow/);
});

const refused: readonly [string, Partial<Experiment>, RegExp][] = [
	[
		'nodes',
		{deployment: {...makeExperiment().deployment, nodes: {count: 251, cpu: 1, memory: 1}}},
		/number of nodes .* 250/,
	],
	['metrics', {metrics: 'ideal'}, /metrics .* got ideal/],
	[
		'faults',
		{faults: [{kind: 'node-pressure', at: 1, duration: 1, count: 1, cpuFraction: 0.5}]},
		/faults .* got node-pressure/,
	],
	[
		'autoscaler',
		{
			autoscaler: {
				...scaler,
				metrics: [{type: 'Pods', name: 'queue', target: {type: 'AverageValue', averageValueMilli: 1000}}],
			},
		},
		/autoscaler\.metrics .* got Pods queue/,
	],
];
for (const [what, parts, message] of refused) {
	test(`an experiment whose ${what} cannot be emulated is refused in one line`, t => {
		const fault = t.throws(() => refuseUnemulable(makeExperiment(parts as Any), ['dynamic']), {instanceOf: UserError});
		t.regex(fault.message, message);
	});
}

test('a fixed arm without its number of pods is refused', t => {
	t.throws(() => refuseUnemulable(makeExperiment(), ['fixed']), {message: /fixed to be given/});
	t.notThrows(() => refuseUnemulable(makeExperiment(), ['dynamic']));
});

test('a cluster with a metrics-server is left alone', async t => {
	const cluster = (service: object | undefined) =>
		({
			name: 'mine',
			api: {find: async () => (service === undefined ? undefined : {spec: {service}})},
		}) as Any as Cluster;
	await t.throwsAsync(refuseOtherMetrics(cluster({namespace: 'kube-system', name: 'metrics-server'})), {
		message: /without metrics-server .* got kube-system\/metrics-server in mine/,
	});
	await t.notThrowsAsync(refuseOtherMetrics(cluster({namespace: 'replicast-emulated', name: 'metrics'})));
	await t.notThrowsAsync(refuseOtherMetrics(cluster(undefined)));
});

test('a real replay does not take the metrics of an emulated one that was killed', async t => {
	const service = {namespace: 'replicast-emulated', name: 'metrics'};
	const api = {find: async () => ({metadata: {}, spec: {service}})};
	const cluster = {name: 'mine', api} as Any as Cluster;
	await t.throwsAsync(installMetricsServer(cluster, [], AbortSignal.timeout(1000)), {
		message: /those of an emulated replay that was killed: kind delete cluster --name mine/,
	});
});
