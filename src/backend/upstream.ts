import {type ChatResponse, type Message, Ollama} from 'ollama';
import {ChatError} from './chat-error.ts';
import type {Configuration} from './configuration.ts';
import {loopbackFetch} from './loopback-fetch.ts';

export type Question = {readonly messages: Message[]; readonly maxTokens: number};

/**
 * Options that belong to the runner: Ollama loads the model anew when a request comes with others, so every request
 * of the pod, the preload too, carries these.
 */
export function runnerOptions({numThread, numCtx, seed}: Configuration) {
	return {num_thread: numThread, num_ctx: numCtx, seed, temperature: 0};
}

/**
 * Asks the model.
 *
 * @param signal - aborts the request, queued or running; its reason is thrown
 * @yields pieces of the reply as they come, none of them empty
 * @returns Ollama's last line, which holds the counts and durations
 * @throws {ChatError} 503 when Ollama's queue is full, 502 when it is gone, breaks off or answers anything unexpected
 */
export async function* askModel(
	configuration: Configuration,
	{messages, maxTokens}: Question,
	signal: AbortSignal,
): AsyncGenerator<string, ChatResponse> {
	const client = new Ollama({host: configuration.ollamaUrl, fetch: loopbackFetch(signal)});
	const options = {...runnerOptions(configuration), num_predict: maxTokens};
	try {
		const parts = await client.chat({model: configuration.model, messages, stream: true, keep_alive: -1, options});
		for await (const part of parts) {
			if (part.message?.content) {
				yield part.message.content;
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

/** What went wrong on the way to Ollama or inside it, as the client is to see it. */
export function upstreamError(error: unknown): ChatError {
	const {message, status_code: status, code} = error as Error & {status_code?: number; code?: string};
	if (status === 503) {
		return new ChatError(503, 'refused', `Ollama is busy: ${message}`, {cause: error});
	}

	const isGone = code === 'ECONNREFUSED' || code === 'ECONNRESET';
	return new ChatError(502, 'failed', isGone ? 'Ollama is gone' : `Ollama failed: ${message}`, {cause: error});
}
