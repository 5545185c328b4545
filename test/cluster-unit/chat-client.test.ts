import test from 'ava';
import {ChatClient} from '../../src/cluster/load/chat-client.ts';
import {unixNow} from '../../src/cluster/observe/clock.ts';
import {startService} from './fake-service.ts';

const chat = {tenant: 'team-a', conversation: 'c1', prompt: 'time people', maxTokens: 16};
const patient = () => ({deadline: unixNow() + 20, signal: new AbortController().signal});

test('a chat that is answered has its first token, its end and the pod’s notes', async t => {
	const {address, received} = await startService(t);
	const before = unixNow();
	const end = await new ChatClient(address).send(chat, patient());
	t.is(end.outcome, 'completed');
	t.is(end.status, 200);
	t.true(end.firstToken! >= before && end.firstToken! <= end.at);
	t.is(end.reply!.pod, 'llm-0');
	t.false('text' in end.reply!);
	t.deepEqual(received, [{...chat, stream: true} as never]);
});

test('an error of the service is a failure with its status', async t => {
	const {address} = await startService(t, response => response.writeHead(503).end('{"error": "shutting down"}\n'));
	const {outcome, status, error, reply} = await new ChatClient(address).send(chat, patient());
	t.deepEqual(
		{outcome, status, error, reply},
		{outcome: 'failed', status: 503, error: 'shutting down', reply: undefined},
	);
});

test('a stream that says it failed is a failure though its status is 200', async t => {
	const {address} = await startService(t, response => {
		response.write('{"text": "one"}\n');
		response.end('{"error": "Ollama is gone", "status": 502}\n');
	});
	const end = await new ChatClient(address).send(chat, patient());
	t.is(end.outcome, 'failed');
	t.is(end.error, 'Ollama is gone');
	t.not(end.firstToken, undefined);
});

test('a connection that breaks is a failure', async t => {
	const {address} = await startService(t, response => {
		response.write('{"text": "one"}\n');
		setTimeout(() => response.destroy(), 20);
	});
	t.is((await new ChatClient(address).send(chat, patient())).outcome, 'failed');
});

test('nobody at the address is a failure', async t => {
	const end = await new ChatClient({host: '127.0.0.1', port: 1}).send(chat, patient());
	t.is(end.outcome, 'failed');
	t.is(end.error, 'ECONNREFUSED');
});

test('a line that is not JSON is a failure', async t => {
	const {address} = await startService(t, response => response.end('<html>\n'));
	t.is((await new ChatClient(address).send(chat, patient())).outcome, 'failed');
});

test('the client gives up at its deadline and says so', async t => {
	const {address} = await startService(t, () => undefined);
	const before = unixNow();
	const {signal} = new AbortController();
	const end = await new ChatClient(address).send(chat, {deadline: before + 0.3, signal});
	t.is(end.outcome, 'timedOut');
	t.true(end.at - before >= 0.28 && end.at - before < 5);
});

test('a request that should long have been answered is not even waited for', async t => {
	const {address} = await startService(t, () => undefined);
	const end = await new ChatClient(address).send(chat, {deadline: unixNow() - 1, signal: new AbortController().signal});
	t.is(end.outcome, 'timedOut');
});

test('what is under way when the run ends is in flight', async t => {
	const run = new AbortController();
	const {address} = await startService(t, () => run.abort());
	t.is((await new ChatClient(address).send(chat, {deadline: unixNow() + 20, signal: run.signal})).outcome, 'inFlight');
});

test('each chat has a connection of its own, unless its client keeps one', async t => {
	const fresh = await startService(t);
	const client = new ChatClient(fresh.address);
	for (let sent = 0; sent < 3; sent++) {
		await client.send(chat, patient());
	}

	t.is(fresh.connections(), 3);
	const kept = await startService(t);
	const keeping = new ChatClient(kept.address);
	for (const user of ['a', 'a', 'b', 'a', 'b']) {
		await keeping.send(chat, {...patient(), client: user});
	}

	t.is(kept.connections(), 2);
	keeping.close();
});
