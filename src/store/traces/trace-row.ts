import type {PromptPrefix} from '../../experiment/serving/prompt-prefixes.ts';

/**
 * Request of a trace: its time as it stands there, a number in the trace's unit or the seconds since 1970 of a text;
 * tokens, or the work that it brings along [s]; and its conversation, from 0, the beginning of its prompt and its priority, where
 * the trace has any.
 */
export type TraceRow = {
	at: number;
	promptTokens: number;
	outputTokens: number;
	work?: number;
	conversation?: number;
	prefix?: PromptPrefix | undefined;
	priority?: number;
};
