import {existsSync, readdirSync, statSync} from 'node:fs';
import {basename, join} from 'node:path';
import * as z from 'zod';
import {UserError} from '../../errors.ts';
import type {EngineRun} from '../../records/engine-run.ts';
import {readText, UnreadableError} from '../disk/read-text.ts';
import {type CsvTable, findTable, numbersIn, readCsvTable, tableError} from './read-table.ts';

const Count = z.int().min(1).nullish();
const Flag = z.union([z.boolean(), z.string()]).nullish();

/** Form of a run's `meta.json`; other keys are ignored. */
const Meta = z.object({
	run: z.string().nullish(),
	gpu: z.string(),
	model: z.string(),
	tensor_parallel: Count,
	data_parallel: Count,
	max_num_seqs_per_engine: Count,
	max_num_batched_tokens_per_engine: Count,
	max_model_len: Count,
	block_size_tokens: Count,
	kv_blocks_measured: z.union([z.int(), z.array(z.int())]).nullish(),
	kv_blocks_assumed_by_peer: z.union([z.int(), z.array(z.int())]).nullish(),
	prefix_caching: Flag,
	chunked_prefill: Flag,
	async_scheduling: Flag,
	reserve_full_prompt_on_admission: Flag,
	policy: z.string().nullish(),
});

const largestMeta = 1 << 20;

/** Folders of the runs that a folder holds: itself, or the ones in it. */
export function listEngineRuns(folder: string): string[] {
	const isRun = (path: string) => findTable(join(path, 'requests')) !== undefined;
	if (isRun(folder)) {
		return [folder];
	}

	const inside = existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder).sort() : [];
	const runs = inside.map(name => join(folder, name)).filter(isRun);
	if (runs.length === 0) {
		throw new UserError('E_FILE', `${folder}:1:1: Expected a folder with requests.csv, got none in it`);
	}

	return runs;
}

/**
 * Reads a measured run of an engine: `meta.json`, `requests.csv` and, where it is there, `timeseries.csv`.
 *
 * @throws {UserError} with the file and the line of a fault
 */
export async function readEngineRun(folder: string): Promise<EngineRun> {
	const meta = await readMeta(join(folder, 'meta.json'));
	const table = await readCsvTable(findTable(join(folder, 'requests'))!, [
		...['sent_s', 'prompt_tokens', 'output_tokens', 'queued_s', 'first_token_s', 'last_token_s'],
	]);
	const column = (name: string) => numbersIn(table, name)!;
	const given = {sent: column('sent_s'), promptTokens: column('prompt_tokens'), outputTokens: column('output_tokens')};
	refuseGaps(table, given);
	const sharedTokens = (numbersIn(table, 'shared_prefix_tokens') ?? new Float64Array(table.rows.length)).map(orZero);
	const sharedWith = (numbersIn(table, 'shared_with_request') ?? new Float64Array(table.rows.length)).map(orZero);
	refuseLaterShares(table, sharedTokens, sharedWith);
	const times = findTable(join(folder, 'timeseries'));
	return {
		name: meta.run ?? basename(folder),
		...{model: meta.model, gpu: meta.gpu, tensorParallel: meta.tensor_parallel ?? 1},
		settings: settingsOf(meta),
		requests: {
			...given,
			queued: column('queued_s'),
			firstToken: column('first_token_s'),
			lastToken: column('last_token_s'),
			...{sharedTokens, sharedWith},
		},
		timeline: times === undefined ? emptyTimeline() : timelineOf(await readCsvTable(times, timelineColumns)),
	};
}

const timelineColumns = ['t_s', 'running', 'waiting'];

function timelineOf(table: CsvTable): EngineRun['timeline'] {
	const [at, running, waiting] = timelineColumns.map(name => numbersIn(table, name)!);
	const late = at!.findIndex((time, row) => !(time > (at![row - 1] ?? Number.NEGATIVE_INFINITY)));
	if (late !== -1) {
		throw tableError(table.path, table.rows[late]!.line, 't_s to be later than in the line before', String(at![late]));
	}

	return {at: at!, running: running!, waiting: waiting!};
}

function emptyTimeline(): EngineRun['timeline'] {
	return {at: new Float64Array(0), running: new Float64Array(0), waiting: new Float64Array(0)};
}

function orZero(value: number): number {
	return Number.isNaN(value) ? 0 : value;
}

async function readMeta(path: string): Promise<z.output<typeof Meta>> {
	let parsed: unknown;
	try {
		parsed = JSON.parse(await readText(path, largestMeta));
	} catch (error) {
		const reason = error instanceof UnreadableError ? error.message : 'text that is not JSON';
		throw new UserError('E_FILE', `${path}:1:1: Expected a run's settings in JSON, got ${reason}`, {
			cause: error,
		});
	}

	const {success, data, error} = Meta.safeParse(parsed);
	if (!success) {
		const [issue] = error.issues;
		const key = issue!.path.map(String).join('.') || 'the file';
		const rule = issue!.code === 'invalid_type' ? issue!.expected : 'a value of its kind';
		throw new UserError('E_CONFIG', `${path}:1:1: Expected ${key} to be ${rule}, got another`);
	}

	return data;
}

function settingsOf(meta: z.output<typeof Meta>): EngineRun['settings'] {
	// A remark such as "not recorded" leaves it to the model.
	const flag = (value: boolean | string | null | undefined) => (typeof value === 'boolean' ? value : undefined);
	const first = (value: number | readonly number[] | null | undefined) =>
		(typeof value === 'number' ? value : value?.[0]) ?? undefined;
	return {
		dataParallel: meta.data_parallel ?? 1,
		maxNumSeqs: meta.max_num_seqs_per_engine ?? undefined,
		maxNumBatchedTokens: meta.max_num_batched_tokens_per_engine ?? undefined,
		maxModelLen: meta.max_model_len ?? undefined,
		blockTokens: meta.block_size_tokens ?? undefined,
		kvBlocks: first(meta.kv_blocks_measured) ?? first(meta.kv_blocks_assumed_by_peer),
		chunkedPrefill: flag(meta.chunked_prefill),
		prefixCaching: flag(meta.prefix_caching),
		asyncScheduling: flag(meta.async_scheduling),
		reservePrompt: flag(meta.reserve_full_prompt_on_admission),
		policy: meta.policy === 'fcfs' || meta.policy === 'priority' ? meta.policy : undefined,
	};
}

function refuseGaps(table: CsvTable, {sent, promptTokens, outputTokens}: Record<string, Float64Array>): void {
	for (const [row, {line}] of table.rows.entries()) {
		if (!(sent![row]! >= 0)) {
			throw tableError(table.path, line, 'sent_s to be a time in seconds, at least 0', String(sent![row]));
		}

		for (const [name, tokens] of [
			['prompt_tokens', promptTokens![row]!] as const,
			['output_tokens', outputTokens![row]!] as const,
		]) {
			if (!(Number.isInteger(tokens) && tokens >= 1 && tokens <= 1e7)) {
				throw tableError(table.path, line, `${name} to be a whole number, at least 1`, String(tokens));
			}
		}
	}
}

function refuseLaterShares(table: CsvTable, tokens: Float64Array, owners: Float64Array): void {
	const row = tokens.findIndex(
		(shared, row) => shared > 0 && !(Number.isInteger(owners[row]) && owners[row]! < row && owners[row]! >= 0),
	);
	if (row !== -1) {
		const rule = 'shared_with_request to be the number of an earlier request';
		throw tableError(table.path, table.rows[row]!.line, rule, String(owners[row]));
	}
}
