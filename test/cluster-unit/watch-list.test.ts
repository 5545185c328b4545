import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {KubeApi} from '../../src/cluster/api/kube-api.ts';
import {watchList} from '../../src/cluster/observe/watch-list.ts';

type Named = {metadata: {name: string; resourceVersion?: string}; color?: string};
type Handler = (query: URLSearchParams, response: ServerResponse) => void;

/** An API server in this process that answers lists and watches as the test says. */
async function fakeApi(t: ExecutionContext, handle: Handler): Promise<KubeApi> {
	const server = createServer((request, response) => handle(new URL(request.url!, 'http://x').searchParams, response));
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const {port} = server.address() as AddressInfo;
	const folder = mkdtempSync(join(tmpdir(), 'replicast-api-'));
	const kubeconfig = join(folder, 'kubeconfig');
	writeFileSync(
		kubeconfig,
		JSON.stringify({
			clusters: [{name: 'fake', cluster: {server: `http://127.0.0.1:${port}`}}],
			users: [{name: 'fake', user: {}}],
			contexts: [{name: 'fake', context: {cluster: 'fake', user: 'fake'}}],
			'current-context': 'fake',
		}),
	);
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
		rmSync(folder, {recursive: true});
	});
	return KubeApi.open(kubeconfig);
}

const named = (name: string, resourceVersion: string): Named => ({metadata: {name, resourceVersion}});
const list = (version: string, ...items: Named[]) => JSON.stringify({metadata: {resourceVersion: version}, items});
const line = (type: string, object: unknown) => `${JSON.stringify({type, object})}\n`;

async function watch(api: KubeApi, changes: number): Promise<{seen: string[]; gaps: number[]}> {
	const seen: string[] = [];
	const gaps: number[] = [];
	const stop = new AbortController();
	await watchList<Named>(api, {
		path: '/things',
		signal: AbortSignal.any([stop.signal, AbortSignal.timeout(10_000)]),
		onGap: seconds => gaps.push(seconds),
		onChange(change, {metadata: {name}}) {
			seen.push(`${name} ${change}`);
			if (seen.length === changes) {
				stop.abort();
			}
		},
	});
	return {seen, gaps};
}

test('the list comes first, then each change', async t => {
	const versions: (string | null)[] = [];
	const api = await fakeApi(t, (query, response) => {
		if (!query.has('watch')) {
			response.end(list('5', named('a', '1')));
			return;
		}

		versions.push(query.get('resourceVersion'));
		response.write(line('ADDED', named('b', '6')));
		response.write(line('BOOKMARK', named('', '7')));
		response.write(line('DELETED', named('a', '8')));
	});
	t.deepEqual(await watch(api, 3), {seen: ['a there', 'b there', 'a gone'], gaps: []});
	t.deepEqual(versions, ['5']);
});

test('a watch that ends goes on where it was', async t => {
	const versions: (string | null)[] = [];
	const api = await fakeApi(t, (query, response) => {
		if (!query.has('watch')) {
			response.end(list('5'));
			return;
		}

		versions.push(query.get('resourceVersion'));
		response.end(line('ADDED', named(`pod-${versions.length}`, String(10 * versions.length))));
	});
	t.deepEqual((await watch(api, 3)).seen, ['pod-1 there', 'pod-2 there', 'pod-3 there']);
	t.deepEqual(versions.slice(0, 3), ['5', '10', '20']);
});

test('a version that is too old begins anew, and what went meanwhile is told', async t => {
	let lists = 0;
	const api = await fakeApi(t, (query, response) => {
		if (query.has('watch')) {
			response.end(line('ERROR', {kind: 'Status', code: 410, metadata: {}}));
			return;
		}

		lists++;
		response.end(lists === 1 ? list('5', named('a', '1'), named('b', '1')) : list('9', named('b', '1')));
	});
	t.deepEqual((await watch(api, 4)).seen, ['a there', 'b there', 'a gone', 'b there']);
});

test('a gap lasts until the server lists the objects again', async t => {
	let requests = 0;
	const api = await fakeApi(t, (query, response) => {
		requests++;
		if (requests > 1 && requests < 6) {
			response.socket!.destroy();
		} else if (query.has('watch')) {
			response.write(line('ADDED', named('a', '6')));
		} else {
			response.end(list('5'));
		}
	});
	const {seen, gaps} = await watch(api, 1);
	t.deepEqual(seen, ['a there']);
	t.is(gaps.length, 1);
	t.true(gaps[0]! >= 0.7, `${gaps[0]}`); // four times 0.2 s
});

test('a server that is away for a while is a gap', async t => {
	let watches = 0;
	const api = await fakeApi(t, (query, response) => {
		if (!query.has('watch')) {
			response.end(list('5'));
		} else if (++watches === 1) {
			response.socket!.destroy();
		} else if (watches === 2) {
			response.writeHead(503).end('{"message": "starting"}');
		} else {
			response.write(line('ADDED', named('a', '6')));
		}
	});
	const {seen, gaps} = await watch(api, 1);
	t.deepEqual(seen, ['a there']);
	t.is(gaps.length, 2);
	t.true(gaps.every(gap => gap >= 0.15 && gap < 5));
});
