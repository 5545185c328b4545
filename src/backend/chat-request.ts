/** Ends of a chat; also the values of the `outcome` label in the metrics. */
export type ChatOutcome = 'completed' | 'client-gone' | 'refused' | 'timed-out' | 'failed';

/** A chat that ends without a reply: the HTTP status and the message go to the client as they are. */
export class ChatError extends Error {
	override readonly name = 'ChatError';
	readonly statusCode: number;
	readonly outcome: ChatOutcome;

	constructor(statusCode: number, outcome: ChatOutcome, message: string, options?: {cause: unknown}) {
		super(message, options);
		this.statusCode = statusCode;
		this.outcome = outcome;
	}
}

/** Beginning of a text, at most `length` UTF-16 units, with no character cut in two. */
export function beginningOf(text: string, length: number): string {
	return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

export type ChatRequest = {
	readonly tenant: string;
	readonly conversation: string;
	readonly prompt: string;
	/** Ollama's `num_predict`: the reply ends here at the latest. */
	readonly maxTokens: number;
	readonly stream: boolean;
};

const keys = new Set(['tenant', 'conversation', 'prompt', 'maxTokens', 'stream']);
const identifier = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/**
 * Reads the body of `POST /v1/chat`.
 *
 * @param body - parsed JSON of any shape
 * @param limits - `maxTokens` is the default, `numCtx` the most that may be asked for
 * @throws {ChatError} 400 that names the first thing wrong
 */
export function parseChatRequest(body: unknown, limits: {maxTokens: number; numCtx: number}): ChatRequest {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		throw badRequest('the body', 'a JSON object', body);
	}

	const fields = new Map<string, unknown>(Object.entries(body));
	for (const key of fields.keys()) {
		if (!keys.has(key)) {
			throw badRequest('every key', `one of ${[...keys].join(', ')}`, key);
		}
	}

	return {
		tenant: readIdentifier(fields, 'tenant'),
		conversation: readIdentifier(fields, 'conversation'),
		prompt: readPrompt(fields.get('prompt')),
		maxTokens: readMaxTokens(fields.get('maxTokens') ?? limits.maxTokens, limits.numCtx),
		stream: readStream(fields.get('stream') ?? false),
	};
}

function readIdentifier(fields: ReadonlyMap<string, unknown>, name: string): string {
	const value = fields.get(name);
	if (typeof value !== 'string' || !identifier.test(value)) {
		throw badRequest(name, '1 to 128 letters, digits or ._:- that start with a letter or digit', value);
	}

	return value;
}

function readPrompt(value: unknown): string {
	if (typeof value !== 'string' || value.trim() === '') {
		throw badRequest('prompt', 'a string that is not blank', value);
	}

	return value;
}

function readMaxTokens(value: unknown, numCtx: number): number {
	if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > numCtx) {
		throw badRequest('maxTokens', `an integer from 1 to ${numCtx}`, value);
	}

	return value;
}

function readStream(value: unknown): boolean {
	if (typeof value !== 'boolean') {
		throw badRequest('stream', 'true or false', value);
	}

	return value;
}

function badRequest(name: string, rule: string, value: unknown): ChatError {
	return new ChatError(400, 'refused', `Expected ${name} to be ${rule}, got ${beginningOf(shown(value), 80)}`);
}

/** A value of JSON as it is quoted; lists and objects nested by the thousand, which cannot be written, are named. */
function shown(value: unknown): string {
	try {
		return value === undefined ? 'nothing' : JSON.stringify(value);
	} catch {
		return 'a list or object that is nested too deeply';
	}
}
