import {Agent, type ClientRequest, type IncomingMessage, request} from 'node:http';
import {createInterface} from 'node:readline';
import type {Outcome} from '../../records/record.ts';
import {unixNow} from '../observe/clock.ts';
import type {ChatReplyNotes} from '../observe/entry.ts';
import {longestMs} from './sleep-until.ts';

type Chat = {
	readonly tenant: string;
	readonly conversation: string;
	readonly prompt: string;
	readonly maxTokens: number;
};

/** End of a chat, as its client saw it; times in seconds since 1970. */
type ChatEnd = {
	readonly outcome: Outcome;
	readonly at: number;
	readonly firstToken?: number;
	readonly status?: number;
	readonly error?: string;
	readonly reply?: ChatReplyNotes;
};

export type Address = {readonly host: string; readonly port: number};

/** Sends chats to one address and to no other. */
export class ChatClient {
	readonly #address: Address;
	/** One connection a client of a keep-alive workload. */
	readonly #agents = new Map<string, Agent>();

	constructor(address: Address) {
		this.#address = address;
	}

	/**
	 * @param options - `deadline`: when to give up [s since 1970]; `client`: whose connection to use, a new one when left
	 * out; `signal`: ends the run, and the chat with it as one in flight
	 */
	async send(chat: Chat, {deadline, client, signal}: SendOptions): Promise<ChatEnd> {
		const giveUp = AbortSignal.timeout(Math.min(longestMs, Math.max(0, Math.round((deadline - unixNow()) * 1000))));
		const progress: Progress = {};
		try {
			const response = await this.#open(chat, client, AbortSignal.any([giveUp, signal]));
			progress.status = response.statusCode ?? 0;
			const reply = await readReply(response, progress);
			return {outcome: 'completed', at: unixNow(), ...progress, reply};
		} catch (error) {
			const outcome = signal.aborted ? 'inFlight' : giveUp.aborted ? 'timedOut' : 'failed';
			return {outcome, at: unixNow(), ...progress, ...(outcome === 'failed' && {error: wordsOf(error)})};
		}
	}

	close(): void {
		for (const agent of this.#agents.values()) {
			agent.destroy();
		}
	}

	async #open(chat: Chat, client: string | undefined, signal: AbortSignal): Promise<IncomingMessage> {
		const body = JSON.stringify({...chat, stream: true});
		return new Promise((resolve, reject) => {
			const outgoing: ClientRequest = request({
				...this.#address,
				method: 'POST',
				path: '/v1/chat',
				agent: client === undefined ? false : this.#agentOf(client),
				headers: {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)},
				signal,
			});
			outgoing.on('response', resolve);
			outgoing.on('error', reject);
			outgoing.setNoDelay(true);
			outgoing.end(body);
		});
	}

	#agentOf(client: string): Agent {
		const agent = this.#agents.get(client) ?? new Agent({keepAlive: true, maxSockets: 1});
		this.#agents.set(client, agent);
		return agent;
	}
}

type SendOptions = {readonly deadline: number; readonly client?: string | undefined; readonly signal: AbortSignal};
type Progress = {status?: number; firstToken?: number};
type Line = {text?: string; done?: boolean; error?: string} & Partial<ChatReplyNotes>;

async function readReply(response: IncomingMessage, progress: Progress): Promise<ChatReplyNotes> {
	let last: Line = {};
	// Leaving the loop early would leave the response open, so errors of it are thrown here.
	const failed = new Promise<never>((_, reject) => response.once('error', reject));
	const lines = createInterface({input: response})[Symbol.asyncIterator]();
	for (;;) {
		const {done, value} = await Promise.race([lines.next(), failed]);
		if (done) {
			break;
		}

		last = JSON.parse(value) as Line;
		if (last.text !== undefined && last.done !== true) {
			progress.firstToken ??= unixNow();
		}
	}

	const {pod, historyTurns, doneReason, timings, promptTokens, outputTokens} = last;
	if (last.done !== true || pod === undefined || timings === undefined) {
		throw new Error(last.error ?? 'the reply broke off');
	}

	return {
		pod,
		historyTurns: historyTurns ?? 0,
		...(promptTokens !== undefined && {promptTokens}),
		...(outputTokens !== undefined && {outputTokens}),
		doneReason: doneReason ?? '',
		timings,
	};
}

function wordsOf(error: unknown): string {
	const {code, message} = error as NodeJS.ErrnoException;
	return (code ?? message ?? String(error)).slice(0, 200);
}
