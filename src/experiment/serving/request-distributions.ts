import type {Distribution} from '../distribution-schema.ts';
import type {WorkKind} from './work-kind.ts';

/** Distributions of what each request brings along. One that brings its own work has no tokens, whatever their distributions. */
export type RequestDistributions = {
	readonly promptTokens: Distribution;
	readonly outputTokens: Distribution;
	/** Tokens that all prompts of a tenant begin with; left out: none. */
	readonly sharedPromptTokens?: number;
} & {readonly [Kind in WorkKind]?: Distribution};
