import type {SharedContent} from './kv-cache.ts';

/** Settings of a batching engine, by vLLM's names. */
export type EngineSettings = {
	/** Requests in a batch at most. */
	readonly maxNumSeqs: number;
	/** Tokens in a step at most. */
	readonly maxNumBatchedTokens: number;
	/** Tokens of a KV block. */
	readonly blockTokens: number;
	readonly kvBlocks: number;
	/** Prompts are computed in parts where they do not fit into a step. */
	readonly chunkedPrefill: boolean;
	readonly prefixCaching: boolean;
	/** A step is planned while the one before it runs. */
	readonly asyncScheduling: boolean;
	/** A request is admitted only when its whole prompt fits into the free blocks. */
	readonly reservePrompt: boolean;
	readonly policy: 'fcfs' | 'priority';
};

/** Called as an engine's requests get on; times in seconds, of a token the end of its step. */
export type EngineListener = {
	readonly started: (tag: number, at: number) => void;
	readonly firstToken: (tag: number, at: number) => void;
	readonly finished: (tag: number, at: number) => void;
};

/** A request that an engine takes in. */
export type EngineRequest = {
	readonly tag: number;
	/** [tokens] */
	readonly prompt: number;
	/** [tokens] */
	readonly output: number;
	readonly priority?: number;
	/** Left out where no other request begins with the same. */
	readonly content?: SharedContent | undefined;
};
