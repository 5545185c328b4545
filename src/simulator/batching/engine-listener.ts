import type {SharedContent} from './kv-cache.ts';

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
