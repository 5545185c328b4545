import * as z from 'zod';
import type {EngineObservation} from '../../records/engine-observation.ts';
import {csvRowsOf} from '../recordings/read-table.ts';
import {observedMeans, observedRequests, runFault, type SeenRequest} from './engine-samples.ts';
import {checked, hasKeys} from './json-clients.ts';

/** Mean tokens of prompts and answers, which tools for any HTTP service do not count. */
export type GivenTokens = {readonly prompt: number; readonly output: number};

const Value = z.object({value: z.union([z.number(), z.array(z.number())])});

const AiPerfRecord = z.object({
	metadata: z.object({request_start_ns: z.number(), request_end_ns: z.number()}),
	metrics: z.object({
		input_sequence_length: Value.optional(),
		output_sequence_length: Value.optional(),
		time_to_first_token: Value.optional(),
		request_latency: Value.optional(),
	}),
	error: z.unknown().optional(),
});

/** AIPerf's `profile_export.jsonl`. @see aiperf docs/tutorials/working-with-profile-exports.md */
export function readAiPerfRecords(path: string, lines: readonly unknown[]): EngineObservation[] | undefined {
	if (!hasKeys(lines[0], ['metadata', 'metrics'])) {
		return undefined;
	}

	const seen = lines.flatMap((line, index): SeenRequest[] => {
		if (hasKeys(line, ['error']) && line['error'] !== null) {
			return [];
		}

		const {metadata, metrics} = checked(path, AiPerfRecord, line, index + 1);
		const number = (entry: z.output<typeof Value> | undefined) =>
			typeof entry?.value === 'number' ? entry.value : Number.NaN;
		const sent = metadata.request_start_ns / 1e9;
		return [
			{
				sent,
				firstToken: sent + number(metrics.time_to_first_token) / 1000,
				lastToken: sent + number(metrics.request_latency) / 1000,
				promptTokens: number(metrics.input_sequence_length),
				outputTokens: number(metrics.output_sequence_length),
			},
		];
	});
	return [observedRequests(path, 'AIPerf', seen)];
}

const K6Point = z.object({
	type: z.string(),
	metric: z.string(),
	data: z.object({
		time: z.string().optional(),
		value: z.number().optional(),
		tags: z.record(z.string(), z.unknown()).nullish(),
	}),
});

/**
 * k6's `--out json`: each request's end and duration. A script that streams can add `time_to_first_token` (ms), and
 * `prompt_tokens` and `completion_tokens` as metrics of its own, a point of each a request.
 *
 * @see k6 v2.3 results-output/real-time/json
 */
export function readK6Points(
	path: string,
	lines: readonly unknown[],
	tokens: GivenTokens | undefined,
): EngineObservation[] | undefined {
	if (!hasKeys(lines[0], ['type', 'metric', 'data'])) {
		return undefined;
	}

	const points = lines
		.map((line, index) => checked(path, K6Point, line, index + 1))
		.filter(({type}) => type === 'Point');
	const of = (name: string) => points.filter(({metric}) => metric === name);
	const answered = of('http_req_duration').filter(({data}) => !/^[45]/.test(String(data.tags?.['status'] ?? '200')));
	const own = {prompt: of('prompt_tokens'), output: of('completion_tokens'), ttft: of('time_to_first_token')};
	const areCounted = own.prompt.length === answered.length && own.output.length === answered.length;
	if (!areCounted && tokens === undefined) {
		throw runFault(path, '--tokens PROMPT/ANSWER with it, as k6 counts no tokens', 'none');
	}

	const hasFirst = own.ttft.length === answered.length;
	const seen = answered.map(({data}, index): SeenRequest => {
		// k6 stamps a point when the request ends.
		const end = Date.parse(data.time ?? '') / 1000;
		const sent = end - (data.value ?? Number.NaN) / 1000;
		return {
			sent,
			firstToken: hasFirst ? sent + own.ttft[index]!.data.value! / 1000 : Number.NaN,
			lastToken: end,
			promptTokens: areCounted ? own.prompt[index]!.data.value! : tokens!.prompt,
			outputTokens: areCounted ? own.output[index]!.data.value! : tokens!.output,
		};
	});
	const assumed = areCounted ? [] : ['k6 counts no tokens: each request is taken to have those of --tokens.'];
	return [observedRequests(path, 'k6', seen, assumed)];
}

const K6Trend = z.object({avg: z.number().optional(), values: z.object({avg: z.number()}).optional()});
const K6Count = z.object({
	count: z.number().optional(),
	rate: z.number().optional(),
	values: z.object({count: z.number(), rate: z.number()}).optional(),
});
const K6Summary = z.object({metrics: z.object({http_req_duration: K6Trend, http_reqs: K6Count})});

/** k6's `--summary-export` and the data of `handleSummary`. @see k6 v2.3 results-output/end-of-test/custom-summary */
export function readK6Summary(
	path: string,
	parsed: unknown,
	tokens: GivenTokens | undefined,
): EngineObservation[] | undefined {
	if (!hasKeys(parsed, ['metrics']) || !hasKeys(parsed['metrics'], ['http_req_duration'])) {
		return undefined;
	}

	const {http_req_duration: duration, http_reqs: count} = checked(path, K6Summary, parsed).metrics;
	const latency = (duration.values?.avg ?? duration.avg ?? Number.NaN) / 1000;
	const {rate = 0, count: requests = 0} = count.values ?? count;
	return [plainMeans(path, 'k6', {latency, rate, requests}, tokens)];
}

/** locust's `_stats.csv` or `_stats_history.csv`, a run each step of users. @see locust v2.46 locust/stats.py (StatsCSV) */
export function readLocust(
	path: string,
	text: string,
	tokens: GivenTokens | undefined,
): EngineObservation[] | undefined {
	const isHistory = text.startsWith('Timestamp,User Count,');
	if (!isHistory && !text.startsWith('Type,Name,Request Count,')) {
		return undefined;
	}

	const [head, ...rows] = csvRowsOf(path, text);
	const names = head!.cells;
	const cell = (cells: readonly string[], name: string) => cells[names.indexOf(name)] ?? '';
	const totals = rows.filter(({cells}) => cell(cells, 'Name') === 'Aggregated');
	const last = totals.at(-1);
	if (last === undefined) {
		throw runFault(path, 'a row named Aggregated', 'none');
	}

	const number = (name: string) => Number(cell(last.cells, name) || Number.NaN);
	const latency = number(isHistory ? 'Total Average Response Time' : 'Average Response Time') / 1000;
	const requests = number(isHistory ? 'Total Request Count' : 'Request Count');
	const since = isHistory ? number('Timestamp') - Number(cell(totals[0]!.cells, 'Timestamp')) : 0;
	const rate = isHistory ? requests / since : number('Requests/s');
	return [plainMeans(path, 'locust', {latency, rate, requests}, tokens)];
}

type PlainMeans = {readonly latency: number; readonly rate: number; readonly requests: number};

function plainMeans(
	path: string,
	tool: string,
	{latency, rate, requests}: PlainMeans,
	tokens: GivenTokens | undefined,
): EngineObservation {
	if (tokens === undefined) {
		throw runFault(path, `--tokens PROMPT/ANSWER with it, as ${tool} counts no tokens`, 'none');
	}

	const lengths = {promptTokens: tokens.prompt, outputTokens: tokens.output};
	return observedMeans(path, tool, {figures: {latency}, requests, ...lengths, users: rate * latency});
}
