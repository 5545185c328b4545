import * as z from 'zod';
import type {EngineObservation} from '../../records/engine-observation.ts';
import {observedMeans, observedRequests, runFault, type SeenRequest} from './engine-samples.ts';

/** Reads a run from a tool's JSON; undefined where it is of another form. */
export type JsonReader = (path: string, parsed: unknown) => EngineObservation[] | undefined;

const Numbers = z.array(z.number());
const Mean = z.number().nullish();

const Vllm = z.object({
	request_rate: z.union([z.number(), z.string()]).nullish(),
	max_concurrency: z.number().nullish(),
	duration: z.number(),
	completed: z.number(),
	total_input_tokens: z.number(),
	total_output_tokens: z.number(),
	mean_ttft_ms: Mean,
	mean_tpot_ms: Mean,
	mean_e2el_ms: Mean,
	input_lens: Numbers.optional(),
	output_lens: Numbers.optional(),
	ttfts: Numbers.optional(),
	itls: z.array(Numbers).optional(),
	start_times: Numbers.optional(),
	errors: z.array(z.string().nullable()).optional(),
});

/** `vllm bench serve --save-result`, with `--save-detailed` each request. @see vllm v0.19 vllm/benchmarks/serve.py */
export const readVllmBench: JsonReader = (path, parsed) => {
	if (!hasKeys(parsed, ['completed', 'total_input_tokens', 'total_output_tokens', 'duration'])) {
		return undefined;
	}

	const tool = 'vllm bench serve';
	const read = checked(path, Vllm, parsed);
	const {ttfts, itls, input_lens: prompts, output_lens: outputs, start_times: starts} = read;
	if (ttfts === undefined || itls === undefined || prompts === undefined || outputs === undefined) {
		return [vllmMeans(path, tool, read)];
	}

	const counts = [itls, prompts, outputs, starts ?? ttfts].map(({length}) => length);
	if (counts.some(length => length !== ttfts.length)) {
		throw runFault(path, `lists of ${ttfts.length} requests, as in ttfts`, counts.join(', '));
	}

	const sends = starts ?? sendsOf(path, read, ttfts, itls);
	const seen = ttfts.flatMap((ttft, request): SeenRequest[] => {
		const firstToken = sends[request]! + ttft;
		const lastToken = firstToken + itls[request]!.reduce((sum, gap) => sum + gap, 0);
		const hasFailed = (read.errors?.[request] ?? '') !== '' || !(ttft > 0);
		const lengths = {promptTokens: prompts[request]!, outputTokens: outputs[request]!};
		return hasFailed ? [] : [{sent: sends[request]!, firstToken, lastToken, ...lengths}];
	});
	return [observedRequests(path, tool, seen)];
};

type VllmResult = z.output<typeof Vllm>;

/** Times of sending in a result that does not hold them: known where clients send when they have an answer. */
function sendsOf(
	path: string,
	{max_concurrency: users, request_rate: rate}: VllmResult,
	ttfts: readonly number[],
	itls: readonly (readonly number[])[],
): number[] {
	if (rate !== 'inf') {
		throw runFault(path, 'start_times, as requests came at a rate (a newer vllm writes them)', 'none');
	}

	const free = new Array<number>(users ?? ttfts.length).fill(0);
	return ttfts.map((ttft, request) => {
		const place = free.indexOf(Math.min(...free));
		const at = free[place]!;
		free[place] = at + ttft + itls[request]!.reduce((sum, gap) => sum + gap, 0);
		return at;
	});
}

function vllmMeans(path: string, tool: string, read: VllmResult): EngineObservation {
	const {completed, duration, request_rate: rate, max_concurrency: users} = read;
	const seconds = (value: number | null | undefined) => (value ?? 0) / 1000;
	const load =
		typeof rate === 'number' && (users ?? null) === null ? {rate: completed / duration} : {users: users ?? completed};
	return observedMeans(path, tool, {
		figures: {
			ttft: seconds(read.mean_ttft_ms),
			tpot: seconds(read.mean_tpot_ms),
			latency: seconds(read.mean_e2el_ms),
		},
		requests: completed,
		promptTokens: read.total_input_tokens / completed,
		outputTokens: read.total_output_tokens / completed,
		...load,
	});
}

const Time = z.number().nullish();

const GuideLlm = z.object({
	benchmarks: z.array(
		z.object({
			requests: z.object({
				successful: z.array(
					z.object({
						request_start_time: Time,
						request_end_time: Time,
						time_to_first_token_ms: Time,
						inter_token_latency_ms: Time,
						prompt_tokens: z.number().nullish(),
						output_tokens: z.number().nullish(),
					}),
				),
			}),
		}),
	),
});

/** GuideLLM's `benchmarks.json`. @see guidellm v0.7 src/guidellm/schemas/request_stats.py */
export const readGuideLlm: JsonReader = (path, parsed) => {
	if (!hasKeys(parsed, ['benchmarks'])) {
		return undefined;
	}

	return checked(path, GuideLlm, parsed).benchmarks.map(({requests}, index) => {
		const seen = requests.successful.map((request): SeenRequest => {
			const sent = request.request_start_time ?? Number.NaN;
			const outputTokens = request.output_tokens ?? Number.NaN;
			const firstToken = sent + (request.time_to_first_token_ms ?? Number.NaN) / 1000;
			const gap = (request.inter_token_latency_ms ?? Number.NaN) / 1000;
			const byGaps = firstToken + gap * (outputTokens - 1);
			const lastToken = Number.isNaN(byGaps) ? (request.request_end_time ?? Number.NaN) : byGaps;
			return {sent, firstToken, lastToken, promptTokens: request.prompt_tokens ?? Number.NaN, outputTokens};
		});
		return observedRequests(`${path}#${index + 1}`, 'GuideLLM', seen);
	});
};

const InferencePerfRequest = z.object({
	start_time: z.number(),
	end_time: z.number(),
	error: z.unknown().optional(),
	info: z.object({
		input_tokens: z.number().optional(),
		output_tokens: z.number().optional(),
		output_token_times: Numbers.optional(),
		request_metrics: z.object({text: z.object({input_tokens: z.number()})}).optional(),
		response_metrics: z
			.object({output_tokens: z.number().optional(), output_token_times: Numbers.optional()})
			.nullish(),
	}),
});

/** inference-perf's `per_request_lifecycle_metrics.json`. @see inference-perf v0.6 inference_perf/apis/base.py */
export const readInferencePerf: JsonReader = (path, parsed) => {
	if (!Array.isArray(parsed) || !hasKeys(parsed[0], ['start_time', 'end_time', 'info'])) {
		return undefined;
	}

	const seen = checked(path, z.array(InferencePerfRequest), parsed)
		.filter(({error}) => (error ?? null) === null)
		.map(({start_time: sent, end_time: end, info}): SeenRequest => {
			const {response_metrics: response} = info;
			const tokens = response?.output_token_times ?? info.output_token_times ?? [];
			const outputTokens = response?.output_tokens ?? info.output_tokens ?? tokens.length;
			return {
				...{sent, outputTokens, firstToken: tokens[0] ?? Number.NaN, lastToken: tokens.at(-1) ?? end},
				promptTokens: info.request_metrics?.text.input_tokens ?? info.input_tokens ?? Number.NaN,
			};
		});
	return [observedRequests(path, 'inference-perf', seen)];
};

const Distribution = z.object({mean: z.number()}).nullish();

const InferencePerfSummary = z.object({
	load_summary: z.object({achieved_rate: z.number().nullish(), requested_rate: z.number().nullish()}),
	successes: z.object({
		count: z.number(),
		latency: z.object({
			request_latency: Distribution,
			time_to_first_token: Distribution,
			time_per_output_token: Distribution,
		}),
		throughput: z.object({requests_per_sec: z.number()}),
		prompt_len: Distribution,
		output_len: Distribution,
	}),
});

/** inference-perf's `stage_N_lifecycle_metrics.json` and summary. @see inference-perf v0.6 docs/reports.md */
export const readInferencePerfSummary: JsonReader = (path, parsed) => {
	if (!hasKeys(parsed, ['load_summary', 'successes'])) {
		return undefined;
	}

	const {load_summary: load, successes} = checked(path, InferencePerfSummary, parsed);
	const {latency, throughput, count, prompt_len: prompt, output_len: output} = successes;
	return [
		observedMeans(path, 'inference-perf', {
			figures: {
				ttft: latency.time_to_first_token?.mean ?? 0,
				tpot: latency.time_per_output_token?.mean ?? 0,
				latency: latency.request_latency?.mean ?? 0,
			},
			requests: count,
			promptTokens: prompt?.mean ?? 0,
			outputTokens: output?.mean ?? 0,
			rate: load.achieved_rate ?? load.requested_rate ?? throughput.requests_per_sec,
		}),
	];
};

const Average = z.object({avg: z.number().nullish(), unit: z.string().nullish()});

const AiPerf = z.object({
	request_throughput: Average,
	request_count: Average.optional(),
	request_latency: Average,
	time_to_first_token: Average.nullish(),
	inter_token_latency: Average.nullish(),
	input_sequence_length: Average,
	output_sequence_length: Average,
});

/** AIPerf's `profile_export_aiperf.json` and GenAI-Perf's `profile_export_genai_perf.json`. @see aiperf docs/tutorials/working-with-profile-exports.md */
export const readAiPerf: JsonReader = (path, parsed) => {
	if (!hasKeys(parsed, ['request_latency', 'input_sequence_length', 'output_sequence_length'])) {
		return undefined;
	}

	const read = checked(path, AiPerf, parsed);
	const seconds = (average: z.output<typeof Average> | null | undefined) => {
		const value = average?.avg ?? 0;
		return average?.unit === 's' || average?.unit === 'sec' ? value : value / 1000;
	};
	const latency = seconds(read.request_latency);
	const rate = read.request_throughput.avg ?? 0;
	return [
		observedMeans(path, 'AIPerf', {
			figures: {ttft: seconds(read.time_to_first_token), tpot: seconds(read.inter_token_latency), latency},
			requests: read.request_count?.avg ?? 0,
			promptTokens: read.input_sequence_length.avg ?? 0,
			outputTokens: read.output_sequence_length.avg ?? 0,
			users: rate * latency,
		}),
	];
};

/** Whether a value is an object with some keys. */
export function hasKeys(value: unknown, keys: readonly string[]): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && keys.every(key => Object.hasOwn(value, key));
}

/** A value by its schema. @throws {UserError} with the first fault in one line */
export function checked<S extends z.ZodType>(path: string, schema: S, value: unknown, line = 1): z.output<S> {
	const result = schema.safeParse(value);
	if (result.success) {
		return result.data;
	}

	const [issue] = result.error.issues;
	const key = issue!.path.map(String).join('.') || 'the file';
	const rule = issue!.code === 'invalid_type' ? issue!.expected : 'a value of its kind';
	throw runFault(path, `${key} to be ${rule}`, 'another', line);
}
