import type {ExecutionContext} from 'ava';
import {readConfiguration} from '../../src/backend/configuration.ts';
import {makeService, type Service} from '../../src/backend/service.ts';
import {FakeOllama} from './fake-ollama.ts';

export type Backend = Service & {readonly url: string; readonly fake: FakeOllama};

/** A backend in this process before a fake Ollama; both end with the test. */
export async function startBackend(
	t: ExecutionContext,
	environment: Record<string, string> = {},
	parallel = 1,
): Promise<Backend> {
	const fake = new FakeOllama(parallel);
	const ollamaUrl = await fake.listen();
	const configuration = readConfiguration({
		OLLAMA_URL: ollamaUrl,
		POD_NAME: 'llm-0',
		LOG_LEVEL: 'silent',
		OLLAMA_NUM_PARALLEL: String(parallel),
		...environment,
	});
	const service = makeService(configuration);
	const url = await service.app.listen({host: '127.0.0.1', port: 0});
	t.teardown(async () => {
		service.model.stop();
		service.app.server.closeAllConnections();
		await service.app.close();
		await fake.close().catch(() => undefined); // some tests close it themselves
	});
	return {...service, url, fake};
}

export type Answer = {
	readonly status: number;
	readonly headers: Headers;
	// biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
	readonly body: any;
};

const chat = {tenant: 'team-a', conversation: 'c1', prompt: 'Hello'};

/** Sends a chat, by default one of team-a, and reads the whole answer. */
export async function send(url: string, overrides: Record<string, unknown> = {}): Promise<Answer> {
	const response = await post(url, overrides);
	return {status: response.status, headers: response.headers, body: await response.json()};
}

/** Sends a streamed chat and reads its lines. */
export async function sendStreamed(url: string, overrides: Record<string, unknown> = {}): Promise<Answer> {
	const response = await post(url, {stream: true, ...overrides});
	const lines = (await response.text()).trimEnd().split('\n');
	return {status: response.status, headers: response.headers, body: lines.map(line => JSON.parse(line))};
}

export function post(url: string, overrides: Record<string, unknown> = {}, signal: AbortSignal | null = null) {
	return fetch(`${url}/v1/chat`, {
		method: 'POST',
		headers: {'content-type': 'application/json'},
		body: JSON.stringify({...chat, ...overrides}),
		signal,
	});
}

/** Waits for something that comes true by itself; the test fails when it does not within 15 s. */
export async function until(t: ExecutionContext, what: string, isTrue: () => boolean | Promise<boolean>) {
	for (const end = Date.now() + 15_000; Date.now() < end; ) {
		if (await isTrue()) {
			return;
		}

		await new Promise(resolve => setTimeout(resolve, 5));
	}

	t.fail(`Waited in vain: ${what}`);
}
