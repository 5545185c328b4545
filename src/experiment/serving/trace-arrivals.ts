import type {PromptPrefixes} from './prompt-prefixes.ts';
import type {WorkKind} from './work-kind.ts';

/** Arrivals read from a recorded trace, its transform already applied: ascending seconds, tokens as integers. */
export type TraceArrivals = {
	readonly process: 'trace';
	readonly at: readonly number[];
	/** Empty where the requests bring their own work, as are the output's. */
	readonly promptTokens: readonly number[];
	readonly outputTokens: readonly number[];
	/** Work of the requests where the trace has it instead of tokens. */
	readonly work?: {readonly kind: WorkKind /** [s] */; readonly seconds: readonly number[]};
	/** Number of the conversation that a request belongs to, from 0, where the trace has any. */
	readonly conversation?: readonly number[];
	/** Beginnings of the prompts, for an engine's prefix cache, where the trace has any. */
	readonly prefixes?: PromptPrefixes;
	/** The lower comes first, where an engine goes by it. */
	readonly priority?: readonly number[];
};
