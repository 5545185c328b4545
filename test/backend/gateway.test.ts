import {createServer, request, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {Gateway} from '../../src/backend/gateway.ts';
import {readGatewayConfiguration} from '../../src/backend/gateway-configuration.ts';

async function listen(server: Server, port = 0): Promise<number> {
	await new Promise<void>(resolve => {
		server.listen(port, '127.0.0.1', resolve);
	});
	return (server.address() as AddressInfo).port;
}

/** A port at which nothing listens. */
async function freePort(): Promise<number> {
	const server = createServer();
	const port = await listen(server);
	await new Promise(resolve => {
		server.close(resolve);
	});
	return port;
}

type Answer = {readonly status: number; readonly body: string};

function ask(port: number, path: string, {body = '', signal}: {body?: string; signal?: AbortSignal} = {}) {
	return new Promise<Answer>((resolve, reject) => {
		const method = body === '' ? 'GET' : 'POST';
		const outgoing = request({port, host: '127.0.0.1', path, method, agent: false, ...(signal && {signal})});
		outgoing.on('error', reject);
		outgoing.on('response', response => {
			let text = '';
			response.setEncoding('utf8');
			response.on('data', (part: string) => {
				text += part;
			});
			response.on('end', () => resolve({status: response.statusCode ?? 0, body: text}));
			response.on('error', reject);
		});
		outgoing.end(body);
	});
}

/** A pod that gives back what it was sent. */
function pod(): Server {
	return createServer((incoming, outgoing) => {
		let text = '';
		incoming.on('data', (part: Buffer) => {
			text += part.toString();
		});
		incoming.on('end', () => {
			outgoing.statusCode = incoming.url === '/full' ? 503 : 200;
			outgoing.end(`${incoming.url} ${text}`);
		});
	});
}

async function gatewayTo(upstream: number, {queue = 10, timeout = 60} = {}) {
	const server = new Gateway({port: 0, upstream: new URL(`http://127.0.0.1:${upstream}`), queue, timeout}).server();
	return {server, port: await listen(server)};
}

async function gauges(port: number): Promise<Record<string, number>> {
	const {body} = await ask(port, '/metrics');
	return Object.fromEntries(
		[...body.matchAll(/^(replicast_gateway_\w+)(?:\{[^}]*\})? (\S+)$/gm)].map(([, name, value]) => [
			name,
			Number(value),
		]),
	);
}

test('requests pass through with their answers, refusals of a pod included', async t => {
	const service = pod();
	const {server, port} = await gatewayTo(await listen(service));
	t.deepEqual(await ask(port, '/v1/chat', {body: 'hello'}), {status: 200, body: '/v1/chat hello'});
	t.is((await ask(port, '/full', {body: 'x'})).status, 503);
	t.is((await ask(port, '/v1/chat', {body: 'x'.repeat(70_000)})).status, 413);
	t.like(await gauges(port), {replicast_gateway_in_flight: 0, replicast_gateway_requests_total: 3});
	server.close();
	service.close();
});

test('a request that finds no pod is held until one answers, and counted meanwhile', async t => {
	const upstream = await freePort();
	const {server, port} = await gatewayTo(upstream);
	const answers = ['a', 'b'].map(body => ask(port, '/v1/chat', {body}));
	await sleep(300);
	t.like(await gauges(port), {replicast_gateway_waiting: 2, replicast_gateway_in_flight: 2});
	const service = pod();
	await listen(service, upstream);
	t.deepEqual(
		(await Promise.all(answers)).map(({status, body}) => `${status} ${body}`),
		['200 /v1/chat a', '200 /v1/chat b'],
	);
	t.like(await gauges(port), {replicast_gateway_waiting: 0, replicast_gateway_in_flight: 0});
	server.close();
	service.close();
});

test('beyond the buffer and after its time a request is refused; nothing is held where nothing may be', async t => {
	const upstream = await freePort();
	const none = await gatewayTo(upstream, {queue: 0});
	t.is((await ask(none.port, '/v1/chat', {body: 'x'})).status, 503);
	const one = await gatewayTo(upstream, {queue: 1, timeout: 0.6});
	const first = ask(one.port, '/v1/chat', {body: 'x'});
	await sleep(200);
	t.is((await ask(one.port, '/v1/chat', {body: 'y'})).status, 503);
	const began = performance.now();
	t.is((await first).status, 503);
	t.true(performance.now() - began < 5000);
	none.server.close();
	one.server.close();
});

test('a client that leaves is held no more', async t => {
	const {server, port} = await gatewayTo(await freePort());
	const leaving = new AbortController();
	const answer = ask(port, '/v1/chat', {body: 'x', signal: leaving.signal});
	await sleep(200);
	leaving.abort();
	await t.throwsAsync(answer);
	await sleep(200);
	t.like(await gauges(port), {replicast_gateway_waiting: 0, replicast_gateway_in_flight: 0});
	server.close();
});

test('a wrong setting of the gateway is refused by its name', t => {
	t.like(readGatewayConfiguration({}), {port: 8080, queue: 0});
	t.is(readGatewayConfiguration({HOLD_MILLISECONDS: '1500'}).timeout, 1.5);
	t.throws(() => readGatewayConfiguration({HOLD_REQUESTS: '-1'}), {
		message: /^Expected HOLD_REQUESTS to be an integer/,
	});
	t.throws(() => readGatewayConfiguration({UPSTREAM_URL: 'ftp://x'}), {
		message: /^Expected UPSTREAM_URL to be an http URL/,
	});
});
