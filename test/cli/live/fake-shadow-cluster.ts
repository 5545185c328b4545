import {once} from 'node:events';
import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {writeKubeconfig} from './write-kubeconfig.ts';

type Change = {readonly type: 'MODIFIED' | 'DELETED'; readonly object: object};

const ago = (seconds: number) => `${new Date(Date.now() - seconds * 1000).toISOString().slice(0, 19)}Z`;

const target = {type: 'Utilization', averageUtilization: 50};

/** Status of an HPA that decided for so many pods of two. */
export function statusOf(desiredReplicas: number, utilization: number) {
	return {
		currentReplicas: 2,
		desiredReplicas,
		...(desiredReplicas !== 2 && {lastScaleTime: ago(0)}),
		currentMetrics: [
			{
				type: 'Resource',
				resource: {name: 'cpu', current: {averageUtilization: utilization, averageValue: `${utilization}m`}},
			},
		],
		conditions: [
			{type: 'AbleToScale', status: 'True', reason: desiredReplicas === 2 ? 'ReadyForNewScale' : 'SucceededRescale'},
			{type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound'},
			{type: 'ScalingLimited', status: 'False', reason: 'DesiredWithinRange'},
		],
	};
}

export function hpaWith(status: object, spec: object = {}) {
	return {
		metadata: {
			name: 'chat',
			namespace: 'llm',
			resourceVersion: '2',
			managedFields: [{manager: 'kube-controller-manager', subresource: 'status', time: ago(0)}],
		},
		spec: {
			scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'chat'},
			minReplicas: 1,
			maxReplicas: 6,
			metrics: [{type: 'Resource', resource: {name: 'cpu', target}}],
			...spec,
		},
		status,
	};
}

const pod = (name: string) => ({
	metadata: {name, resourceVersion: '1'},
	spec: {containers: [{name: 'app', resources: {requests: {cpu: '100m'}}}]},
	status: {
		phase: 'Running',
		startTime: ago(4000),
		conditions: [{type: 'Ready', status: 'True', lastTransitionTime: ago(3990)}],
	},
});

const usage = (name: string, cpu: string) => ({
	metadata: {name},
	timestamp: ago(10),
	window: '15s',
	containers: [{name: 'app', usage: {cpu}}],
});

const deployment = {
	metadata: {name: 'chat', resourceVersion: '1'},
	spec: {replicas: 2},
	status: {replicas: 2},
};

const list = (...items: object[]) => ({metadata: {resourceVersion: '1'}, items});
const hpas = '/apis/autoscaling/v2/namespaces/llm/horizontalpodautoscalers';
export const deployments = '/apis/apps/v1/namespaces/llm/deployments';

/** Answers of a cluster with the HPA llm/chat at two pods, by path without query; a function answers with a status of its own. */
export const shadowAnswers: Readonly<Record<string, unknown>> = {
	'/version': {gitVersion: 'v1.34.4'},
	[hpas]: list(hpaWith(statusOf(2, 50))),
	[`${hpas}/chat`]: hpaWith(statusOf(2, 50)),
	[deployments]: list(deployment),
	[`${deployments}/chat/scale`]: {spec: {replicas: 2}, status: {replicas: 2, selector: 'app=chat'}},
	'/api/v1/namespaces/llm/pods': list(pod('a'), pod('b')),
	'/apis/metrics.k8s.io/v1beta1/namespaces/llm/pods': {items: [usage('a', '90m'), usage('b', '90m')]},
};

export type ShadowCluster = {
	readonly kubeconfig: string;
	/** Requests as `GET /path`, without query. */
	readonly asked: readonly string[];
	/** Answers by path that replace the usual ones; undefined: there is none. */
	readonly answers: Record<string, unknown>;
	/** Sends a change, of the HPA where no list is named, to those who watch the list. */
	readonly send: (change: Change, list?: string) => void;
	/** Fulfilled when the HPA is watched for good. */
	readonly watched: Promise<void>;
	readonly close: () => void;
};

/** An API server in this process that answers lists and watches. */
export async function shadowCluster(change: Readonly<Record<string, unknown>> = {}): Promise<ShadowCluster> {
	const asked: string[] = [];
	const watchers = new Map<string, ServerResponse[]>();
	const answers: Record<string, unknown> = {...shadowAnswers, ...change};
	let onWatch: () => void = () => undefined;
	const watched = new Promise<void>(resolve => {
		onWatch = resolve;
	});
	const server = createServer((request, response) => {
		const {pathname, searchParams} = new URL(request.url!, 'http://x');
		asked.push(`${request.method} ${pathname}`);
		const found = answers[pathname];
		const isWatch = searchParams.has('watch') && found !== undefined;
		response.writeHead(found === undefined ? 404 : 200, {'content-type': 'application/json'});
		if (isWatch && searchParams.get('timeoutSeconds') === null) {
			response.flushHeaders();
			watchers.set(pathname, [...(watchers.get(pathname) ?? []), response]);
			if (pathname === hpas) {
				onWatch();
			}
		} else if (isWatch) {
			response.end();
		} else {
			response.end(
				JSON.stringify(found ?? {kind: 'Status', message: 'the server could not find the requested resource'}),
			);
		}
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	const kubeconfig = await writeKubeconfig(port);
	return {
		kubeconfig,
		asked,
		answers,
		watched,
		send({type, object}, list = hpas) {
			for (const watcher of watchers.get(list) ?? []) {
				watcher.write(`${JSON.stringify({type, object})}\n`);
			}
		},
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}
