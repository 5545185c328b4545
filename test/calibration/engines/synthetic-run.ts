import {withValues} from '../../../src/calibration/engines/engine-coefficients.ts';
import {RandomStream} from '../../../src/engine/random-stream.ts';
import type {EngineModel} from '../../../src/experiment/serving/engine-model.ts';
import {replayRun} from '../../../src/simulator/batching/replay-run.ts';
import type {SeenRequest} from '../../../src/store/engine-runs/engine-samples.ts';
import {observedRequests} from '../../../src/store/engine-runs/engine-samples.ts';

/** The engine that synthetic runs are of: other coefficients than those of the model that a fit begins with. */
export function trueModel(start: EngineModel): EngineModel {
	const {base, perToken, perKvToken} = start.costs;
	return withValues(
		start,
		['base', 'perToken', 'perKvToken'],
		[base * trueFactors.base, perToken * trueFactors.perToken, perKvToken * trueFactors.perKvToken],
	);
}

export const trueFactors = {base: 1.3, perToken: 0.75, perKvToken: 1.3};

type Load = {
	readonly count: number;
	readonly seed?: number;
	readonly users?: number;
	readonly rateAt?: (share: number) => number;
};

/** A run of the engine as a client sees it: times are off by 1 % and some tenths of a millisecond. */
export function syntheticRun(
	model: EngineModel,
	{count, seed = 1, users, rateAt = share => 0.5 + 11 * share}: Load,
): SeenRequest[] {
	const stream = new RandomStream({seed, replication: 0, purpose: 'synthetic run'});
	let now = 0;
	const planned = Array.from({length: count}, (_, request) => {
		now += request === 0 ? 0 : stream.exponential() / rateAt(request / count);
		const length = (mean: number) => Math.max(2, Math.round(mean * Math.exp(0.7 * stream.normal() - 0.245)));
		return {sent: now, firstToken: 0, lastToken: now, promptTokens: length(700), outputTokens: length(200)};
	});
	const {run} = observedRequests('synthetic', 'synthetic', planned);
	const {sent, firstToken, lastToken} = replayRun(run, model, users === undefined ? {} : {users});
	const off = () => 1 + 0.01 * stream.normal();
	return planned.map((request, index) => {
		const ttft = (firstToken[index]! - sent[index]!) * off() + 0.0003 * stream.exponential();
		const first = sent[index]! + ttft;
		return {
			...request,
			sent: sent[index]!,
			firstToken: first,
			lastToken: first + (lastToken[index]! - firstToken[index]!) * off(),
		};
	});
}

/** Exports of the tools, as they would have written a run. */
export const exportsOf = {
	vllm: (seen: readonly SeenRequest[]) =>
		JSON.stringify({
			...{date: '20260601-120000', backend: 'vllm', model_id: 'm', num_prompts: seen.length, request_rate: 5},
			...{burstiness: 1, max_concurrency: null, duration: Math.max(...seen.map(({lastToken}) => lastToken))},
			...{completed: seen.length, failed: 0, total_input_tokens: 1, total_output_tokens: 1, request_throughput: 1},
			input_lens: seen.map(({promptTokens}) => promptTokens),
			output_lens: seen.map(({outputTokens}) => outputTokens),
			ttfts: seen.map(({sent, firstToken}) => firstToken - sent),
			itls: seen.map(({firstToken, lastToken, outputTokens}) =>
				Array.from({length: outputTokens - 1}, () => (lastToken - firstToken) / (outputTokens - 1)),
			),
			start_times: seen.map(({sent}) => 1000 + sent),
			generated_texts: seen.map(() => ''),
			errors: seen.map(() => ''),
		}),
	guidellm: (seen: readonly SeenRequest[]) =>
		JSON.stringify({
			metadata: {version: 2, guidellm_version: '0.7.3'},
			benchmarks: [
				{
					requests: {
						successful: seen.map(({sent, firstToken, lastToken, promptTokens, outputTokens}) => ({
							...{type_: 'generative_request_stats', request_id: 'r', prompt_tokens: promptTokens},
							...{output_tokens: outputTokens, request_start_time: 1.7e9 + sent, request_end_time: 1.7e9 + lastToken},
							time_to_first_token_ms: 1000 * (firstToken - sent),
							inter_token_latency_ms: (1000 * (lastToken - firstToken)) / (outputTokens - 1),
						})),
						errored: [],
						incomplete: [],
					},
				},
			],
		}),
	inferencePerf: (seen: readonly SeenRequest[]) =>
		JSON.stringify(
			seen.map(({sent, firstToken, lastToken, promptTokens, outputTokens}) => ({
				...{stage_id: 0, scheduled_time: sent, start_time: sent, end_time: lastToken, request_data: '{}', error: null},
				info: {
					request_metrics: {text: {input_tokens: promptTokens}},
					response_metrics: {output_tokens: outputTokens, output_token_times: [firstToken, lastToken]},
					input_tokens: promptTokens,
				},
			})),
		),
	aiperf: (seen: readonly SeenRequest[]) =>
		seen
			.map(({sent, firstToken, lastToken, promptTokens, outputTokens}, index) =>
				JSON.stringify({
					metadata: {
						...{session_num: index, benchmark_phase: 'profiling', was_cancelled: false},
						request_start_ns: Math.round(1e9 * (1000 + sent)),
						request_end_ns: Math.round(1e9 * (1000 + lastToken)),
					},
					metrics: {
						input_sequence_length: {value: promptTokens, unit: 'tokens'},
						output_sequence_length: {value: outputTokens, unit: 'tokens'},
						time_to_first_token: {value: 1000 * (firstToken - sent), unit: 'ms'},
						request_latency: {value: 1000 * (lastToken - sent), unit: 'ms'},
					},
					error: null,
				}),
			)
			.join('\n'),
	k6: (seen: readonly SeenRequest[]) =>
		seen
			.toSorted((one, other) => one.lastToken - other.lastToken)
			.flatMap(({sent, firstToken, lastToken, promptTokens, outputTokens}) => {
				const time = new Date(1.7e12 + 1000 * lastToken).toISOString();
				const point = (metric: string, value: number) =>
					JSON.stringify({type: 'Point', metric, data: {time, value, tags: {status: '200', method: 'POST'}}});
				return [
					point('http_req_duration', 1000 * (lastToken - sent)),
					point('time_to_first_token', 1000 * (firstToken - sent)),
					point('prompt_tokens', promptTokens),
					point('completion_tokens', outputTokens),
				];
			})
			.join('\n'),
};
