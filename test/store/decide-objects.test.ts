import {join} from 'node:path';
import test from 'ava';
import type {CaseAnswer} from '../../src/autoscaler/case-input.ts';
import {answerGiven} from '../../src/autoscaler/keda/answer-case.ts';
import {decide} from '../../src/library/decide.ts';
import {readCase} from '../../src/store/inputs/read-cases.ts';
import {inFolder} from './scratch.ts';

/** What people have: objects that kubectl saved. */

const cpu = (averageUtilization: number) => ({
	type: 'Resource',
	resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization}},
});
const scaleTargetRef = {apiVersion: 'apps/v1', kind: 'Deployment', name: 'chat'};
const hpaOf = (spec: object, status?: object) => ({
	apiVersion: 'autoscaling/v2',
	kind: 'HorizontalPodAutoscaler',
	metadata: {name: 'chat', namespace: 'llm', managedFields: [{manager: 'kubectl'}]},
	spec: {scaleTargetRef, minReplicas: 1, maxReplicas: 10, ...spec},
	...(status && {status}),
});
const deployment = {
	apiVersion: 'apps/v1',
	kind: 'Deployment',
	metadata: {name: 'chat', namespace: 'llm'},
	spec: {
		replicas: 2,
		selector: {matchLabels: {app: 'chat'}, matchExpressions: [{key: 'canary', operator: 'DoesNotExist'}]},
	},
	status: {replicas: 2},
};

function podOf(name: string, {labels = {app: 'chat'}, namespace = 'llm'}: {labels?: object; namespace?: string} = {}) {
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: {name, namespace, labels},
		spec: {
			initContainers: [
				{name: 'proxy', restartPolicy: 'Always', resources: {requests: {cpu: '100m'}}},
				{name: 'once', resources: {requests: {cpu: '9'}}},
			],
			containers: [{name: 'app', image: 'a', resources: {requests: {cpu: '100m'}, limits: {memory: '1Gi'}}}],
		},
		status: {
			phase: 'Running',
			startTime: '2026-01-05T09:00:00Z',
			conditions: [{type: 'Ready', status: 'True', lastTransitionTime: '2026-01-05T10:00:10+01:00'}],
		},
	};
}

const usageOf = (name: string, milli: number) => ({
	metadata: {name, namespace: 'llm', labels: {app: 'chat'}},
	timestamp: '2026-01-05T09:59:50Z',
	window: '15.03s',
	containers: [
		{name: 'app', usage: {cpu: `${milli}m`}},
		{name: 'proxy', usage: {cpu: '10m'}},
	],
});
const metricsList = (items: readonly object[]) => ({
	kind: 'PodMetricsList',
	apiVersion: 'metrics.k8s.io/v1beta1',
	items,
});
const list = (items: readonly object[]) => ({apiVersion: 'v1', kind: 'List', items});

/** The answer to files with these contents, or what is told instead. */
async function answerTo(...contents: readonly unknown[]): Promise<CaseAnswer | string> {
	const names = contents.map((_, index) => `file-${index}.yaml`);
	const texts = contents.map(content => (typeof content === 'string' ? content : JSON.stringify(content)));
	return inFolder(Object.fromEntries(names.map((name, index) => [name, texts[index]!])), async folder => {
		const read = await readCase(...names.map(name => join(folder, name)));
		return 'given' in read
			? (answerGiven(read.given, read.notes) as CaseAnswer)
			: read.faults.replaceAll(`${folder}/`, '');
	});
}

const hasNote = (answer: CaseAnswer | string, note: RegExp) =>
	typeof answer !== 'string' && (answer.notes ?? []).some(text => note.test(text));

test('pods, their metrics and the HPA, in a List and a file of --raw', async t => {
	const pods = [podOf('a'), podOf('b')];
	const answer = await answerTo(
		list([...pods, hpaOf({metrics: [cpu(50)]})]),
		metricsList([usageOf('a', 150), usageOf('b', 170), usageOf('stranger', 900)]),
	);
	// 160 + 180 of 400 thousandths, sidecars among them and finished init containers not.
	t.like(answer, {desiredReplicas: 4, metrics: [{utilization: 85, averageValueMilli: 170}]});
	t.true(hasNote(answer, /all 2 pods are taken to be its own/));
	t.true(hasNote(answer, /at 2026-01-05T09:59:50Z, the time of the newest sample/));
	t.true(hasNote(answer, /No earlier recommendation/));
});

test('the selector and the namespace of the scaled object say which pods count', async t => {
	const others = [
		podOf('b', {labels: {app: 'other'}}),
		podOf('c', {labels: {app: 'chat', canary: 'yes'}}),
		podOf('d', {namespace: 'default'}),
	];
	const answer = await answerTo(
		[podOf('a'), ...others, deployment, hpaOf({metrics: [cpu(50)]})]
			.map(object => JSON.stringify(object))
			.join('\n---\n'),
		metricsList(['a', 'b', 'c', 'd'].map(name => usageOf(name, 190))),
	);
	// One of two replicas has metrics, at 100 %.
	t.like(answer, {desiredReplicas: 2, metrics: [{utilization: 100, averageValueMilli: 200}]});
	t.true(hasNote(answer, /^3 pods of another namespace/));
	t.false(hasNote(answer, /taken to be its own/));
});

test('a pod that is being deleted, one that is pending and one without a Ready condition', async t => {
	const deleted = podOf('b');
	Object.assign(deleted.metadata, {deletionTimestamp: '2026-01-05T10:00:20Z'});
	const pending = {...podOf('c'), status: {phase: 'Pending'}};
	const answer = await answerTo(
		list([podOf('a'), deleted, pending, hpaOf({metrics: [cpu(50)]}, {currentReplicas: 3})]),
		metricsList(['a', 'b', 'c'].map(name => usageOf(name, 190))),
	);
	// The ratio of 2 over the ready and the pending pod, which counts as 0, is 1.
	t.like(answer, {desiredReplicas: 3});
});

test('a case may hold objects, times of RFC 3339 and durations of Go', async t => {
	const {kind: _, ...pod} = podOf('a');
	const answer = await answerTo({
		now: '2026-01-05T10:00:00Z',
		hpa: {maxReplicas: 4, metrics: [cpu(50)]},
		pods: [pod],
		podMetrics: [usageOf('a', 90)],
	});
	t.like(answer, {desiredReplicas: 1, metrics: [{utilization: 50}]});
	const late = await answerTo({
		now: '2026-01-05T10:00:00Z',
		hpa: {maxReplicas: 4},
		pods: [{name: 'a', startTime: 100}],
	});
	t.is(late, 'file-0.yaml:1:8: Expected now to be on the clock of the case\'s other times, got "2026-01-05T10:00:00Z"');
	const wrong = await answerTo({
		now: '2026-13-05T10:00:00Z',
		hpa: {maxReplicas: 4},
		podMetrics: [{name: 'a', window: '1x'}],
	});
	t.regex(String(wrong), /now to be a number of seconds or a time such as 2026-01-05T10:00:00Z, got "2026-13/);
	t.regex(String(wrong), /window to be a number of seconds, at least 0, or a duration such as 15\.03s, got "1x"/);
});

const current = (averageUtilization: number, averageValue = `${averageUtilization}m`) => ({
	type: 'Resource',
	resource: {name: 'cpu', current: {averageUtilization, averageValue}},
});
const status = (metric: object, currentReplicas = 4) => ({
	currentReplicas,
	desiredReplicas: 4,
	currentMetrics: [metric],
});

test('an HPA alone is answered by its status', async t => {
	const answer = await answerTo(hpaOf({metrics: [cpu(50)]}, status(current(71))));
	t.like(answer, {desiredReplicas: 6, proposal: 6, metrics: [{utilization: 71, averageValueMilli: 71}]});
	t.true(hasNote(answer, /over 4 replicas\. Not seen: pods that are not Ready/));
	t.true(hasNote(answer, /No earlier recommendation/));
	t.deepEqual(await answerTo({hpa: hpaOf({metrics: [cpu(50)]}, status(current(71)))}), answer);
	t.deepEqual(decide({hpa: hpaOf({metrics: [cpu(50)]}, status(current(71)))}), answer);
	const desired = async (spec: object, metric: object, replicas?: number) => {
		const got = await answerTo(hpaOf(spec, status(metric, replicas)));
		return typeof got === 'string' ? got : got.desiredReplicas;
	};
	t.is(await desired({metrics: [cpu(50)]}, current(54)), 4, 'within the tolerance');
	t.is(await desired({metrics: [cpu(50)], maxReplicas: 5}, current(71)), 5, 'the largest number');
	const one = {policies: [{type: 'Pods', value: 1, periodSeconds: 60}]};
	t.is(await desired({metrics: [cpu(50)], behavior: {scaleUp: one}}, current(71)), 5, 'a policy');
	t.is(await desired({}, current(100)), 5, 'CPU at 80 % by default');
	t.is(await desired({metrics: [cpu(50)]}, current(1, '0')), 1, 'idle');
});

test('each type of metric is read from the status', async t => {
	const metric = {name: 'm'};
	const target = {type: 'AverageValue', averageValue: '4'};
	const answers: [object, object, number][] = [
		[
			{type: 'Resource', resource: {name: 'memory', target: {type: 'AverageValue', averageValue: '1Gi'}}},
			{type: 'Resource', resource: {name: 'memory', current: {averageValue: '1536Mi'}}},
			6,
		],
		[
			{type: 'ContainerResource', containerResource: {name: 'cpu', container: 'a', target: cpu(50).resource.target}},
			{type: 'ContainerResource', containerResource: {name: 'cpu', container: 'a', current: {averageUtilization: 71}}},
			6,
		],
		[{type: 'Pods', pods: {metric, target}}, {type: 'Pods', pods: {metric, current: {averageValue: '6'}}}, 6],
		[
			{type: 'Object', object: {metric, describedObject: scaleTargetRef, target: {type: 'Value', value: 10}}},
			{type: 'Object', object: {metric, describedObject: scaleTargetRef, current: {value: '15'}}},
			6,
		],
		[
			{type: 'External', external: {metric, target}},
			{type: 'External', external: {metric, current: {averageValue: '5500m'}}},
			6,
		],
	];
	for (const [spec, now, desiredReplicas] of answers) {
		t.like(await answerTo(hpaOf({metrics: [spec]}, status(now))), {desiredReplicas}, JSON.stringify(spec));
	}
});

test('older versions, pods without metrics, and what the status cannot say', async t => {
	const v1 = {...hpaOf({targetCPUUtilizationPercentage: 50}), apiVersion: 'autoscaling/v1'};
	const answer = await answerTo({...v1, status: {currentReplicas: 4, currentCPUUtilizationPercentage: 71}});
	t.like(answer, {desiredReplicas: 6});
	t.true(hasNote(answer, /a percentage alone/));
	const withPods = await answerTo(list([podOf('a'), hpaOf({metrics: [cpu(50)]}, status(current(71)))]));
	t.like(withPods, {desiredReplicas: 6});
	t.true(hasNote(withPods, /the pods do not count, for they come without metrics/));
	const unknown = await answerTo(hpaOf({metrics: [cpu(50)]}, {currentReplicas: 4, currentMetrics: [{type: ''}]}));
	t.like(unknown, {desiredReplicas: 4, reasons: ['FailedGetResourceMetric']});
	const container = {
		type: 'ContainerResource',
		containerResource: {name: 'cpu', container: 'a', target: cpu(50).resource.target},
	};
	const inContainer = {
		type: 'ContainerResource',
		containerResource: {name: 'cpu', container: 'a', current: {averageUtilization: 9}},
	};
	const both = {currentReplicas: 2, currentMetrics: [current(60), inContainer]};
	t.regex(
		String(await answerTo(hpaOf({metrics: [cpu(50), container]}, both))),
		/several metrics of cpu, got its status alone$/,
	);
});

test('what is no case is told in one line', async t => {
	t.is(await answerTo(list([podOf('a')])), 'file-0.yaml:1:1: Expected an HPA among the objects, got kind Pod');
	t.is(
		await answerTo(list([hpaOf({}), {...hpaOf({}), metadata: {name: 'b'}}])),
		'file-0.yaml:1:1: Expected one HPA, or the object that it scales beside several, got llm/chat (for Deployment chat), b (for Deployment chat)',
	);
	t.is(
		await answerTo('# nothing\n'),
		'file-0.yaml:1:1: Expected one case, or objects of Kubernetes, got an empty file',
	);
	t.is(
		await answerTo({hpa: {maxReplicas: 3}}, {hpa: {maxReplicas: 3}}),
		'file-1.yaml:1:1: Expected one case, or objects of Kubernetes, got something beside a case',
	);
	t.regex(String(await answerTo('hpa: {maxReplicas: {{ .Values.max }}}\n')), /an unrendered Helm template/);
	t.like(await answerTo('hpa: {maxReplicas: 010}\nscale: {specReplicas: 9}\n'), {desiredReplicas: 8});
});
