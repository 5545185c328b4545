import test from 'ava';
import {ChatError} from '../../src/backend/chat-request.ts';
import {MemoryBudget, textBytes} from '../../src/backend/memory-budget.ts';
import {ReplyText} from '../../src/backend/reply-text.ts';
import {post, send, startBackend, until} from './start-backend.ts';

test('a budget gives out what it has, and takes it back once', t => {
	const budget = new MemoryBudget(100);
	const first = budget.take(60)!;
	t.is(budget.take(41), undefined);
	t.true(first.grow(40));
	t.false(first.grow(1));
	t.is(budget.held, 100);
	first.release();
	first.release();
	t.is(budget.held, 0);
	t.truthy(budget.take(100));
});

test('a text takes two bytes a character once one is beyond Latin-1', t => {
	t.is(textBytes('abc'), 3);
	t.is(textBytes('äöü'), 3);
	t.is(textBytes('ab…'), 6);
	t.is(textBytes('😀'), 4);
});

test('a reply takes more memory as it grows, and ends where there is none', t => {
	const budget = new MemoryBudget(4000);
	const text = new ReplyText(budget.take(100)!, 100);
	for (let index = 0; index < 1600; index += 1) {
		text.add('x');
	}

	t.is(text.toString(), 'x'.repeat(1600));
	t.true(budget.held >= 3200);
	t.throws(() => text.add('y'.repeat(1000)), {instanceOf: ChatError, message: /no memory for the rest/});
});

test('503 once the chats that wait hold all the memory there is, and room again when they end', async t => {
	const {url, fake} = await startBackend(t, {MAX_HELD_BYTES: '1048576', MAX_BODY_BYTES: '131072'});
	fake.script = () => ({pause: 60_000});
	const stop = new AbortController();
	const chats = Array.from({length: 3}, (_, index) =>
		post(url, {conversation: `c${index}`, prompt: `…${'x'.repeat(60_000)}`}, stop.signal),
	);
	await until(t, 'they wait', async () => /^replicast_backend_in_flight\{.*\} 3$/m.test(await metricsOf(url)));
	t.true(Number(/^replicast_backend_held_bytes (\d+)$/m.exec(await metricsOf(url))![1]) > 3 * 120_000);
	const {status, headers, body} = await send(url, {conversation: 'c4', prompt: `…${'x'.repeat(60_000)}`});
	t.is(status, 503);
	t.is(headers.get('retry-after'), '1');
	t.is(body.error, 'This pod has no memory for another chat');
	const metrics = await metricsOf(url);
	t.regex(metrics, /^replicast_backend_refusals_total\{reason="memory"\} 1$/m);
	t.regex(metrics, /^replicast_backend_chats_total\{tenant="team-a",outcome="refused"\} 1$/m);
	stop.abort();
	await Promise.allSettled(chats);
	await until(t, 'all is given back', async () => /^replicast_backend_held_bytes 0$/m.test(await metricsOf(url)));
	fake.script = () => ({});
	t.is((await send(url, {conversation: 'c4', prompt: `…${'x'.repeat(60_000)}`})).status, 200);
});

async function metricsOf(url: string): Promise<string> {
	return (await fetch(`${url}/metrics`)).text();
}
