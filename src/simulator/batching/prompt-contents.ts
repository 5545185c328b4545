import type {EngineSettings} from '../../experiment/serving/engine-model.ts';
import {type PromptPrefixes, prefixOf} from '../../experiment/serving/prompt-prefixes.ts';
import {clientNumber, TurnHistory} from '../history.ts';
import type {RequestPool} from '../request-pool.ts';
import type {Run} from '../run.ts';
import type {SharedContent} from './kv-cache.ts';

/** Conversation as its client keeps and sends it. */
type Conversation = {readonly history: TurnHistory; stream: number; dropped: number};

/**
 * Contents of prompts: the turns of a conversation that its client sends again with each request, and the beginning that all
 * prompts of a tenant have in common.
 */
export class PromptContents {
	readonly #requests: RequestPool;
	/** Turns of a conversation that are sent again. */
	readonly #turns: number;
	readonly #sharedBlocks: number;
	readonly #conversations = new Map<number, Conversation>();
	/** Contents of the tenants' prompts. */
	readonly #common: readonly SharedContent[];
	/** Beginnings of the prompts of the trace, where it has any. */
	readonly #prefixes: PromptPrefixes | undefined;
	readonly #blockTokens: number;
	#nextStream: number;

	constructor({requests, experiment: {deployment, workload}}: Run, {blockTokens}: EngineSettings) {
		this.#requests = requests;
		this.#blockTokens = blockTokens;
		const isTrace = workload.loop === 'open' && workload.arrivals.process === 'trace';
		this.#prefixes = isTrace ? workload.arrivals.prefixes : undefined;
		this.#turns = deployment.llm.history;
		this.#sharedBlocks = Math.floor((workload.requests.sharedPromptTokens ?? 0) / blockTokens);
		this.#common = workload.tenants.map((_, tenant) => ({ends: [this.#sharedBlocks], streams: [tenant]}));
		this.#nextStream = workload.tenants.length;
	}

	/** Tokens of a request's prompt, the turns before it included. */
	promptOf(request: number): number {
		const prompt = this.#requests.promptTokens[request]!;
		return this.#turns === 0 ? prompt : prompt + (this.#conversationOf(request)?.history.tokens ?? 0);
	}

	/** Content of a request's prompt; undefined where no other begins with the same. */
	contentOf(request: number): SharedContent | undefined {
		const row = this.#requests.traceRow[request]!;
		if (this.#prefixes !== undefined) {
			return row === -1 ? undefined : this.#traced(this.#prefixes, row);
		}

		const tenant = this.#requests.tenant[request]!;
		const common = this.#sharedBlocks > 0 ? this.#common[tenant] : undefined;
		if (this.#turns === 0) {
			return common;
		}

		const conversation = this.#conversationOf(request) ?? this.#begin(request);
		if (conversation.dropped !== conversation.history.dropped) {
			conversation.dropped = conversation.history.dropped;
			conversation.stream = this.#nextStream++;
		}

		const {ends = [], streams = []} = common ?? {};
		return {ends: [...ends, Number.POSITIVE_INFINITY], streams: [...streams, conversation.stream]};
	}

	/** A request is done: its turn is part of its conversation. */
	remember(request: number): void {
		if (this.#turns > 0) {
			const {promptTokens, outputTokens} = this.#requests;
			const {history} = this.#conversationOf(request) ?? this.#begin(request);
			// The prompt holds the turns before; a conversation asks one question at a time.
			const own = Math.max(1, promptTokens[request]! - history.tokens);
			history.add(own + outputTokens[request]!, this.#turns);
		}
	}

	/** Whole blocks of a beginning that the trace gives: a block is of the stretch that its last token is in. */
	#traced(prefixes: PromptPrefixes, row: number): SharedContent | undefined {
		const {ends, streams} = prefixOf(prefixes, row);
		return ends.length === 0 ? undefined : {ends: ends.map(end => Math.floor(end / this.#blockTokens)), streams};
	}

	#begin(request: number): Conversation {
		const conversation = {history: new TurnHistory(), stream: this.#nextStream++, dropped: 0};
		this.#conversations.set(this.#clientOf(request), conversation);
		return conversation;
	}

	#conversationOf(request: number): Conversation | undefined {
		return this.#conversations.get(this.#clientOf(request));
	}

	#clientOf(request: number): number {
		return clientNumber(this.#requests.tenant[request]!, this.#requests.conversation[request]!);
	}
}
