import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {type EngineFit, fitEngine} from '../../../src/calibration/engines/fit-engine.ts';
import {calibrateEngine} from '../../../src/library/engines/calibrate-engine.ts';
import {engineFitReport} from '../../../src/report/engine-fit-report.ts';
import type {SeenRequest} from '../../../src/store/engine-runs/engine-samples.ts';
import {readObservations} from '../../../src/store/engine-runs/read-observations.ts';
import {engineModelFolder, readEngineModel} from '../../../src/store/experiments/find-engine-model.ts';
import {exportsOf, syntheticRun, trueFactors, trueModel} from './synthetic-run.ts';

const start = await readEngineModel(join(engineModelFolder(), 'llama-3.1-8b-rtx-pro-6000.yaml'));
const truth = trueModel(start);

function withFile<T>(name: string, text: string, use: (path: string) => Promise<T>): Promise<T> {
	const folder = mkdtempSync(join(tmpdir(), 'engine-fit-'));
	writeFileSync(join(folder, name), text);
	return use(join(folder, name)).finally(() => rmSync(folder, {recursive: true, force: true}));
}

function outside({coefficients}: EngineFit): string[] {
	return coefficients
		.filter(({name, low, high}) => {
			const real = name === 'requestDelay' ? truth.requestDelay : truth.costs[name];
			return !(low <= real && real <= high);
		})
		.map(({name, low, high}) => `${name} ${low} to ${high}`);
}

const seen = syntheticRun(truth, {count: 240});

test('coefficients of an engine are found in what vllm bench serve writes', async t => {
	const fit = await withFile('bench.json', exportsOf.vllm(seen), async path =>
		fitEngine(start, await readObservations(path)),
	);
	t.deepEqual(outside(fit), []);
	for (const name of ['base', 'perToken', 'perKvToken'] as const) {
		const found = fit.coefficients.find(each => each.name === name)!;
		t.true(found.isIdentified, name);
		t.true(Math.abs(found.value / found.start / trueFactors[name] - 1) < 0.15, `${name} ${found.value}`);
	}

	t.true(Math.abs(fit.runs[0]!.tpotError) < 0.01);
});

// A fit to the same requests is the same fit.
for (const [tool, write] of Object.entries(exportsOf)) {
	test(`what ${tool} writes gives the requests of the run`, async t => {
		const [observation] = await withFile(`${tool}.json`, write(seen), readObservations);
		const {requests} = observation!.run;
		t.is(requests.sent.length, seen.length);
		// Times of an export are rounded, so requests that were sent at nearly the same time may have changed places.
		const isOf = (request: SeenRequest, index: number) =>
			requests.promptTokens[index] === request.promptTokens &&
			requests.outputTokens[index] === request.outputTokens &&
			(['sent', 'firstToken', 'lastToken'] as const).every(
				time => Math.abs(requests[time][index]! - request[time]) < 0.002,
			);
		t.deepEqual(
			seen.filter(request => !seen.some((_, index) => isOf(request, index))),
			[],
		);
	});
}

const summaries: Record<string, {readonly text: string; readonly users?: number; readonly tpot?: number}> = {
	'vllm bench serve without detail': {
		text: JSON.stringify({
			...{request_rate: 'inf', max_concurrency: 128, duration: 100, completed: 500, total_input_tokens: 350_000},
			...{total_output_tokens: 100_000, mean_ttft_ms: 300, mean_tpot_ms: 30, mean_itl_ms: 30},
		}),
		users: 128,
		tpot: 0.03,
	},
	'inference-perf by stage': {
		text: JSON.stringify({
			load_summary: {count: 100, requested_rate: 5, achieved_rate: 4.9},
			successes: {
				count: 100,
				latency: {
					request_latency: {mean: 6},
					time_to_first_token: {mean: 0.1},
					time_per_output_token: {mean: 0.02},
				},
				throughput: {requests_per_sec: 4.8},
				prompt_len: {mean: 700},
				output_len: {mean: 250},
			},
			failures: {count: 0},
		}),
		tpot: 0.02,
	},
	'AIPerf as a whole': {
		text: JSON.stringify({
			request_throughput: {unit: 'requests/sec', avg: 4},
			request_count: {unit: 'requests', avg: 200},
			request_latency: {unit: 'ms', avg: 5000},
			time_to_first_token: {unit: 'ms', avg: 90},
			inter_token_latency: {unit: 'ms', avg: 20},
			input_sequence_length: {unit: 'tokens', avg: 700},
			output_sequence_length: {unit: 'tokens', avg: 250},
		}),
		users: 20,
		tpot: 0.02,
	},
	'k6 summary': {
		text: JSON.stringify({metrics: {http_req_duration: {avg: 5000, 'p(95)': 9000}, http_reqs: {count: 200, rate: 4}}}),
		users: 20,
	},
	'locust stats': {
		text: 'Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%\nPOST,/v1,200,0,4900,5000,1,9000,10,4,0,4900\n,Aggregated,200,0,4900,5000,1,9000,10,4,0,4900\n',
		users: 20,
	},
	'locust history': {
		text: 'Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,Total Average Content Size\n1000,1,,Aggregated,0,0,N/A,0,0,0,0,0,0,0\n1050,20,,Aggregated,4,0,4900,200,0,4900,5000,1,9000,10\n',
		users: 20,
	},
	'a scrape of vLLM': {text: exposition(1), users: 24, tpot: 0.02},
	'vLLM from Prometheus': {
		text: JSON.stringify({
			status: 'success',
			data: {
				resultType: 'matrix',
				result: exposition(1)
					.trim()
					.split('\n')
					.map(line => /^(\S+)\{.*\} (\S+)$/.exec(line)!)
					.map(([, name, value]) => ({
						metric: {__name__: name, pod: 'a'},
						values: [
							[1000, '0'],
							[1050, value],
						],
					})),
			},
		}),
		users: 20,
		tpot: 0.02,
	},
};

/** vLLM's counters after 200 requests of 700 and 250 tokens, 5 s each. */
function exposition(pods: number): string {
	const histogram = (name: string, sum: number, count: number) =>
		Array.from(
			{length: pods},
			() => `vllm:${name}_sum{model_name="m"} ${sum}\nvllm:${name}_count{model_name="m"} ${count}\n`,
		).join('');
	return [
		histogram('time_to_first_token_seconds', 20, 200),
		histogram('inter_token_latency_seconds', 996, 49_800),
		histogram('e2e_request_latency_seconds', 1000, 200),
		histogram('request_prompt_tokens', 140_000, 200),
		histogram('request_generation_tokens', 50_000, 200),
		histogram('iteration_tokens_total', 190_000, 2083),
	].join('');
}

for (const [form, {text, users, tpot}] of Object.entries(summaries)) {
	test(`${form} gives the load and the means of a run`, async t => {
		const [observation] = await withFile('summary', text, async path =>
			readObservations(path, {prompt: 700, output: 250}),
		);
		t.is(observation!.users, users);
		t.is(observation!.figures?.tpot && Math.round(observation!.figures.tpot * 1e6) / 1e6, tpot);
		const {promptTokens} = observation!.run.requests;
		t.true(Math.abs(promptTokens.reduce((sum, tokens) => sum + tokens, 0) / promptTokens.length / 700 - 1) < 0.02);
	});
}

test('a run at one load does not tell the base: it stays, with a word', async t => {
	const {text} = summaries['vllm bench serve without detail']!;
	const folder = mkdtempSync(join(tmpdir(), 'engine-fit-'));
	const [path, out] = [join(folder, 'bench.json'), join(folder, 'out.yaml')];
	writeFileSync(path, text);
	try {
		const engineModel = join(engineModelFolder(), 'llama-3.1-8b-rtx-pro-6000.yaml');
		const result = await calibrateEngine([path], {engineModel, out});
		const base = result.coefficients.find(({name}) => name === 'base')!;
		t.false(base.isIdentified);
		t.is(result.model.costs.base, start.costs.base);
		t.is((await readEngineModel(out)).costs.base, start.costs.base);
		t.true(base.low < 0.6 * base.start && base.high > 1.4 * base.start);
		t.deepEqual(result.saturated, [path]);
		const {answer = []} = engineFitReport(result);
		t.regex(answer.join('\n'), /Not identifiable .*base.* full most of the time/);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
});

const wrong: Record<string, readonly [text: string, message: RegExp]> = {
	'no form that is known': ['hello\n', /summary:1:1: Expected a result of vllm bench serve, .*, got none of them$/],
	'JSON that ends early': [
		'{"ttfts": [1,\n',
		/summary:1:1: Expected JSON, one value or one a line, got text that is not/,
	],
	'another JSON': ['{"a": 1}', /got none of them$/],
	'lists of different lengths': [
		'{"duration": 1, "completed": 2, "total_input_tokens": 2, "total_output_tokens": 2, "ttfts": [1, 2], "itls": [[1]], "input_lens": [1, 2], "output_lens": [1, 2]}',
		/summary:1:1: Expected lists of 2 requests, as in ttfts, got 1, 2, 2, 2$/,
	],
	'a key of another kind': [
		'{"duration": "1 s", "completed": 2, "total_input_tokens": 2, "total_output_tokens": 2}',
		/summary:1:1: Expected duration to be number, got another$/,
	],
	'too few requests': [
		'{"benchmarks": [{"requests": {"successful": []}}]}',
		/Expected at least 10 requests with an answer, got 0$/,
	],
	'no tokens': [
		'{"metrics": {"http_req_duration": {"avg": 5}, "http_reqs": {"count": 2, "rate": 4}}}',
		/Expected --tokens PROMPT\/ANSWER with it, as k6 counts no tokens, got none$/,
	],
	'a line that is broken': ['{"metadata": {}, "metrics": {}}\n{"metadata"', /summary:2:1: Expected JSON/],
	'vLLM without answers': [
		'vllm:num_requests_running 3\n',
		/Expected vllm:time_to_first_token_seconds_sum and _count with answers/,
	],
};

for (const [fault, [text, message]] of Object.entries(wrong)) {
	test(`a file with ${fault} is refused in one line`, async t => {
		const error = await t.throwsAsync(
			withFile('summary', text, async path => readObservations(path)),
			{name: 'UserError'},
		);
		t.regex(error.message, message);
		t.false(error.message.includes('\n'));
	});
}

test('a client without a GPU’s name needs the model to begin with', async t => {
	const {text} = summaries['AIPerf as a whole']!;
	const error = await t.throwsAsync(withFile('aiperf.json', text, async path => calibrateEngine([path])));
	t.regex(error.message, /^Expected --engine-model with the engine model to begin with/);
});
