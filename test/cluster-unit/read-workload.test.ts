import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {parse} from 'yaml';
import {KubeApi} from '../../src/cluster/api/kube-api.ts';
import {readWorkload} from '../../src/cluster/live/read-workload.ts';
import {UserError} from '../../src/errors.ts';

const secret = 'n0b0dys-bus1n3ss';

type Rule = {readonly apiGroups: string[]; readonly resources: string[]; readonly verbs: string[]};

/** Rules of the role that docs/history.md gives. */
const page = readFileSync('docs/history.md', 'utf8');
const {rules} = parse(/```yaml\n([\s\S]*?)```/.exec(page)![1]!) as {rules: Rule[]};

const deployment = {
	metadata: {
		name: 'chat',
		namespace: 'shop',
		annotations: {'kubectl.kubernetes.io/last-applied-configuration': secret},
	},
	spec: {
		replicas: 2,
		selector: {matchLabels: {app: 'chat'}},
		template: {
			metadata: {labels: {app: 'chat'}, annotations: {note: secret}},
			spec: {
				containers: [
					{
						name: 'ollama',
						image: 'ollama/ollama:0.6',
						args: ['--parallel', '4', '--api-key', secret, `--token=${secret}`, `http://me:${secret}@host`],
						env: [
							{name: 'PASSWORD', value: secret},
							{name: 'OLLAMA_NUM_PARALLEL', value: '4'},
						],
						resources: {requests: {cpu: '500m', memory: '1Gi'}, limits: {cpu: '1'}},
						readinessProbe: {httpGet: {path: '/', httpHeaders: [{name: 'a', value: secret}]}, periodSeconds: 5},
					},
				],
			},
		},
	},
};
const hpa = {
	metadata: {name: 'chat-hpa', namespace: 'shop', annotations: {note: secret}},
	spec: {
		scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'chat'},
		maxReplicas: 5,
		metrics: [{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 60}}}],
	},
};
const scaledObject = {
	metadata: {name: 'chat', namespace: 'shop'},
	spec: {
		scaleTargetRef: {name: 'chat'},
		triggers: [{type: 'prometheus', metadata: {serverAddress: `http://me:${secret}@prometheus:9090`, query: 'up'}}],
	},
};
const pod = {
	metadata: {name: 'chat-1'},
	spec: {
		containers: [
			...deployment.spec.template.spec.containers,
			{name: 'istio-proxy', resources: {requests: {cpu: '10m'}}},
		],
	},
};

const objects: Record<string, unknown> = {
	'/apis/apps/v1/namespaces/shop/deployments/chat': deployment,
	'/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers': {items: [hpa]},
	'/api/v1/namespaces/shop/pods': {items: [pod]},
	'/api/v1/nodes': {items: [{metadata: {name: 'one'}, status: {allocatable: {cpu: '3900m', memory: '8Gi'}}}]},
	'/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods': {items: [{window: '15s'}]},
};

/** Verb, group and resource of a request, as RBAC sees them. */
function attributesOf({method, url = ''}: IncomingMessage): {verb: string; group: string; resource: string} {
	const [path = ''] = url.split('?');
	const [, group = '', rest = ''] = /^\/(?:api|apis\/([^/]+))\/[^/]+\/(?:namespaces\/[^/]+\/)?(.*)$/.exec(path) ?? [];
	const [resource = '', name] = rest.split('/');
	return {verb: method !== 'GET' ? 'write' : name === undefined ? 'list' : 'get', group, resource};
}

/** API server that gives what the role allows and refuses all else. */
async function startApi(more: Record<string, unknown>, forbidden: readonly string[] = []) {
	const asked: string[] = [];
	const server: Server = createServer((request: IncomingMessage, response: ServerResponse) => {
		const {verb, group, resource} = attributesOf(request);
		const isAllowed = rules.some(
			rule => rule.apiGroups.includes(group) && rule.resources.includes(resource) && rule.verbs.includes(verb),
		);
		const path = request.url!.split('?')[0]!;
		asked.push(`${request.method} ${path}`);
		const found = {...objects, ...more}[path];
		const status = !isAllowed || forbidden.includes(resource) ? 403 : found === undefined ? 404 : 200;
		response.writeHead(status, {'content-type': 'application/json'});
		response.end(JSON.stringify(status === 200 ? found : {message: `${verb} ${resource} is refused with ${status}`}));
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const folder = mkdtempSync(join(tmpdir(), 'kube-'));
	const kubeconfig = join(folder, 'config');
	writeFileSync(
		kubeconfig,
		JSON.stringify({
			apiVersion: 'v1',
			kind: 'Config',
			'current-context': 'c',
			contexts: [{name: 'c', context: {cluster: 'c', user: 'u', namespace: 'shop'}}],
			clusters: [{name: 'c', cluster: {server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`}}],
			users: [{name: 'u', user: {token: secret}}],
		}),
	);
	const api = await KubeApi.open(kubeconfig);
	return {
		api,
		asked,
		async close() {
			api.close();
			server.closeAllConnections();
			await new Promise(resolve => server.close(resolve));
			rmSync(folder, {recursive: true});
		},
	};
}

test('a workload is read with the rights of the role in the documentation and no others', async t => {
	const {api, asked, close} = await startApi({});
	const read = await readWorkload({name: 'chat', namespace: 'shop'}, api);
	t.is(read.workload?.kind, 'Deployment');
	t.is(read.autoscaler?.name, 'chat-hpa');
	t.false(read.autoscaler?.isFromMetrics);
	t.deepEqual(read.containers, [
		{name: 'istio-proxy', requests: {cpu: 0.01}, limits: {}},
		{name: 'ollama', requests: {cpu: 0.5, memory: 2 ** 30}, limits: {cpu: 1}},
	]);
	t.deepEqual(read.nodes, [{name: 'one', cpu: 3.9, memory: 2 ** 33}]);
	t.deepEqual(read.notes, ['The metrics API of the cluster measures the use of a pod over 15s.']);
	t.false(JSON.stringify(read).includes(secret));
	t.true(JSON.stringify(read).includes('OLLAMA_NUM_PARALLEL'));
	t.deepEqual(
		asked.map(one => one.split(' ')[0]),
		asked.map(() => 'GET'),
	);
	t.deepEqual(await readWorkload(undefined, api), read, 'the only autoscaler of the namespace names the workload');
	await close();
});

test('of the HPA that KEDA made the ScaledObject is read, without the credentials of its triggers', async t => {
	const made = {...hpa, metadata: {name: 'keda-hpa-chat', ownerReferences: [{kind: 'ScaledObject', name: 'chat'}]}};
	const {api, close} = await startApi({
		'/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers': {items: [made]},
		'/apis/keda.sh/v1alpha1/namespaces/shop/scaledobjects/chat': scaledObject,
	});
	const {autoscaler} = await readWorkload({name: 'chat'}, api);
	t.is(autoscaler?.kind, 'ScaledObject');
	t.true(JSON.stringify(autoscaler).includes('http://prometheus:9090'));
	t.false(JSON.stringify(autoscaler).includes(secret));
	await close();
});

test('nodes, pods and metrics that are refused are notes; a workload that is refused is a fault in one line', async t => {
	const {api, close} = await startApi({}, ['nodes', 'pods']);
	const read = await readWorkload({name: 'chat', namespace: 'shop'}, api);
	t.is(read.notes.length, 3);
	t.deepEqual(read.nodes, []);
	t.deepEqual(
		read.containers.map(({name}) => name),
		['ollama'],
	);
	await close();
	const refusing = await startApi({}, ['deployments']);
	await t.throwsAsync(readWorkload({name: 'chat'}, refusing.api), {
		instanceOf: UserError,
		message: 'Expected to read the Deployment shop/chat, got get deployments is refused with 403',
	});
	await refusing.close();
	const other = await startApi({});
	await t.throwsAsync(readWorkload({name: 'absent'}, other.api), {
		message: 'Expected a Deployment or a StatefulSet shop/absent, got none',
	});
	await other.close();
});

test('the table of the documentation has the rights of the role', t => {
	const rows = [...page.matchAll(/^\| (core|`[a-z0-9.]+`) \| (.+) \| `(get|list)` \|$/gm)].map(
		([, group = '', resources = '', verb]) =>
			`${group === 'core' ? '' : group.replaceAll('`', '')} ${resources.replaceAll('`', '')} ${verb}`,
	);
	t.deepEqual(
		rows,
		rules.map(({apiGroups, resources, verbs}) => `${apiGroups.join()} ${resources.join(', ')} ${verbs.join()}`),
	);
});
