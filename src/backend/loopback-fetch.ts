import {type IncomingMessage, request} from 'node:http';

type LoopbackOptions = {
	/** Aborts the request and its body, whatever the client's own signal does. */
	readonly signal: AbortSignal;
	/** Bytes of a whole body. */
	readonly bodyLimit: number;
	/** Is called for every sign of life: an answer's head, a line of it. */
	readonly whenHeard: () => void;
};

/** Characters of a line, and bytes of an error's body: far more than Ollama has to say in one. */
const longestLine = 262_144;
const longestError = 65_536;

/**
 * A `fetch` for Ollama on the loopback interface, made for requests that wait for minutes.
 *
 * The built-in one gives up when no headers came for 300 s, and Ollama sends its headers with the first token, which
 * a queued request may wait for longer. Here only `signal` ends a request; it also reaches one that still queues,
 * where Ollama then frees the slot. A line that is not a JSON object fails the body, where the client would skip it in
 * silence or stumble, and so does a line or a body that does not end.
 */
export function loopbackFetch(options: LoopbackOptions): typeof fetch {
	return async (input, init = {}) => {
		const response = await send(String(input), init, options.signal);
		options.whenHeard();
		const status = response.statusCode ?? 502;
		return status < 300
			? new Response(streamOf(response, options), {status})
			: errorResponse(status, await beginning(response));
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

/** A body as far as it is of use in an error. */
async function beginning(response: IncomingMessage): Promise<string> {
	response.setEncoding('utf8');
	let text = '';
	for await (const chunk of response) {
		text += chunk;
		if (text.length > longestError) {
			return text.slice(0, longestError); // leaving the loop ends the connection
		}
	}

	return text;
}

/** An error as the client reads it without a word on the console: always a JSON object. */
function errorResponse(status: number, body: string): Response {
	return new Response(isJsonObject(body) ? body : JSON.stringify({error: body}), {
		status,
		headers: {'content-type': 'application/json'},
	});
}

function streamOf(response: IncomingMessage, options: LoopbackOptions): ReadableStream<Uint8Array> {
	const lines = jsonLines(response, options);
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

/** The body line by line, each checked to be a JSON object. */
async function* jsonLines(response: IncomingMessage, {bodyLimit, whenHeard}: LoopbackOptions) {
	response.setEncoding('utf8');
	let rest = '';
	let length = 0;
	for await (const chunk of response) {
		whenHeard();
		length += chunk.length;
		if (length > bodyLimit) {
			throw new RangeError('an answer that does not end');
		}

		const lines: string[] = (rest + chunk).split('\n');
		rest = lines.pop()!;
		if (rest.length > longestLine) {
			throw new RangeError('a line that does not end');
		}

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
	if (!isJsonObject(line)) {
		throw new SyntaxError('a line that is not JSON');
	}

	return encoder.encode(`${line}\n`);
}

function isJsonObject(line: string): boolean {
	try {
		const value: unknown = JSON.parse(line);
		return typeof value === 'object' && value !== null && !Array.isArray(value);
	} catch {
		return false;
	}
}
