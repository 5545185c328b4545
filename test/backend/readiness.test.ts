import test from 'ava';
import {FakeOllama} from './fake-ollama.ts';
import {send, startBackend, until} from './start-backend.ts';

async function statusOf(url: string, path: string): Promise<number> {
	const response = await fetch(`${url}${path}`);
	await response.arrayBuffer();
	return response.status;
}

function holdLoading(fake: FakeOllama): () => void {
	let finish!: () => void;
	fake.loading = new Promise(resolve => {
		finish = resolve;
	});
	return finish;
}

test('ready only once the model is loaded; alive before', async t => {
	const {url, fake, model} = await startBackend(t);
	const finish = holdLoading(fake);
	model.preload();
	t.is(await statusOf(url, '/healthz'), 200);
	t.is(await statusOf(url, '/readyz'), 503);
	finish();
	await until(t, 'the model is loaded', async () => (await statusOf(url, '/readyz')) === 200);
	t.true(fake.isLoaded);
	t.is(fake.preloads.length, 1);
});

test('a model that is listed while it still loads does not count', async t => {
	const {url, fake, model} = await startBackend(t);
	const finish = holdLoading(fake);
	fake.isLoaded = true;
	model.preload();
	t.is(await statusOf(url, '/readyz'), 503);
	finish();
	await until(t, 'the preload came back', async () => (await statusOf(url, '/readyz')) === 200);
});

test('not ready when Ollama lost the model, until it is loaded again', async t => {
	const {url, fake, model} = await startBackend(t);
	model.preload();
	await until(t, 'the model is loaded', async () => (await statusOf(url, '/readyz')) === 200);
	fake.isLoaded = false; // as after a restart of its container
	t.is(await statusOf(url, '/readyz'), 503);
	await until(t, 'the model is loaded again', async () => (await statusOf(url, '/readyz')) === 200);
	t.is(fake.preloads.length, 2);
});

test('the preload is tried again until Ollama is there', async t => {
	const late = new FakeOllama();
	const port = Number(new URL(await late.listen()).port);
	await late.close();
	const {url, model} = await startBackend(t, {OLLAMA_URL: `http://127.0.0.1:${port}`});
	model.preload();
	t.is(await statusOf(url, '/readyz'), 503);
	t.is(await statusOf(url, '/healthz/ollama'), 503);
	t.is(await statusOf(url, '/healthz'), 200); // no reason to restart the backend
	const there = new FakeOllama();
	await there.listen(port);
	t.teardown(() => there.close());
	await until(t, 'the model is loaded', async () => (await statusOf(url, '/readyz')) === 200);
	t.is(await statusOf(url, '/healthz/ollama'), 200);
});

test('an Ollama that is silent for long is gone, and back once it answers', async t => {
	const {url, fake, model} = await startBackend(t, {OLLAMA_SILENCE_SECONDS: '2'});
	model.preload();
	await until(t, 'the model is loaded', async () => (await statusOf(url, '/readyz')) === 200);
	fake.isSilent = true;
	const start = performance.now();
	await until(t, 'it is gone', async () => (await statusOf(url, '/healthz/ollama')) === 503);
	t.true(performance.now() - start >= 1900, `${performance.now() - start} ms`);
	t.is(await statusOf(url, '/readyz'), 503);
	t.is(await statusOf(url, '/healthz'), 200); // no reason to restart the backend
	fake.isSilent = false;
	fake.answerLate();
	await until(t, 'it is back', async () => (await statusOf(url, '/healthz/ollama')) === 200);
	await until(t, 'it is ready', async () => (await statusOf(url, '/readyz')) === 200);
});

test('an Ollama that answers late, or is heard of in chats alone, is slow and not gone', async t => {
	const {url, fake, model} = await startBackend(t, {OLLAMA_SILENCE_SECONDS: '2'});
	model.preload();
	await until(t, 'the model is loaded', async () => (await statusOf(url, '/readyz')) === 200);
	fake.isSilent = true;
	fake.script = () => ({pieces: Array.from({length: 70}, String), pause: 100});
	const chat = send(url);
	const probes: number[] = [];
	for (let probe = 0; probe < 2; probe += 1) {
		probes.push(...(await Promise.all([statusOf(url, '/healthz/ollama'), statusOf(url, '/readyz')])));
	}

	t.deepEqual(probes, [200, 200, 200, 200]);
	t.is((await chat).status, 200);
});

test('probes share one question, however many ask', async t => {
	const {url, fake} = await startBackend(t, {OLLAMA_SILENCE_SECONDS: '2'});
	fake.isSilent = true;
	await Promise.all(Array.from({length: 50}, (_, index) => statusOf(url, index % 2 ? '/readyz' : '/healthz/ollama')));
	t.is(fake.lateQuestions, 1);
});
