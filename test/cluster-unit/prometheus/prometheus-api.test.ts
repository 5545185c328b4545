import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {PrometheusApi, TooMuchAsked} from '../../../src/cluster/prometheus/prometheus-api.ts';
import {UserError} from '../../../src/errors.ts';
import {FakePrometheus} from './fake-prometheus.ts';

const password = 's3cr3t-p4ss';
const token = 't0k3n-5up3r';
const pair = Buffer.from(`user:${password}`).toString('base64');
const patience = {seconds: 30, retries: 2, pause: 0.01, largest: 10_000};

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

const json =
	(status: number, body: unknown): Answer =>
	(_, response) => {
		response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body));
	};

/** Answers that are no success, each with the words of its fault. */
const faults: readonly {readonly name: string; readonly answer: Answer; readonly says: RegExp}[] = [
	{
		name: 'a redirect',
		answer: (_, response) => response.writeHead(302, {location: `http://elsewhere/?${password}`}).end(),
		says: /got a redirect \(status 302\)/,
	},
	{
		name: 'an HTML page',
		answer: (_, response) => response.writeHead(200, {'content-type': 'text/html'}).end('<html>'),
		says: /got an HTML page$/,
	},
	{name: 'an empty answer', answer: (_, response) => response.end(), says: /got no JSON$/},
	{
		name: '401',
		answer: (_, response) => response.writeHead(401).end('who?'),
		says: /got status 401, not authenticated/,
	},
	{name: '403', answer: json(403, {error: password}), says: /got status 403, forbidden/},
	{
		name: '404',
		answer: (_, response) => response.writeHead(404).end('404'),
		says: /got status 404, which may be another path: .*\/prometheus$/,
	},
	{
		name: 'a query that is refused, with the credentials and an escape in the words',
		answer: json(400, {status: 'error', error: `bad "${password}" ${pair} ${token}\u001b[2J\nnext`}),
		says: /got status 400: bad .+\\u001b\[2J next$/,
	},
	{
		name: '500 without end',
		answer: json(500, {status: 'error', error: 'internal'}),
		says: /got status 500: internal$/,
	},
	{
		name: 'a body that breaks off',
		answer: (_, response) => {
			response.writeHead(200, {'content-length': '100'}).write('{"status":');
			setTimeout(() => response.destroy(), 10);
		},
		says: /got a connection that breaks off$/,
	},
	{
		name: 'half of a JSON',
		answer: (_, response) => response.end('{"status": "succ'),
		says: /got JSON that breaks off$/,
	},
	{name: 'a server that says nothing', answer: () => undefined, says: /got no answer in 0\.3 s$/},
	{
		name: 'a server that stops in the middle',
		answer: (_, response) => response.writeHead(200).write('{"status":'),
		says: /got no answer in 0\.3 s$/,
	},
	{
		name: 'another form',
		answer: json(200, {status: 'fine', data: password}),
		says: /got an answer of another form: Expected status/,
	},
];

for (const {name, answer, says} of faults) {
	test(`${name} is one line without the name, the password and the token`, async t => {
		const server = await FakePrometheus.start(answer);
		const folder = mkdtempSync(join(tmpdir(), 'token-'));
		t.teardown(() => rmSync(folder, {recursive: true}));
		const tokenFile = join(folder, 'token');
		writeFileSync(tokenFile, `${token}\n`);
		for (const [url, options] of [
			[`http://user:${password}@127.0.0.1:${server.port}/prom/?x=${password}#${password}`, {}],
			[`http://127.0.0.1:${server.port}`, {tokenFile}],
		] as const) {
			const seconds = name.startsWith('a server') ? 0.3 : 30;
			const api = new PrometheusApi(url, {patience: {...patience, seconds}, ...options});
			const error = await t.throwsAsync(api.ask('query', {query: 'up'}), {instanceOf: UserError});
			t.regex(error.message, says);
			t.false(error.message.includes('\n'));
			const shown = `${error.message} ${error.stack} ${String(error.cause)}`;
			refuseSecrets(t, shown, url.includes('user') ? [password, pair, 'user:'] : [token]);
		}

		t.true(server.asked.every(({path}) => path.includes('/api/v1/query?query=up')));
		if (name.startsWith('a server')) {
			return server.close();
		}

		const proofs = new Set(server.asked.map(({authorization}) => authorization));
		t.deepEqual(proofs, new Set([`Basic ${pair}`, `Bearer ${token}`]));
		return server.close();
	});
}

function refuseSecrets(t: ExecutionContext, text: string, secrets: readonly string[]): void {
	for (const secret of secrets) {
		t.false(text.includes(secret), text);
	}
}

test('an answer above the limit, and a server that calls a question too large, may be asked for in parts', async t => {
	const large = await FakePrometheus.start((_, response) =>
		response.end(`{"status":"success","data":"${'x'.repeat(20_000)}"}`),
	);
	const error = {status: 'error', error: 'query processing would load too many samples into memory in query execution'};
	const busy = await FakePrometheus.start(json(422, error));
	const slow = await FakePrometheus.start(json(503, {status: 'error', error: 'query timed out in query execution'}));
	for (const server of [large, busy, slow]) {
		const api = new PrometheusApi(`http://127.0.0.1:${server.port}`, {patience});
		await t.throwsAsync(api.ask('query', {query: 'up'}), {instanceOf: TooMuchAsked});
		t.is(server.asked.length, 1);
		await server.close();
	}
});

test('a fault that passes is waited for', async t => {
	const server = await FakePrometheus.start((request, response, count) =>
		(count < 3 ? json(502, 'bad gateway') : json(200, {status: 'success', data: [], warnings: ['a\nb']}))(
			request,
			response,
			count,
		),
	);
	const api = new PrometheusApi(`http://127.0.0.1:${server.port}`, {patience});
	t.deepEqual(await api.ask('labels', {}), {data: [], warnings: ['a b']});
	t.is(server.asked.length, 3);
	await server.close();
});

test('a question that is too long for an address is posted', async t => {
	const methods: string[] = [];
	const server = await FakePrometheus.start((request, response) => {
		methods.push(`${request.method} ${request.url}`);
		request.resume().on('end', () => response.end('{"status":"success","data":1}'));
	});
	const api = new PrometheusApi(`http://127.0.0.1:${server.port}`, {patience});
	await api.ask('query', {query: 'x'.repeat(5000)});
	t.deepEqual(methods, ['POST /api/v1/query']);
	await server.close();
});

test('a signal ends a request and the pause between two', async t => {
	const stalled = await FakePrometheus.start(() => undefined);
	const failing = await FakePrometheus.start(json(500, {}));
	for (const server of [stalled, failing]) {
		const controller = new AbortController();
		const api = new PrometheusApi(`http://127.0.0.1:${server.port}`, {
			signal: controller.signal,
			patience: {seconds: 60, retries: 9, pause: 60},
		});
		const asked = api.ask('query', {query: 'up'});
		void sleep(50).then(() => controller.abort(new Error('enough')));
		await t.throwsAsync(asked, {message: /enough|aborted/});
		await server.close();
	}
});

test('an address or a token that is none is refused without showing it', t => {
	for (const url of [`ftp://user:${password}@host`, `http//user:${password}`, `user:${password}@host`, '']) {
		const error = t.throws(() => new PrometheusApi(url), {instanceOf: UserError});
		t.false(error.message.includes(password));
		t.regex(error.message, /^Expected the address of Prometheus to (?:be|begin)/);
	}

	const folder = mkdtempSync(join(tmpdir(), 'token-'));
	const file = join(folder, 'token');
	writeFileSync(file, `${token}\n${token}`);
	const error = t.throws(() => new PrometheusApi('http://host', {tokenFile: file}), {instanceOf: UserError});
	t.false(error.message.includes(token));
	writeFileSync(file, '\n');
	t.throws(() => new PrometheusApi('http://host', {tokenFile: file}), {
		message: /:1:1: Expected a token, got an empty file$/,
	});
	t.throws(() => new PrometheusApi('http://host', {tokenFile: join(folder, 'absent')}), {instanceOf: UserError});
	rmSync(folder, {recursive: true});
});

test('a server that is not there is refused at once', async t => {
	const gone = await FakePrometheus.start(() => undefined);
	const {port} = gone;
	await gone.close();
	const api = new PrometheusApi(`http://127.0.0.1:${port}`, {patience: {pause: 60}});
	await t.throwsAsync(api.ask('query', {query: 'up'}), {message: /got no server there \(connection refused\)$/});
	const bad = new PrometheusApi('http://127.0.0.1:1', {patience: {pause: 60}});
	await t.throwsAsync(bad.ask('query', {query: 'up'}), {message: /got a port that no HTTP client asks$/});
});
