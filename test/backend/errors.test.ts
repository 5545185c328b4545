import test, {type ExecutionContext} from 'ava';
import type {Script} from './fake-ollama.ts';
import {type Answer, post, send, sendStreamed, startBackend, until} from './start-backend.ts';

const bad = test.macro({
	async exec(t, overrides: Record<string, unknown>, message: string) {
		const {url, fake} = await startBackend(t);
		const {status, body} = await send(url, overrides);
		t.is(status, 400);
		t.deepEqual(body, {error: message});
		t.is(fake.chats.length, 0);
	},
	title: (_, overrides) => `400 for ${JSON.stringify(overrides).slice(0, 60)}`,
});

const rule = '1 to 128 letters, digits or ._:- that start with a letter or digit';
test(bad, {tenant: undefined}, `Expected tenant to be ${rule}, got nothing`);
test(bad, {tenant: ''}, `Expected tenant to be ${rule}, got ""`);
test(bad, {tenant: 'a"b'}, `Expected tenant to be ${rule}, got "a\\"b"`);
test(bad, {conversation: 'x'.repeat(129)}, `Expected conversation to be ${rule}, got "${'x'.repeat(79)}`);
test(bad, {conversation: 7}, `Expected conversation to be ${rule}, got 7`);
test(bad, {prompt: ' \n'}, 'Expected prompt to be a string that is not blank, got " \\n"');
test(bad, {maxTokens: 0}, 'Expected maxTokens to be an integer from 1 to 2048, got 0');
test(bad, {maxTokens: '8'}, 'Expected maxTokens to be an integer from 1 to 2048, got "8"');
test(bad, {stream: 1}, 'Expected stream to be true or false, got 1');
test(
	bad,
	{options: {num_thread: 8}},
	'Expected every key to be one of tenant, conversation, prompt, maxTokens, stream, got "options"',
);

const raw = test.macro(
	async (t, {body, type, status}: {body: string; type: string; status: number}, message: RegExp) => {
		const {url} = await startBackend(t);
		const response = await fetch(`${url}/v1/chat`, {method: 'POST', headers: {'content-type': type}, body});
		t.is(response.status, status);
		t.regex(((await response.json()) as {error: string}).error, message);
	},
);
const json = 'application/json';
test('400 for a body that is not JSON', raw, {body: '{"tenant": ', type: json, status: 400}, /JSON/);
test('400 for an empty body', raw, {body: '', type: json, status: 400}, /empty/i);
test(
	'400 for JSON that is no object',
	raw,
	{body: '[1]', type: json, status: 400},
	/Expected the body to be a JSON obj/,
);
test('400 for a prototype key', raw, {body: '{"__proto__": {"a": 1}}', type: json, status: 400}, /./);
test('413 for a body that is too large', raw, {body: `"${'x'.repeat(70_000)}"`, type: json, status: 413}, /too large/);
test('415 for text', raw, {body: '{}', type: 'text/plain', status: 415}, /media type/i);
test('415 for a form', raw, {body: 'a=b', type: 'application/x-www-form-urlencoded', status: 415}, /media type/i);

test('404 for an unknown path, whatever is sent there', async t => {
	const {url} = await startBackend(t);
	t.is((await fetch(`${url}/v1/none`)).status, 404);
	t.is((await fetch(`${url}/v1/none`, {method: 'POST', body: 'text'})).status, 404);
});

type Sender = (url: string) => Promise<Answer>;

const upstream = test.macro(
	async (t, script: Script, sender: Sender, check: (t: ExecutionContext, a: Answer) => void) => {
		const {url, fake} = await startBackend(t);
		fake.script = () => script;
		check(t, await sender(url));
		await until(t, 'the slot is free', () => fake.active === 0);
		fake.script = () => ({});
		t.is((await send(url)).status, 200); // the pod goes on
	},
);

const answers = (status: number, error: string) => (t: ExecutionContext, answer: Answer) => {
	t.is(answer.status, status);
	t.deepEqual([answer.body].flat(), [{error}]);
};

const streams =
	(...lines: unknown[]) =>
	(t: ExecutionContext, answer: Answer) => {
		t.is(answer.status, 200);
		t.deepEqual(answer.body, lines);
	};

const half = ['half'];
test('503 when the queue is full', upstream, {status: 503}, send, answers(503, 'Ollama is busy: status 503'));
test('503 streamed', upstream, {status: 503}, sendStreamed, answers(503, 'Ollama is busy: status 503'));
test('502 for another status', upstream, {status: 404}, send, answers(502, 'Ollama failed: status 404'));
test(
	'502 for an error line',
	upstream,
	{pieces: half, end: 'error-line'},
	send,
	answers(502, 'Ollama failed: the runner fell over'),
);
test('502 for a break', upstream, {pieces: half, end: 'break'}, send, answers(502, 'Ollama is gone'));
test(
	'502 for a malformed line',
	upstream,
	{pieces: half, end: 'malformed'},
	send,
	answers(502, 'Ollama failed: a line that is not JSON'),
);
test('502 for an early end', upstream, {pieces: half, end: 'no-done'}, send, (t, {status, body}) => {
	t.is(status, 502);
	t.regex(body.error, /^Ollama failed: /);
});
test(
	'an error line for an error line',
	upstream,
	{pieces: half, end: 'error-line'},
	sendStreamed,
	streams({text: 'half'}, {error: 'Ollama failed: the runner fell over', status: 502}),
);
test(
	'an error line for a break',
	upstream,
	{pieces: half, end: 'break'},
	sendStreamed,
	streams({text: 'half'}, {error: 'Ollama is gone', status: 502}),
);
test(
	'an error line for a malformed line',
	upstream,
	{pieces: half, end: 'malformed'},
	sendStreamed,
	streams({text: 'half'}, {error: 'Ollama failed: a line that is not JSON', status: 502}),
);
test(
	'a true status for a stream that fails before its first piece',
	upstream,
	{pieces: [], end: 'error-line'},
	sendStreamed,
	answers(502, 'Ollama failed: the runner fell over'),
);

test('502 for a piece that is no text', upstream, {last: {message: {content: {a: 1}}}}, send, (t, {status, body}) => {
	t.is(status, 502);
	t.is(body.error, 'Ollama failed: a reply that is no text');
});
const unending = 'x'.repeat(65_536);
test(
	'502 for a line that does not end',
	upstream,
	{pieces: half, endless: unending},
	send,
	answers(502, 'Ollama failed: a line that does not end'),
);
test(
	'502 for a reply that does not end',
	upstream,
	{pieces: half, endless: `${JSON.stringify({message: {content: 'word '.repeat(200)}})}\n`},
	send,
	answers(502, 'Ollama failed: an answer that does not end'),
);
test(
	'502 for an error that does not end',
	upstream,
	{pieces: [], status: 500, endless: unending},
	send,
	(t, {status, body}) => {
		t.is(status, 502);
		t.is(body.error, `Ollama failed: ${'x'.repeat(500)}`);
	},
);
test(
	'400 for lists nested by the thousand',
	raw,
	{body: `{"prompt": ${'['.repeat(30_000)}${']'.repeat(30_000)}}`, type: json, status: 400},
	/Expected tenant/,
);
test(
	'400 for a prompt that is such a list',
	raw,
	{
		body: `{"tenant": "a", "conversation": "c", "prompt": ${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
		type: json,
		status: 400,
	},
	/Expected prompt to be a string that is not blank, got /,
);

test('a value is quoted without cutting a character in two', async t => {
	const {url} = await startBackend(t);
	const {body} = await send(url, {tenant: `x${'😀'.repeat(60)}`});
	t.true(body.error.endsWith('😀'), body.error);
});

const garbledCounts = test.macro({
	async exec(t, value: unknown, durations: unknown) {
		const last = {
			prompt_eval_count: value,
			eval_count: value,
			total_duration: durations,
			load_duration: durations,
			prompt_eval_duration: durations,
			eval_duration: durations,
		};
		const {url, fake} = await startBackend(t);
		fake.script = () => ({last});
		const {status, body} = await send(url);
		t.is(status, 200);
		t.is(body.text, 'echo Hello');
		t.is(body.promptTokens, undefined);
		t.is(body.outputTokens, undefined);
		t.true(Object.values(body.timings as object).every(seconds => Number.isFinite(seconds) && seconds >= 0));
		t.is(body.timings.ollamaSeconds, 0);
		t.is((await send(url)).body.historyTurns, 1); // the turn was kept, as its reply was delivered
		const metrics = await (await fetch(`${url}/metrics`)).text();
		t.regex(metrics, /^replicast_backend_chats_total\{tenant="team-a",outcome="completed"\} 2$/m);
		t.notRegex(metrics, /tokens_total\{tenant="team-a"\} [^0]/);
		t.notRegex(metrics, /NaN|e\+/);
	},
	title: (_, value, durations) =>
		`counts of ${JSON.stringify(value)} and durations of ${JSON.stringify(durations)} are left out`,
});
test(garbledCounts, 'abc', 'x');
test(garbledCounts, -5, -1e300);
test(garbledCounts, 1e300, 1e300);
test(garbledCounts, 0.5, [1]);
test(garbledCounts, null, null);
test(garbledCounts, {}, {});

test('a reason that is no text is unknown', async t => {
	const {url, fake} = await startBackend(t);
	fake.script = () => ({last: {done_reason: {a: 1}}});
	t.is((await send(url)).body.doneReason, 'unknown');
});

test('502 at once when Ollama is gone', async t => {
	const {url, fake} = await startBackend(t);
	await fake.close();
	const start = performance.now();
	const {status, body} = await send(url);
	t.is(status, 502);
	t.is(body.error, 'Ollama is gone');
	t.true(performance.now() - start < 5000);
});

test('504 when the deadline passes, queued or running, and the slot is freed', async t => {
	const {url, fake} = await startBackend(t, {DEADLINE_SECONDS: '1'});
	fake.script = () => ({pieces: half, pause: 60_000});
	const slow = send(url);
	await until(t, 'it runs', () => fake.active === 1);
	const queued = send(url, {conversation: 'c2'});
	t.is((await slow).status, 504);
	t.is((await queued).status, 504);
	t.is((await queued).body.error, 'No reply within 1 s');
	await until(t, 'both were aborted', () => fake.aborted === 2);
});

test('503 when the pod is full', async t => {
	const {url, fake} = await startBackend(t, {MAX_IN_FLIGHT: '2'});
	fake.script = () => ({pause: 60_000});
	const stop = new AbortController();
	const first = [post(url, {}, stop.signal), post(url, {}, stop.signal)];
	await until(t, 'two are with Ollama', () => fake.chats.length === 2);
	const {status, headers, body} = await send(url);
	t.is(status, 503);
	t.is(body.error, 'This pod has no room for another chat');
	t.is(headers.get('retry-after'), '1');
	stop.abort();
	await Promise.allSettled(first);
	fake.script = () => ({});
	await until(t, 'there is room again', async () => (await send(url)).status === 200);
});

test('a client that goes while it waits or runs has its upstream request aborted', async t => {
	const {url, fake} = await startBackend(t);
	fake.script = () => ({pieces: Array.from({length: 100}, String), pause: 100});
	const running = new AbortController();
	const waiting = new AbortController();
	const streamed = await post(url, {stream: true}, running.signal);
	const queued = post(url, {conversation: 'c2'}, waiting.signal);
	await until(t, 'one waits', () => fake.chats.length === 2);
	waiting.abort();
	await t.throwsAsync(queued, {any: true});
	await until(t, 'the waiting one was aborted', () => fake.aborted === 1);
	running.abort();
	await t.throwsAsync(streamed.text(), {any: true});
	await until(t, 'the running one was aborted', () => fake.aborted === 2);
	fake.script = () => ({});
	t.is((await send(url, {conversation: 'c3'})).status, 200);
	t.is((await send(url)).body.historyTurns, 0); // nothing of the broken chat was kept
});
