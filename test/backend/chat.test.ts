import test from 'ava';
import {send, sendStreamed, startBackend} from './start-backend.ts';

test('a chat is answered with its text, its place, its tokens and its timings', async t => {
	const {url, fake} = await startBackend(t);
	fake.script = () => ({pieces: ['The ', 'sea', '.']});
	const before = Date.now() / 1000;
	const {status, body} = await send(url, {prompt: 'What?'});
	t.is(status, 200);
	const {timings, ...rest} = body;
	t.deepEqual(rest, {
		text: 'The sea.',
		tenant: 'team-a',
		conversation: 'c1',
		pod: 'llm-0',
		historyTurns: 0,
		promptTokens: 7,
		outputTokens: 3,
		doneReason: 'stop',
	});
	t.true(timings.receivedAt >= before - 0.01 && timings.receivedAt <= Date.now() / 1000);
	t.true(Math.abs(timings.waitingSeconds - timings.queuedSeconds - 0.001) < 2e-6);
	t.is(timings.loadSeconds, 0.0001);
	t.is(timings.promptEvalSeconds, 0.0004);
	t.is(timings.evalSeconds, 0.0005);
	t.is(timings.ollamaSeconds, 0.002);
	for (const name of ['firstTokenSeconds', 'backendSeconds', 'loopbackSeconds']) {
		t.true(timings[name] >= 0 && timings[name] < 1, name);
	}
});

test('a streamed chat comes line by line and ends with the whole reply', async t => {
	const {url, fake} = await startBackend(t);
	fake.script = () => ({pieces: ['The ', '', 'sea']});
	const {status, headers, body} = await sendStreamed(url);
	t.is(status, 200);
	t.is(headers.get('content-type'), 'application/x-ndjson');
	t.deepEqual(body.slice(0, -1), [{text: 'The '}, {text: 'sea'}]);
	const last = body.at(-1);
	t.true(last.done);
	t.is(last.text, 'The sea');
	t.is(last.pod, 'llm-0');
	t.is(last.outputTokens, 3);
});

test('pieces are passed on as they come', async t => {
	const {url, fake} = await startBackend(t);
	fake.script = () => ({pieces: ['one', 'two', 'three'], pause: 400});
	const response = await fetch(`${url}/v1/chat`, {
		method: 'POST',
		headers: {'content-type': 'application/json'},
		body: '{"tenant": "a", "conversation": "c", "prompt": "p", "stream": true}',
	});
	const times: number[] = [];
	for await (const chunk of response.body!) {
		times.push(performance.now());
		t.true(chunk.length > 0);
	}

	t.true(times.length >= 2);
	t.true(times.at(-1)! - times[0]! > 90);
});

test('every request upstream carries the same runner options, the preload too', async t => {
	const {url, fake, model} = await startBackend(t, {
		OLLAMA_CPU_LIMIT_MILLICORES: '2900',
		NUM_CTX: '1024',
		SEED: '7',
		MAX_TOKENS: '64',
	});
	model.preload();
	await send(url);
	await send(url, {tenant: 'team-b', conversation: 'c2', maxTokens: 5});
	await sendStreamed(url, {maxTokens: 9});
	const runner = {num_thread: 2, num_ctx: 1024, seed: 7, temperature: 0};
	t.deepEqual(
		fake.preloads.map(({options}) => options),
		[runner],
	);
	t.is(fake.preloads[0]!.prompt, '');
	t.deepEqual(
		fake.chats.map(({options}) => options),
		[64, 5, 9].map(tokens => ({...runner, num_predict: tokens})),
	);
	for (const {keep_alive: keepAlive, model: name} of [...fake.preloads, ...fake.chats]) {
		t.is(keepAlive, -1);
		t.is(name, 'smollm2:135m');
	}
});

test('a conversation goes on where it was, and says how many turns were sent along', async t => {
	const {url, fake} = await startBackend(t);
	t.is((await send(url, {prompt: 'one'})).body.historyTurns, 0);
	t.is((await send(url, {prompt: 'two'})).body.historyTurns, 1);
	t.is((await send(url, {prompt: 'three', conversation: 'c2'})).body.historyTurns, 0);
	t.deepEqual(fake.chats[1]!.messages, [
		{role: 'user', content: 'one'},
		{role: 'assistant', content: 'echo one'},
		{role: 'user', content: 'two'},
	]);
});

test('the history keeps the last turns alone', async t => {
	const {url, fake} = await startBackend(t, {HISTORY_TURNS: '2'});
	for (let turn = 0; turn < 5; turn += 1) {
		await send(url, {prompt: `p${turn}`});
	}

	t.deepEqual(
		fake.chats.map(({messages}) => messages.length),
		[1, 3, 5, 5, 5],
	);
	t.is(fake.chats[4]!.messages[0]!.content, 'p2');
});

test('a reply that fails leaves no turn behind', async t => {
	const {url, fake} = await startBackend(t);
	await send(url, {prompt: 'one'});
	fake.script = () => ({pieces: ['half'], end: 'error-line'});
	t.is((await send(url, {prompt: 'two'})).status, 502);
	fake.script = () => ({});
	t.is((await send(url, {prompt: 'three'})).body.historyTurns, 1);
});
