import * as z from 'zod';
import type {EngineObservation} from '../../records/engine-observation.ts';
import {observedMeans, runFault} from './engine-samples.ts';
import {checked, hasKeys} from './json-clients.ts';

/** Counters of vLLM's metrics, summed over the series of a name. */
type Counters = ReadonlyMap<string, number>;

const names = {
	ttft: 'vllm:time_to_first_token_seconds',
	// Older releases have the second name, some both.
	gap: ['vllm:inter_token_latency_seconds', 'vllm:time_per_output_token_seconds'],
	latency: 'vllm:e2e_request_latency_seconds',
	queue: 'vllm:request_queue_time_seconds',
	prompt: 'vllm:request_prompt_tokens',
	output: 'vllm:request_generation_tokens',
	step: 'vllm:iteration_tokens_total',
} as const;

/**
 * vLLM's `/metrics` as one scrape shows it: all since the server began.
 *
 * @see vllm v0.19 vllm/v1/metrics/loggers.py, docs/usage/metrics.md
 */
export function readVllmExposition(path: string, text: string): EngineObservation[] | undefined {
	if (!/^vllm:/m.test(text)) {
		return undefined;
	}

	const counters = new Map<string, number>();
	for (const line of text.split('\n')) {
		const match = /^(vllm:\w+)(?:\{.*\})?\s+(\S+)/.exec(line);
		if (match !== null) {
			counters.set(match[1]!, (counters.get(match[1]!) ?? 0) + Number(match[2]));
		}
	}

	return [meansOf(path, counters)];
}

const Range = z.object({
	data: z.object({
		result: z.array(
			z.object({
				metric: z.record(z.string(), z.string()),
				values: z.array(z.tuple([z.number(), z.string()])),
			}),
		),
	}),
});

/** Windows that a range is divided into, so that loads of different height show. */
const mostWindows = 12;

/**
 * vLLM's histograms from Prometheus: the answer of `/api/v1/query_range` to `{__name__=~"vllm:.+_(sum|count)"}`.
 *
 * @see prometheus v3 docs/querying/api.md, range queries
 */
export function readVllmRange(path: string, parsed: unknown): EngineObservation[] | undefined {
	if (!hasKeys(parsed, ['data']) || !hasKeys(parsed['data'], ['resultType', 'result'])) {
		return undefined;
	}

	const {result} = checked(path, Range, parsed).data;
	const times = [...new Set(result.flatMap(({values}) => values.map(([at]) => at)))].sort((a, b) => a - b);
	if (times.length < 2) {
		throw runFault(path, 'values at two times at least', String(times.length));
	}

	const windows = Math.min(mostWindows, times.length - 1);
	const edges = Array.from(
		{length: windows + 1},
		(_, window) => times[Math.round((window * (times.length - 1)) / windows)]!,
	);
	const at = edges.map(edge => countersAt(result, edge));
	const observations: EngineObservation[] = [];
	for (let window = 0; window < windows; window++) {
		const grown = new Map([...at[window + 1]!].map(([name, value]) => [name, value - (at[window]!.get(name) ?? 0)]));
		if (
			(grown.get(`${names.latency}_count`) ?? 0) >= fewestRequests &&
			[...grown.values()].every(value => value >= 0)
		) {
			observations.push(meansOf(`${path}#${window + 1}`, grown, edges[window + 1]! - edges[window]!));
		}
	}

	if (observations.length === 0) {
		throw runFault(path, `a stretch with ${fewestRequests} answers and no restart of the server`, 'none');
	}

	return observations;
}

const fewestRequests = 10;

function countersAt(result: z.output<typeof Range>['data']['result'], edge: number): Counters {
	const counters = new Map<string, number>();
	for (const {metric, values} of result) {
		const name = metric['__name__'] ?? '';
		const value = values.findLast(([at]) => at <= edge)?.[1];
		counters.set(name, (counters.get(name) ?? 0) + Number(value ?? 0));
	}

	return counters;
}

/** @param seconds - length of the stretch, where it is known */
function meansOf(path: string, counters: Counters, seconds?: number): EngineObservation {
	const count = (name: string) => counters.get(`${name}_count`) ?? 0;
	const mean = (name: string) => (counters.get(`${name}_sum`) ?? 0) / (count(name) || Number.NaN);
	const gap = names.gap.find(name => count(name) > 0) ?? names.gap[0];
	const lacking = [names.ttft, gap, names.latency, names.prompt, names.output].find(name => !(count(name) > 0));
	if (lacking !== undefined) {
		throw runFault(path, `${lacking}_sum and _count with answers`, 'none');
	}

	const queue = count(names.queue) > 0 ? mean(names.queue) : 0;
	// A step gives each running sequence a token, and one token of each answer by the prompt's last step.
	const inBatch = (count(gap) + count(names.ttft)) / (count(names.step) || Number.NaN);
	const users = seconds === undefined ? inBatch : (count(names.latency) / seconds) * (mean(names.latency) - queue);
	if (Number.isNaN(users)) {
		throw runFault(path, `${names.step}_count, which tells how many requests a batch had`, 'none');
	}

	// Requests that wait are left out on both sides: a closed loop of those in the batch has no queue.
	return observedMeans(path, 'vLLM metrics', {
		figures: {ttft: mean(names.ttft) - queue, tpot: mean(gap)},
		requests: count(names.latency),
		promptTokens: mean(names.prompt),
		outputTokens: mean(names.output),
		users,
	});
}
