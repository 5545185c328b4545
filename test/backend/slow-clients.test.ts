import {connect} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {chatBytes, openClients, statusesOf} from './raw-clients.ts';
import {send, startBackend, until} from './start-backend.ts';

const halfBody =
	'POST /v1/chat HTTP/1.1\r\nHost: pod\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"pr';

test('a request that does not arrive whole is given up soon after its time', async t => {
	const {url} = await startBackend(t, {REQUEST_SECONDS: '1'});
	const start = performance.now();
	const clients = await openClients(t, url, ['', 'GET /healthz HT', halfBody]);
	await until(t, 'all were told', () => statusesOf(clients).get('408') === 3);
	t.true(performance.now() - start < 6000, `${performance.now() - start} ms`);
	const metrics = await (await fetch(`${url}/metrics`)).text();
	t.regex(metrics, /^replicast_backend_refusals_total\{reason="slow-request"\} 3$/m);
});

test('connections beyond the limit make the longest idle ones go, and probes are always answered', async t => {
	const {url} = await startBackend(t, {MAX_IN_FLIGHT: '4', MAX_CONNECTIONS: '20'});
	const idle = await openClients(
		t,
		url,
		Array.from({length: 60}, () => ''),
	);
	t.is((await fetch(`${url}/healthz`)).status, 200);
	await until(t, 'the first are cut', () => (statusesOf(idle).get('408') ?? 0) >= 40);
	t.true(idle.slice(0, 40).every(({received}) => received.startsWith('HTTP/1.1 408 ')));
	t.true(idle.slice(42).every(({received}) => received === ''));
	const metrics = await (await fetch(`${url}/metrics`)).text();
	t.regex(metrics, /^replicast_backend_refusals_total\{reason="connections"\} 4\d$/m);
});

test('a chat under way is never cut for another connection', async t => {
	const {url, fake} = await startBackend(t, {MAX_IN_FLIGHT: '4', MAX_CONNECTIONS: '20'}, 4);
	fake.script = () => ({pieces: ['a'], pause: 400});
	const chats = Array.from({length: 4}, (_, index) => send(url, {conversation: `c${index}`}));
	await until(t, 'they run', () => fake.active === 4);
	await openClients(
		t,
		url,
		Array.from({length: 60}, () => halfBody),
	);
	t.deepEqual(
		(await Promise.all(chats)).map(({status}) => status),
		[200, 200, 200, 200],
	);
});

test('bodies beyond the memory for them make the one go that began first', async t => {
	const {url} = await startBackend(t, {MAX_HELD_BYTES: '1048576', MAX_BODY_BYTES: '65536'}); // 128 KiB for bodies
	const slow = `POST /v1/chat HTTP/1.1\r\nHost: pod\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"prompt":"${'x'.repeat(40_000)}`;
	const clients = await openClients(t, url, [slow, slow, slow, slow, slow]);
	await until(t, 'the first are given up', () => (statusesOf(clients).get('408') ?? 0) >= 2);
	t.true(clients[0]!.received.startsWith('HTTP/1.1 408 '));
	t.is(clients[4]!.received, '');
	t.is((await send(url, {prompt: 'y'.repeat(50_000)})).status, 200); // whoever sends at once finds room
});

test('a body in the smallest pieces arrives', async t => {
	const {url, fake} = await startBackend(t);
	const body = Buffer.from(JSON.stringify({tenant: 'a', conversation: 'c', prompt: `ä…😀${'x'.repeat(300)}`}));
	const [client] = await openClients(t, url, [
		'POST /v1/chat HTTP/1.1\r\nHost: pod\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
	]);
	for (const byte of body) {
		client!.socket.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), Buffer.from('\r\n')]));
	}

	client!.socket.write('0\r\n\r\n');
	await until(t, 'it is answered', () => client!.received.startsWith('HTTP/1.1 200 '));
	t.is(fake.chats[0]!.messages[0]!.content, `ä…😀${'x'.repeat(300)}`);
});

test('413 for a body in chunks that is too large', async t => {
	const {url} = await startBackend(t, {MAX_BODY_BYTES: '1000'});
	const chunk = `190\r\n${'x'.repeat(400)}\r\n`;
	const [client] = await openClients(t, url, [
		`POST /v1/chat HTTP/1.1\r\nHost: pod\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}`,
	]);
	await until(t, 'it is refused', () => client!.received.startsWith('HTTP/1.1 413 '));
	t.regex(client!.received, /too large/);
});

test('requests one after another on a connection are answered, one behind another ends it', async t => {
	const {url, fake} = await startBackend(t);
	const chat = chatBytes({body: '{"tenant":"a","conversation":"c","prompt":"p"}'});
	const [client] = await openClients(t, url, [chat]);
	await until(t, 'the first is answered', () => client!.received.includes('"historyTurns":0'));
	client!.socket.write(chat);
	await until(t, 'the second is answered', () => client!.received.includes('"historyTurns":1'));
	fake.script = () => ({pause: 60_000});
	client!.socket.write(Buffer.concat([chat, chat]));
	await until(t, 'the connection is cut', () => client!.socket.destroyed);
	await until(t, 'nothing of it is left at Ollama', () => fake.active === 0);
	t.true(fake.chats.length <= 3);
	const metrics = await (await fetch(`${url}/metrics`)).text();
	t.regex(metrics, /^replicast_backend_refusals_total\{reason="pipelining"\} 1$/m);
});

test('a client that does not read loses its slot when its time is over', async t => {
	const {url, fake} = await startBackend(t, {DEADLINE_SECONDS: '3', NUM_CTX: '65536', MAX_HELD_BYTES: '268435456'});
	fake.script = () => ({pieces: Array.from({length: 1000}, () => 'x'.repeat(20_000))}); // more than the sockets take
	const {hostname: host, port} = new URL(url);
	const chat = {tenant: 'a', conversation: 'c', prompt: 'p', stream: true, maxTokens: 60_000};
	const socket = connect({host, port: Number(port)}, () => socket.write(chatBytes({body: JSON.stringify(chat)})));
	socket.on('error', () => undefined);
	t.teardown(() => socket.destroy());
	await until(t, 'it runs', () => fake.chats.length === 1);
	await until(t, 'it has ended', async () => {
		await sleep(200); // leaves the time to fill the sockets
		const metrics = await (await fetch(`${url}/metrics`)).text();
		return metrics.includes('chats_total{tenant="a",outcome="') && /^replicast_backend_held_bytes 0$/m.test(metrics);
	});
	t.pass();
});
