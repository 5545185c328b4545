import {type IncomingMessage, request} from 'node:http';
import {text} from 'node:stream/consumers';

/**
 * A `fetch` for Ollama on the loopback interface, made for requests that wait for minutes.
 *
 * The built-in one gives up when no headers came for 300 s, and Ollama sends its headers with the first token, which
 * a queued request may wait for longer. Here only `signal` ends a request; it also reaches one that still queues,
 * where Ollama then frees the slot. A line that is not JSON fails the body: the client would skip it in silence.
 *
 * @param signal - aborts the request and its body, whatever the client's own signal does
 */
export function loopbackFetch(signal: AbortSignal): typeof fetch {
	return async (input, init = {}) => {
		const response = await send(String(input), init, signal);
		const status = response.statusCode ?? 502;
		return status < 300 ? new Response(streamOf(response), {status}) : errorResponse(status, await text(response));
	};
}

function send(url: string, init: RequestInit, signal: AbortSignal): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		const headers = init.headers as Record<string, string>;
		const outgoing = request(url, {method: init.method ?? 'GET', headers, signal, agent: false}, resolve);
		outgoing.setNoDelay(true);
		outgoing.on('error', reject);
		outgoing.end(init.body ?? undefined);
	});
}

/** An error as the client reads it without a word on the console: always JSON. */
function errorResponse(status: number, body: string): Response {
	return new Response(isJson(body) ? body : JSON.stringify({error: body}), {
		status,
		headers: {'content-type': 'application/json'},
	});
}

function streamOf(response: IncomingMessage): ReadableStream<Uint8Array> {
	const lines = jsonLines(response);
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				const {done, value} = await lines.next();
				if (done) {
					controller.close();
				} else {
					controller.enqueue(value);
				}
			},
			cancel() {
				response.destroy();
			},
		},
		{highWaterMark: 0},
	);
}

/** The body line by line, each checked to be JSON. */
async function* jsonLines(response: IncomingMessage): AsyncGenerator<Uint8Array, void> {
	response.setEncoding('utf8');
	let rest = '';
	for await (const chunk of response) {
		const lines = (rest + chunk).split('\n');
		rest = lines.pop()!;
		for (const line of lines) {
			yield checkedLine(line);
		}
	}

	if (rest !== '') {
		yield checkedLine(rest);
	}
}

const encoder = new TextEncoder();

function checkedLine(line: string): Uint8Array {
	if (!isJson(line)) {
		throw new SyntaxError('a line that is not JSON');
	}

	return encoder.encode(`${line}\n`);
}

function isJson(line: string): boolean {
	try {
		JSON.parse(line);
		return true;
	} catch {
		return false;
	}
}
