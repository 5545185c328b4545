import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {validateEngine} from '../../../src/library/recordings/validate-engine.ts';
import type {EngineRun} from '../../../src/records/engine-run.ts';
import {replayRun} from '../../../src/simulator/batching/replay-run.ts';
import {findEngineModel} from '../../../src/store/experiments/find-engine-model.ts';
import {readEngineRun} from '../../../src/store/recordings/read-engine-run.ts';

const measured = '../shared/batching/llmservingsim';
const measuredTest = existsSync(measured) ? test : test.skip;

measuredTest('measured runs of vLLM are replayed within the errors that were asked for', async t => {
	const errors = await validateEngine(measured);
	t.is(errors.length, 2);
	for (const {run, latencyError, ttftError, ttftP95Error, tpotError, runningError, waitingError} of errors) {
		t.true(Math.abs(latencyError) < 0.015, `${run} latency ${latencyError}`);
		t.true(Math.abs(ttftError) < 0.03, `${run} TTFT ${ttftError}`);
		t.true(Math.abs(ttftP95Error) < 0.03, `${run} p95 of TTFT ${ttftP95Error}`);
		t.true(Math.abs(tpotError) < 0.02, `${run} TPOT ${tpotError}`);
		t.true(runningError < 2 && waitingError < 2, `${run} ${runningError} ${waitingError}`);
	}
});

measuredTest('from kernel times and the overhead of another GPU alone the runs are off by little', async t => {
	// The overheads of the two runs are 2.0 and 0.7 ms: each is forecast with the other's.
	for (const [run, change] of [
		['rtx4090_llama31-8b_tp1_first60s', 0.0013],
		['rtxpro6000_llama31-8b_tp1', 0],
	] as const) {
		const read = await readEngineRun(join(measured, run));
		const model = await findEngineModel(read);
		const {base} = model.costs;
		const changed = {...model, costs: {...model.costs, base: base + change}};
		const {lastToken} = replayRun(read, changed);
		const ended = [...lastToken.keys()].filter(request => !Number.isNaN(read.requests.lastToken[request]!));
		const mean = (of: Float64Array) =>
			ended.reduce((sum, request) => sum + of[request]! - read.requests.queued[request]!, 0);
		t.true(Math.abs(mean(lastToken) / mean(read.requests.lastToken) - 1) < 0.05);
	}
});

/** A run that the model itself would have made, written in the form of a measured one. */
function writeOwnRun(folder: string, change: (files: Record<string, string>) => void = () => undefined): string {
	const path = join(folder, 'run');
	const rows = Array.from({length: 20}, (_, request) => `${request},${request * 0.1},${100 + request},${20 + request}`);
	const files: Record<string, string> = {
		'meta.json': JSON.stringify({
			...{run: 'own', model: 'Llama-3.1-8B', gpu: 'RTX 4090', tensor_parallel: 1, max_num_seqs_per_engine: 16},
			...{kv_blocks_measured: null, kv_blocks_assumed_by_peer: [4000], prefix_caching: 'not recorded'},
		}),
		'requests.csv': `request,sent_s,prompt_tokens,output_tokens,queued_s,first_token_s,last_token_s\n${rows.map(row => `${row},,,`).join('\n')}\n`,
		'timeseries.csv': 't_s,running,waiting\n0.5,1,0\n1,1,0\n',
	};
	change(files);
	mkdirSync(path, {recursive: true});
	for (const [name, text] of Object.entries(files)) {
		writeFileSync(join(path, name), text);
	}

	return path;
}

function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
	const folder = mkdtempSync(join(tmpdir(), 'engine-run-'));
	return use(folder).finally(() => rmSync(folder, {recursive: true, force: true}));
}

test('a run gets the settings of its meta.json, and the model’s where that says nothing', async t => {
	await withFolder(async folder => {
		const run = await readEngineRun(writeOwnRun(folder));
		t.is(run.settings.maxNumSeqs, 16);
		t.is(run.settings.kvBlocks, 4000);
		t.is(run.settings.prefixCaching, undefined);
		t.is((await findEngineModel(run)).name, 'llama-3.1-8b-rtx-4090');
	});
});

test('a run that a model made is judged to be off by nothing', async t => {
	await withFolder(async folder => {
		const path = writeOwnRun(folder);
		const run: EngineRun = await readEngineRun(path);
		const {queued, firstToken, lastToken} = replayRun(run, await findEngineModel(run));
		const lines = readFileSync(join(path, 'requests.csv'), 'utf8').trim().split('\n');
		const told = lines
			.slice(1)
			.map((line, row) => `${line.replace(/,,,$/, '')},${queued[row]},${firstToken[row]},${lastToken[row]}`);
		writeFileSync(join(path, 'requests.csv'), [lines[0], ...told, ''].join('\n'));
		const [errors] = await validateEngine(path);
		t.is(errors!.latencyError, 0);
		t.is(errors!.ttftError, 0);
		t.is(errors!.tpotError, 0);
		t.true(errors!.timesRealTime > 1);
	});
});

for (const [name, change, expected] of [
	[
		'a model that is not known',
		files => (files['meta.json'] = files['meta.json']!.replace('Llama-3.1-8B', 'Nothing-1B')),
		/^Expected an engine model for Nothing-1B on 1 RTX 4090 \(or one with --engine-model\), got .*Llama/,
	],
	[
		'settings that are no JSON',
		files => (files['meta.json'] = '{'),
		/meta\.json:1:1: Expected a run's settings in JSON, got text that is not JSON$/,
	],
	[
		'a batch that its tokens do not suffice for',
		files =>
			(files['meta.json'] = files['meta.json']!.replace(
				'"tensor_parallel":1',
				'"max_num_batched_tokens_per_engine":8',
			)),
		/meta\.json:1:1: Expected maxNumBatchedTokens to be at least maxNumSeqs, 16, .* got 8$/,
	],
	[
		'requests longer than the context',
		files => (files['meta.json'] = files['meta.json']!.replace('"tensor_parallel":1', '"max_model_len":130')),
		/requests\.csv:1:1: Expected requests of at most 130 tokens, the engine's context, got 158$/,
	],
	[
		'a KV cache that does not hold a request',
		files => (files['meta.json'] = files['meta.json']!.replace('[4000]', '[4]')),
		/Expected (?:kvBlocks to be|requests of)/,
	],
	[
		'a prompt of no tokens',
		files => (files['requests.csv'] = files['requests.csv']!.replace('3,0.30000000000000004,103', '3,0.3,0')),
		/requests\.csv:5:1: Expected prompt_tokens to be a whole number, at least 1, got 0$/,
	],
] as const satisfies readonly (readonly [string, (files: Record<string, string>) => void, RegExp])[]) {
	test(`a run is refused in one line: ${name}`, async t => {
		await withFolder(async folder => {
			const path = writeOwnRun(folder, change);
			const error = await t.throwsAsync(validateEngine(path), {name: 'UserError'});
			t.regex(error!.message, expected);
			t.false(error!.message.includes('\n'));
		});
	});
}
