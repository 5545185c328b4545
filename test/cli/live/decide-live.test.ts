import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import test from 'ava';
import {execaNode} from 'execa';
import {cli, removeTemporaryFolders, temporaryFolder} from '../run-command.ts';
import {writeKubeconfig} from './write-kubeconfig.ts';

test.after.always(removeTemporaryFolders);

const ago = (seconds: number) => `${new Date(Date.now() - seconds * 1000).toISOString().slice(0, 19)}Z`;

const pod = (name: string) => ({
	metadata: {name},
	spec: {
		containers: [{name: 'backend', resources: {requests: {cpu: '25m', memory: '64Mi'}}}],
		initContainers: [
			{name: 'ollama', restartPolicy: 'Always', resources: {requests: {cpu: '125m', memory: '256Mi'}}},
			{name: 'pull'},
		],
	},
	status: {
		phase: 'Running',
		startTime: ago(4000),
		conditions: [
			{type: 'PodScheduled', status: 'True'},
			{type: 'Ready', status: 'True', lastTransitionTime: ago(3990)},
		],
	},
});
const usage = (name: string, cpu: string) => ({
	metadata: {name},
	timestamp: ago(10),
	window: '15.067s',
	containers: [
		{name: 'backend', usage: {cpu: '5m', memory: '40Mi'}},
		{name: 'ollama', usage: {cpu, memory: '131072Ki'}},
	],
});
const hpa = {
	apiVersion: 'autoscaling/v2',
	kind: 'HorizontalPodAutoscaler',
	metadata: {name: 'chat', namespace: 'llm'},
	spec: {
		scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'chat'},
		minReplicas: 2,
		maxReplicas: 6,
		metrics: [
			{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 70}}},
			{type: 'Pods', pods: {metric: {name: 'queue'}, target: {type: 'AverageValue', averageValue: '4'}}},
		],
	},
	status: {
		currentReplicas: 2,
		desiredReplicas: 3,
		lastScaleTime: ago(600),
		currentMetrics: [
			{type: 'Resource', resource: {name: 'cpu', current: {averageUtilization: 88, averageValue: '132m'}}},
			{type: ''},
		],
		conditions: [
			{type: 'AbleToScale', status: 'True', reason: 'ReadyForNewScale', message: 'recommended size matches'},
		],
	},
};
const answers: Readonly<Record<string, unknown>> = {
	'/version': {gitVersion: 'v1.34.4'},
	'/apis/autoscaling/v2/namespaces/llm/horizontalpodautoscalers/chat': hpa,
	'/apis/apps/v1/namespaces/llm/deployments/chat/scale': {
		spec: {replicas: 2},
		status: {replicas: 2, selector: 'app=chat'},
	},
	'/api/v1/namespaces/llm/pods?labelSelector=app%3Dchat': {items: [pod('a'), pod('b')]},
	'/apis/metrics.k8s.io/v1beta1/namespaces/llm/pods?labelSelector=app%3Dchat': {
		items: [usage('a', '129m'), usage('b', '130900001n')],
	},
};

async function ask(words: readonly string[], change: Readonly<Record<string, unknown>> = {}) {
	const asked: string[] = [];
	const server = createServer((request, response) => {
		asked.push(`${request.method} ${request.url}`);
		const found = {...answers, ...change}[request.url ?? ''];
		response.writeHead(found === undefined ? 404 : 200, {'content-type': 'application/json'});
		response.end(
			JSON.stringify(found ?? {kind: 'Status', message: 'the server could not find the requested resource'}),
		);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	const config = await writeKubeconfig(port);
	const options = {reject: false, stripFinalNewline: false, env: {KUBECONFIG: config}} as const;
	const {stdout, stderr, exitCode} = await execaNode(cli, ['decide', '--live', ...words], options);
	server.close();
	return {stdout, stderr, exitCode, asked};
}

test('--live decides from what the cluster says, beside what Kubernetes reports, and only reads', async t => {
	const {stdout, stderr, exitCode, asked} = await ask(['chat']);
	t.deepEqual([stderr, exitCode], ['', 0]);
	t.true(asked.every(request => request.startsWith('GET ')));
	for (const part of [
		'HPA llm/chat (Kubernetes 1.34)',
		'utilization 90 %, average 135m',
		'proposes 3',
		'error: unable to get metric queue: no metrics returned from custom metrics API',
		'Result 3 instead of 2; proposal 3',
		'desired replicas 3, current replicas 2',
		'Resource metric cpu: 88 %, 132m',
		'AbleToScale True, ReadyForNewScale: recommended size matches',
		'the same count as here',
		'/apis/custom.metrics.k8s.io/v1beta2/namespaces/llm/pods/*/queue: the server could not find the requested resource',
	]) {
		t.true(stdout.replaceAll(/\s+/g, ' ').includes(part), `${part} in\n${stdout}`);
	}
});

test('--live reads custom metrics of pods', async t => {
	const path = '/apis/custom.metrics.k8s.io/v1beta2/namespaces/llm/pods/*/queue?labelSelector=app%3Dchat';
	const item = (name: string, value: string) => ({describedObject: {kind: 'Pod', name}, timestamp: ago(5), value});
	const {stdout} = await ask(['chat', '-n', 'llm', '--ndjson'], {
		[path]: {items: [item('a', '9'), item('b', '11500m')]},
	});
	const {desiredReplicas, proposal, metrics, status} = JSON.parse(stdout);
	t.deepEqual([desiredReplicas, proposal, status.desiredReplicas], [4, 6, 3]);
	t.deepEqual(metrics[1], {type: 'Pods', name: 'queue', proposal: 6, averageValueMilli: 10_250});
});

test('--live follows the rules of the cluster’s release: native sidecars count in the requests from 1.29 on', async t => {
	const {stdout} = await ask(['chat'], {'/version': {gitVersion: 'v1.28.15+k3s1'}});
	t.true(stdout.includes('HPA llm/chat (Kubernetes 1.28)'), stdout);
	t.true(stdout.includes('utilization 540 %, average 135m'), stdout); // of 25m; of 150m with the sidecar
});

test('--live says in one line what the cluster refuses', async t => {
	const {stdout, stderr, exitCode} = await ask(['nobody']);
	t.deepEqual([stdout, exitCode], ['', 2]);
	t.is(stderr, 'Expected to read the HPA llm/nobody, got the server could not find the requested resource\n');
});

test('--live says in one line that no cluster answers', async t => {
	const config = join(await temporaryFolder(), 'none');
	const {stderr, exitCode} = await execaNode(cli, ['decide', '--live', 'chat'], {
		reject: false,
		env: {KUBECONFIG: config, KUBERNETES_SERVICE_HOST: '', HOME: '/nonexistent'},
	});
	t.is(exitCode, 2);
	t.regex(stderr, /^Expected .+, got .+$/);
});
