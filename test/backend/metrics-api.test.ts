import {X509Certificate} from 'node:crypto';
import {once} from 'node:events';
import {request} from 'node:https';
import type {AddressInfo} from 'node:net';
import {json} from 'node:stream/consumers';
import test from 'ava';
import {selfSignedCertificate} from '../../src/backend/metrics-api/certificate.ts';
import {labelSelector} from '../../src/backend/metrics-api/label-selector.ts';
import {MetricsApi} from '../../src/backend/metrics-api/metrics-api.ts';

type Answer = {readonly status: number; readonly body: {readonly [key: string]: unknown}};

const root = '/apis/metrics.k8s.io/v1beta1';
const usage = (name: string, app = 'llm', namespace = 'replicast') => ({
	metadata: {name, namespace, labels: {app}},
	timestamp: '2026-11-29T21:00:00Z',
	window: '15s',
	containers: [{name: 'llm', usage: {cpu: '125000000n', memory: '1024'}}],
});

async function startApi(t: {teardown: (close: () => void) => void}) {
	const server = new MetricsApi().server().listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => server.close());
	const {port} = server.address() as AddressInfo;
	return async (path: string, {method = 'GET', body}: {method?: string; body?: string} = {}): Promise<Answer> => {
		const sending = request({host: '127.0.0.1', port, path, method, rejectUnauthorized: false, agent: false});
		sending.end(body);
		const [response] = await once(sending, 'response');
		return {status: response.statusCode, body: (await json(response)) as Answer['body']};
	};
}

test('a certificate is its own issuer’s, valid now, and proves the key', t => {
	const {cert, key} = selfSignedCertificate('replicast-metrics');
	const parsed = new X509Certificate(cert);
	t.is(parsed.subject, 'CN=replicast-metrics');
	t.is(parsed.issuer, parsed.subject);
	t.true(parsed.verify(parsed.publicKey));
	t.true(Date.parse(parsed.validFrom) < Date.now() && Date.parse(parsed.validTo) > Date.now() + 86_400_000);
	t.true(key.startsWith('-----BEGIN PRIVATE KEY-----'));
	t.not(cert, selfSignedCertificate('replicast-metrics').cert);
});

test('metrics are served as they were last put, by namespace, name and label', async t => {
	const ask = await startApi(t);
	t.deepEqual((await ask(`${root}/pods`)).body['items'], []);
	const items = [usage('a'), usage('b', 'other'), usage('c', 'llm', 'elsewhere')];
	t.is((await ask('/usages', {method: 'PUT', body: JSON.stringify({items})})).status, 200);
	const names = async (path: string) => {
		const list = (await ask(path)).body['items'] as ReturnType<typeof usage>[];
		return list.map(({metadata}) => metadata.name);
	};
	t.deepEqual(await names(`${root}/pods`), ['a', 'b', 'c']);
	t.deepEqual(await names(`${root}/namespaces/replicast/pods`), ['a', 'b']);
	t.deepEqual(await names(`${root}/namespaces/replicast/pods?labelSelector=app%3Dllm`), ['a']);
	t.like((await ask(`${root}/namespaces/replicast/pods/b`)).body, {kind: 'PodMetrics', ...usage('b', 'other')});
	t.is((await ask(`${root}/namespaces/replicast/pods/c`)).status, 404);

	await ask('/usages', {method: 'PUT', body: JSON.stringify({items: [usage('d')]})});
	t.deepEqual(await names(`${root}/pods`), ['d']);
});

test('what is no metrics changes nothing, and other paths are not there', async t => {
	const ask = await startApi(t);
	await ask('/usages', {method: 'PUT', body: JSON.stringify({items: [usage('a')]})});
	for (const body of ['', '{}', '[1]', '{"items": [{"metadata": {"name": 1}}]}']) {
		t.is((await ask('/usages', {method: 'PUT', body})).status, 400, body);
	}

	t.is((await ask('/other', {method: 'PUT', body: '{"items": []}'})).status, 404);
	t.is((await ask(`${root}/namespaces`)).status, 404);
	t.is((await ask(`${root}/pods?labelSelector=a%20in%20(b)`)).status, 400);
	t.is(((await ask(`${root}/pods`)).body['items'] as unknown[]).length, 1);
});

test('an aggregator finds the API’s resources', async t => {
	const ask = await startApi(t);
	t.is((await ask('/readyz')).status, 200);
	const {body} = await ask(root);
	t.is(body['kind'], 'APIResourceList');
	t.deepEqual(
		(body['resources'] as {name: string}[]).map(({name}) => name),
		['nodes', 'pods'],
	);
	t.is((await ask(`${root}/nodes`)).body['kind'], 'NodeMetricsList');
});

test('a selector holds all its requirements', t => {
	const labels = {app: 'llm', 'app.kubernetes.io/name': 'llm'};
	const meets = (text: string) => labelSelector(text)?.(labels);
	t.true(meets(''));
	t.true(meets('app=llm,app.kubernetes.io/name==llm,tier!=web,!tier,app'));
	t.false(meets('app=llm,tier=web'));
	t.false(meets('app!=llm'));
	t.false(meets('tier'));
	t.is(meets('app in (llm)'), undefined);
	t.is(meets('!app=llm'), undefined);
});
