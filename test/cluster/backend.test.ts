import test from 'ava';
import {post, send, sendStreamed, until} from '../backend/start-backend.ts';
import {readiness} from '../backend/start-bundle.ts';
import {buildImages, countLoads, type DockerPod, docker, startDockerPod, waitUntilReady} from './docker-pod.ts';

let pod: DockerPod;

test.before(async () => {
	await buildImages();
	pod = await startDockerPod();
});

test.after.always(() => pod?.remove());

const question = {tenant: 'team-a', prompt: 'Tell me about the sea.'};

test.serial('the model answers, and the time of the reply is accounted for', async t => {
	const {status, body} = await send(pod.url, {...question, conversation: 'first', maxTokens: 12});
	t.is(status, 200);
	t.true(body.text.length > 0);
	t.true(body.outputTokens > 0 && body.outputTokens <= 12);
	t.true(body.promptTokens > 3);
	t.regex(body.pod, /^replicast-test-/);
	const {queuedSeconds, waitingSeconds, loadSeconds, promptEvalSeconds, evalSeconds, ollamaSeconds, loopbackSeconds} =
		body.timings;
	t.true(promptEvalSeconds > 0 && evalSeconds > 0);
	const parts = waitingSeconds + loadSeconds + promptEvalSeconds + evalSeconds;
	t.true(Math.abs(parts - queuedSeconds - ollamaSeconds) < 1e-5);
	t.true(loopbackSeconds < 0.5, `${loopbackSeconds} s`);
	t.log(body.timings);
});

test.serial('the same question is answered with the same words, streamed or not', async t => {
	const whole = await send(pod.url, {...question, conversation: 'second', maxTokens: 16});
	const {body: lines} = await sendStreamed(pod.url, {...question, conversation: 'third', maxTokens: 16});
	const pieces = lines.slice(0, -1).map(({text}: {text: string}) => text);
	t.true(pieces.length > 4);
	t.is(pieces.join(''), whole.body.text);
	t.is(lines.at(-1).text, whole.body.text);
});

test.serial('requests of every length leave the model where it is', async t => {
	const before = await countLoads(pod.ollama);
	t.true(before >= 1);
	for (const maxTokens of [1, 7, 40]) {
		const {body} = await send(pod.url, {...question, conversation: `of-${maxTokens}`, maxTokens});
		t.true(body.outputTokens <= maxTokens);
	}

	t.is(await countLoads(pod.ollama), before);
});

test.serial('a conversation goes on, and is nobody else’s', async t => {
	await send(pod.url, {...question, conversation: 'ours', maxTokens: 8});
	const {body} = await send(pod.url, {...question, conversation: 'ours', maxTokens: 8});
	t.is(body.historyTurns, 1);
	const foreign = await send(pod.url, {...question, tenant: 'team-b', conversation: 'ours'});
	t.is(foreign.status, 404);
	t.deepEqual(foreign.body, {error: 'No such conversation'});
});

test.serial('clients that go, queued or running, free the slot', async t => {
	const stop = new AbortController();
	const long = {...question, maxTokens: 2000, stream: true, prompt: 'Count from 1 to 1000.'};
	const running = await post(pod.url, {...long, conversation: 'long-1'}, stop.signal);
	const queued = [2, 3, 4].map(index => post(pod.url, {...long, conversation: `long-${index}`}, stop.signal));
	await new Promise(resolve => setTimeout(resolve, 300));
	stop.abort();
	await t.throwsAsync(running.text(), {any: true});
	await Promise.allSettled(queued);
	const {body} = await send(pod.url, {...question, conversation: 'after', maxTokens: 4});
	t.true(body.timings.ollamaSeconds < 5, `${body.timings.ollamaSeconds} s`);
});

test.serial('an Ollama that dies: 502, not ready, and back by itself when it is', async t => {
	await docker('kill', pod.ollama);
	const {status, body} = await send(pod.url, {...question, conversation: 'gone'});
	t.is(status, 502);
	t.is(body.error, 'Ollama is gone');
	t.is(await readiness(pod.url), 503);
	await docker('start', pod.ollama);
	await waitUntilReady(pod.url);
	t.is((await send(pod.url, {...question, conversation: 'back', maxTokens: 4})).status, 200);
});

test.serial('SIGTERM: the chat under way is answered and the container exits with 0', async t => {
	const chat = send(pod.url, {...question, conversation: 'last', maxTokens: 400});
	await until(t, 'it is with Ollama', async () => {
		const metrics = await (await fetch(`${pod.url}/metrics`)).text();
		return /in_flight\{tenant="team-a"\} 1/.test(metrics);
	});
	await docker('kill', '--signal=TERM', pod.backend);
	await until(t, 'the signal has reached it', async () => (await readiness(pod.url)) === 503);
	t.is((await chat).status, 200);
	t.is(await docker('wait', pod.backend), '0');
});
