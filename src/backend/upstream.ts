import {type ChatResponse, type Message, Ollama} from 'ollama';
import {beginningOf, ChatError} from './chat-request.ts';
import type {Configuration} from './configuration.ts';
import {loopbackFetch} from './loopback-fetch.ts';

type ModelQuestion = {readonly messages: Message[]; readonly maxTokens: number};

type Listener = {
	/** Aborts the request, queued or running; its reason is thrown. */
	readonly signal: AbortSignal;
	/** Is called for every sign of life. */
	readonly whenHeard: () => void;
};

/** Bounds of an answer [bytes]: for its frame, and for each token with the line round it. */
const answerBytes = 262_144;
const tokenBytes = 512;
/** Characters of what Ollama said of an error that go on to the client. */
const longestMessage = 500;

/**
 * Options that belong to the runner: Ollama reloads the model when a request comes with others, so every request of the
 * pod, the preload too, carries these.
 */
export function runnerOptions({numThread, numCtx, seed}: Configuration) {
	return {num_thread: numThread, num_ctx: numCtx, seed, temperature: 0};
}

/**
 * Asks the model.
 *
 * @yields pieces of the reply as they come, none of them empty
 * @returns Ollama's last line, which holds the counts and durations
 * @throws {ChatError} 503 when Ollama's queue is full, 502 when it is gone, breaks off or answers anything unexpected
 */
export async function* askModel(
	configuration: Configuration,
	{messages, maxTokens}: ModelQuestion,
	{signal, whenHeard}: Listener,
): AsyncGenerator<string, ChatResponse> {
	const bodyLimit = answerBytes + maxTokens * tokenBytes;
	const fetch = loopbackFetch({signal, bodyLimit, whenHeard});
	const client = new Ollama({host: configuration.ollamaUrl, fetch});
	const options = {...runnerOptions(configuration), num_predict: maxTokens};
	try {
		const parts = await client.chat({model: configuration.model, messages, stream: true, keep_alive: -1, options});
		for await (const part of parts) {
			const piece: unknown = part.message?.content ?? '';
			if (typeof piece !== 'string') {
				throw new TypeError('a reply that is no text');
			}

			if (piece !== '') {
				yield piece;
			}

			if (part.done) {
				return part;
			}
		}

		throw new Error('the reply ended too early');
	} catch (error) {
		throw signal.aborted ? signal.reason : upstreamError(error);
	}
}

/** Error of a chat, as the client is to see it, for a failure on the way to Ollama or inside it. */
function upstreamError(error: unknown): ChatError {
	const {message: whole, status_code: status, code} = error as Error & {status_code?: number; code?: string};
	const message = beginningOf(String(whole), longestMessage);
	if (status === 503) {
		return new ChatError(503, 'refused', `Ollama is busy: ${message}`, {cause: error});
	}

	const isGone = code === 'ECONNREFUSED' || code === 'ECONNRESET';
	return new ChatError(502, 'failed', isGone ? 'Ollama is gone' : `Ollama failed: ${message}`, {cause: error});
}
