import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {json} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';

export type ChatBody = {
	model: string;
	messages: {role: string; content: string}[];
	options: Record<string, number>;
	keep_alive?: number;
	prompt?: string;
};

/** How the fake answers a chat: its pieces, one every `pause` ms, then an end of some kind. */
export type Script = {
	pieces?: readonly string[];
	pause?: number;
	end?: 'done' | 'error-line' | 'break' | 'malformed' | 'no-done';
	/** Instead of a stream. */
	status?: number;
	/** Is written again and again until the client goes, after the pieces and with the status. */
	endless?: string;
	/** What the last line has instead of what it should. */
	last?: Readonly<Record<string, unknown>>;
};

/** Stands in for Ollama: slots in order of arrival, NDJSON, errors on demand; records what it saw. */
export class FakeOllama {
	readonly chats: ChatBody[] = [];
	readonly preloads: ChatBody[] = [];
	aborted = 0;
	active = 0;
	/** The most chats that were ever with it at once, waiting or running. */
	mostPresent = 0;
	isLoaded = false;
	/** As a process that is stopped: connections are taken, and questions about models never answered. */
	isSilent = false;
	/** The model is loaded once this resolves. */
	loading: Promise<void> = Promise.resolve();
	script: (body: ChatBody) => Script = () => ({});
	readonly #parallel: number;
	readonly #waiting: (() => void)[] = [];
	readonly #late: ServerResponse[] = [];
	readonly #server = createServer((request, response) => void this.#handle(request, response));

	constructor(parallel = 1) {
		this.#parallel = parallel;
	}

	async listen(port = 0): Promise<string> {
		this.#server.listen(port, '127.0.0.1');
		await once(this.#server, 'listening');
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** Questions about models that were not answered. */
	get lateQuestions(): number {
		return this.#late.length;
	}

	/** Answers them, as a process that goes on. */
	answerLate(): void {
		for (const response of this.#late.splice(0)) {
			respond(response, 200, this.#loaded());
		}
	}

	async close(): Promise<void> {
		const closed = once(this.#server, 'close');
		this.#server.close();
		this.#server.closeAllConnections();
		await closed;
	}

	#loaded() {
		return {models: this.isLoaded ? [{name: 'smollm2:135m'}] : []};
	}

	async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (request.url === '/api/ps') {
			if (this.isSilent) {
				this.#late.push(response);
				return;
			}

			respond(response, 200, this.#loaded());
			return;
		}

		const body = (await json(request)) as ChatBody;
		if (request.url === '/api/generate') {
			this.preloads.push(body);
			await this.loading;
			this.isLoaded = true;
			respond(response, 200, {done: true, done_reason: 'load'});
			return;
		}

		this.chats.push(body);
		await this.#inSlot(response, () => this.#chat(body, response));
	}

	/** Runs in a slot, unless the client goes first. */
	async #inSlot(response: ServerResponse, work: () => Promise<void>): Promise<void> {
		response.on('close', () => {
			this.aborted += response.writableEnded ? 0 : 1;
		});
		this.mostPresent = Math.max(this.mostPresent, this.active + this.#waiting.length + 1);
		if (this.active >= this.#parallel) {
			await new Promise<void>(resolve => this.#waiting.push(resolve));
		}

		this.active += 1;
		if (!response.destroyed) {
			await work();
		}

		this.active -= 1;
		this.#waiting.shift()?.();
	}

	async #chat(body: ChatBody, response: ServerResponse): Promise<void> {
		const {pieces = [`echo ${body.messages.at(-1)!.content}`], pause = 0, end = 'done', ...script} = this.script(body);
		const {status, endless, last} = script;
		if (status !== undefined && endless === undefined) {
			respond(response, status, {error: `status ${status}`});
			return;
		}

		response.writeHead(status ?? 200, {'content-type': 'application/x-ndjson'});
		const gone = once(response, 'close');
		for (const content of pieces) {
			if (pause > 0) {
				await Promise.race([sleep(pause, undefined, {ref: false}), gone]);
			}

			if (response.destroyed) {
				return;
			}

			writeLine(response, {message: {role: 'assistant', content}, done: false});
		}

		while (endless !== undefined && !response.destroyed) {
			if (!response.write(endless)) {
				await Promise.race([once(response, 'drain'), gone]);
			}
		}

		await sleep(end === 'break' ? 30 : 0); // what was written arrives first
		finish(response, end, {...lastLine(pieces.length), ...last});
	}
}

function finish(response: ServerResponse, end: Script['end'], last: unknown): void {
	if (end === 'break') {
		response.destroy();
		return;
	}

	if (end === 'error-line') {
		writeLine(response, {error: 'the runner fell over'});
	} else if (end === 'malformed') {
		response.write('{"message":{"content":"half a li\n');
	}

	if (end === 'done' || end === 'malformed') {
		writeLine(response, last);
	}

	response.end();
}

/** 2 ms in all: 1 waiting, 0.1 load, 0.4 prompt, 0.5 generation. */
function lastLine(tokens: number) {
	return {
		message: {role: 'assistant', content: ''},
		done: true,
		done_reason: 'stop',
		total_duration: 2_000_000,
		load_duration: 100_000,
		prompt_eval_duration: 400_000,
		eval_duration: 500_000,
		prompt_eval_count: 7,
		eval_count: tokens,
	};
}

function writeLine(response: ServerResponse, line: unknown): void {
	response.write(`${JSON.stringify(line)}\n`);
}

function respond(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body));
}
