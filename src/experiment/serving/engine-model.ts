import * as z from 'zod';
import {coefficient, modelHead, Status} from '../coefficient.ts';
import {type Variation, VariationSchema} from '../conditions/spread.ts';
import {choice, number, Text, whole} from '../leaves.ts';

/** Settings of a batching engine, by vLLM's names. */
export type EngineSettings = {
	/** Requests in a batch at most. */
	readonly maxNumSeqs: number;
	/** Tokens in a step at most. */
	readonly maxNumBatchedTokens: number;
	/** Prompt and answer of a request at most [tokens]. */
	readonly maxModelLen: number;
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

/**
 * Coefficients of the time of a step of an engine's batch. Each GPU of a tensor-parallel group does its part of a step, and
 * all wait for each other.
 */
export type StepCosts = {
	/** Reading of the weights, launches, host [s per step]. */
	readonly base: number;
	/** Layers and embedding, by tokens in the step [s per token]. */
	readonly perToken: number;
	/** Measured times of the layers by tokens in the step, on top; straight lines between them [s]. */
	readonly measured?: {readonly tokens: readonly number[]; readonly seconds: readonly number[]};
	/** Output head and sampler, by sequences that get a token [s per sequence]. */
	readonly perSequence: number;
	/** Attention of decoding, by tokens of context that are read [s per token]. */
	readonly perKvToken: number;
	/** Added for steps that contain prefill [s per token of context that is read]. */
	readonly perKvTokenWithPrefill: number;
	/** Added for steps that contain prefill [s per sequence that decodes]. */
	readonly perSequenceWithPrefill: number;
	/** Attention of prefill, by pairs of a new token and a token that it looks at [s per pair]. */
	readonly perAttentionPair: number;
	/** All-reduces of tensor parallelism [s per step], [s per token]; 0 without. */
	readonly allReduce: {readonly perStep: number; readonly perToken: number};
};

/** An LLM engine that serves requests by iterations over a batch, on the GPUs of its pod. */
export type EngineModel = {
	readonly kind: 'engine';
	readonly name: string;
	readonly status: 'uncalibrated' | 'calibrated';
	readonly engine: EngineSettings;
	readonly costs: StepCosts;
	/** From a client's sending to the engine: HTTP, tokens of the prompt [s]. */
	readonly requestDelay: number;
	/** CPU use of a pod [cores]. */
	readonly cpu: {readonly idle: number; readonly busy: number};
	/** Working set of a pod [bytes]. */
	readonly memory: number;
	/** Power of one of the pod's GPUs [W]; left out where nobody measured it. */
	readonly gpuPower?: {readonly idle: number; readonly busy: number};
	/** Left out where nothing is known of it. */
	readonly variation?: Variation;
};

const Seconds = number({min: 0, max: 100});

const settings = {
	maxNumSeqs: whole({min: 1, max: 65_536}).describe('Requests in a batch at most (--max-num-seqs)'),
	maxNumBatchedTokens: whole({min: 1, max: 10_000_000}).describe('Tokens in a step at most (--max-num-batched-tokens)'),
	maxModelLen: whole({min: 1, max: 10_000_000}).describe('Prompt and answer at most (--max-model-len) [tokens]'),
	blockTokens: whole({min: 1, max: 1024}).describe('Tokens of a KV block (--block-size)'),
	kvBlocks: whole({min: 1, max: 10_000_000}).describe('KV blocks in the memory of the GPUs (num_gpu_blocks)'),
	chunkedPrefill: z.boolean().describe('Prompts are computed in parts where they do not fit into a step'),
	prefixCaching: z.boolean().describe('Blocks of an earlier prompt that begins with the same are used again'),
	asyncScheduling: z.boolean().describe('A step is planned while the one before it runs (--async-scheduling)'),
	reservePrompt: z.boolean().describe('A request is admitted only when its whole prompt fits into the free blocks'),
	policy: choice('fcfs', 'priority').describe('Who comes first (--scheduling-policy): as they came, or by priority'),
};

/** Settings of an experiment's engine, in the place of the model file's. */
export const EngineSettingsSchema = z.strictObject({
	maxNumSeqs: settings.maxNumSeqs.exactOptional(),
	maxNumBatchedTokens: settings.maxNumBatchedTokens.exactOptional(),
	maxModelLen: settings.maxModelLen.exactOptional(),
	kvBlocks: settings.kvBlocks.exactOptional(),
	chunkedPrefill: settings.chunkedPrefill.exactOptional(),
	prefixCaching: settings.prefixCaching.exactOptional(),
	asyncScheduling: settings.asyncScheduling.exactOptional(),
	reservePrompt: settings.reservePrompt.exactOptional(),
	policy: settings.policy.exactOptional(),
});

const Measured = z.strictObject({
	tokens: z
		.array(whole({min: 1, max: 10_000_000}))
		.min(2)
		.describe('Tokens in the step, ascending'),
	seconds: z.array(Seconds).min(2).describe('Time of all layers and the embedding [s]'),
	source: Text.describe('Measurement that they come from'),
});

/** An engine model file: how an engine such as vLLM serves a model on a GPU. */
export const EngineModelFile = z
	.strictObject({
		...modelHead('EngineModel'),
		status: Status,
		serves: z.strictObject({
			model: Text.describe('Model, such as meta-llama/Llama-3.1-8B'),
			gpu: Text.describe('GPU, such as NVIDIA GeForce RTX 4090'),
			tensorParallel: whole({min: 1, max: 1024}).default(1).describe('GPUs that share each step'),
		}),
		engine: z.strictObject({
			...settings,
			blockTokens: settings.blockTokens.default(16),
			chunkedPrefill: settings.chunkedPrefill.default(true),
			prefixCaching: settings.prefixCaching.default(true),
			asyncScheduling: settings.asyncScheduling.default(true),
			reservePrompt: settings.reservePrompt.default(true),
			policy: settings.policy.default('fcfs'),
		}),
		step: z.strictObject({
			base: coefficient(Seconds, 's', 'Time of a step whatever is in it: reading of the weights, launches, host'),
			perToken: coefficient(Seconds, 's', 'Layers, for each token in the step'),
			measured: Measured.describe(
				'Measured times of the layers by tokens in the step, on top of the two',
			).exactOptional(),
			perSequence: coefficient(Seconds, 's', 'Output head and sampler, for each sequence that gets a token'),
			perKvToken: coefficient(Seconds, 's', 'Attention of decoding, for each token of context that is read'),
			perKvTokenWithPrefill: coefficient(Seconds, 's', 'The same on top, in steps that contain prefill'),
			perSequenceWithPrefill: coefficient(
				Seconds,
				's',
				'For each sequence that decodes in a step that contains prefill',
			),
			perAttentionPair: coefficient(
				Seconds,
				's',
				'Attention of prefill, for each pair of a new token and one that it looks at',
			),
			allReduce: z
				.strictObject({
					perStep: coefficient(Seconds, 's', 'Latency of all all-reduces of a step'),
					perToken: coefficient(Seconds, 's', 'Transfer of all all-reduces, for each token in the step'),
				})
				.describe('All-reduces of tensor parallelism; none when left out')
				.exactOptional(),
		}),
		requestDelay: coefficient(Seconds, 's', 'From a client’s sending to the engine: HTTP, tokens of the prompt'),
		cpu: z.strictObject({
			idle: coefficient(number({min: 0, max: 1000}), 'cores', 'CPU use of a pod that serves nothing'),
			busy: coefficient(number({min: 0, max: 1000}), 'cores', 'CPU use of a pod while steps run'),
		}),
		memory: coefficient(number({min: 0, max: 1e15}), 'bytes', 'Working set of a pod'),
		gpuPower: z
			.strictObject({
				idle: coefficient(number({min: 0, max: 1e5}), 'W', 'Power of a GPU that holds the model and runs no step'),
				busy: coefficient(number({min: 0, max: 1e5}), 'W', 'Power of a GPU while steps run'),
			})
			.describe('Power of each GPU; no energy of GPUs is reckoned when left out')
			.exactOptional(),
		variation: VariationSchema.exactOptional(),
	})
	.superRefine((file, context) => {
		const fault = engineFault(file.engine) ?? stepFault(file.step);
		if (fault !== undefined) {
			context.addIssue({code: 'custom', path: [...fault.path], input: fault.got, message: fault.rule});
		}
	})
	.describe('Time of an engine’s steps over a batch, and its settings');

type Fault = {readonly path: readonly (string | number)[]; readonly rule: string; readonly got: unknown};

/** Rule that settings break: the engine itself would refuse to start with them. */
export function engineFault(engine: EngineSettings, place = ['engine']): Fault | undefined {
	const {maxNumSeqs, maxNumBatchedTokens, maxModelLen, blockTokens, kvBlocks, chunkedPrefill} = engine;
	const tokens = [...place, 'maxNumBatchedTokens'];
	if (maxNumBatchedTokens < maxNumSeqs) {
		const rule = `at least maxNumSeqs, ${maxNumSeqs}, so that each sequence of a batch gets its token`;
		return {path: tokens, rule, got: maxNumBatchedTokens};
	}

	if (maxNumBatchedTokens < blockTokens) {
		return {path: tokens, rule: `at least a block of ${blockTokens} tokens`, got: maxNumBatchedTokens};
	}

	if (!chunkedPrefill && maxNumBatchedTokens < maxModelLen) {
		const rule = `at least maxModelLen, ${maxModelLen}, as chunkedPrefill is false and a prompt is one chunk`;
		return {path: tokens, rule, got: maxNumBatchedTokens};
	}

	if (kvBlocks * blockTokens < maxModelLen) {
		const blocks = Math.ceil(maxModelLen / blockTokens);
		const rule = `at least ${blocks}, so that the KV cache holds one request of maxModelLen, ${maxModelLen} tokens`;
		return {path: [...place, 'kvBlocks'], rule, got: kvBlocks};
	}

	return undefined;
}

type Step = z.output<typeof EngineModelFile>['step'];

function stepFault({base, perToken, perSequence, measured, allReduce}: Step): Fault | undefined {
	if (measured !== undefined) {
		const {tokens, seconds} = measured;
		if (tokens.length !== seconds.length) {
			const rule = `as many as tokens, ${tokens.length}`;
			return {path: ['step', 'measured', 'seconds'], rule, got: `${seconds.length}`};
		}

		const late = tokens.findIndex((count, index) => index > 0 && count <= tokens[index - 1]!);
		if (late !== -1) {
			return {path: ['step', 'measured', 'tokens', late], rule: `above ${tokens[late - 1]}`, got: tokens[late]};
		}
	}

	const shortest = base + perToken + perSequence + (allReduce?.perStep ?? 0) + Math.min(...(measured?.seconds ?? [0]));
	return shortest > 0 ? undefined : {path: ['step', 'base'], rule: 'above 0, as a step would take no time', got: base};
}

/** The engine model that a parsed file holds. */
export function engineModelOf(file: z.output<typeof EngineModelFile>): EngineModel {
	const {name, status, engine, step, requestDelay, cpu, memory, gpuPower, variation} = file;
	const {allReduce = {perStep: 0, perToken: 0}, measured, ...rest} = step;
	const costs = {
		...rest,
		allReduce,
		...(measured !== undefined && {measured: {tokens: measured.tokens, seconds: measured.seconds}}),
	};
	return {
		...{kind: 'engine', name, status, engine, costs, requestDelay, cpu, memory},
		...(gpuPower !== undefined && {gpuPower}),
		...(variation !== undefined && {variation}),
	};
}
