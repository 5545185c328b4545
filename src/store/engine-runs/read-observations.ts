import {existsSync, statSync} from 'node:fs';
import {join} from 'node:path';
import type {EngineObservation} from '../../records/engine-observation.ts';
import {readText, UnreadableError} from '../disk/read-text.ts';
import {listEngineRuns, readEngineRun} from '../recordings/read-engine-run.ts';
import {findTable} from '../recordings/read-table.ts';
import {runFault} from './engine-samples.ts';
import {readAiPerf, readGuideLlm, readInferencePerf, readInferencePerfSummary, readVllmBench} from './json-clients.ts';
import {type GivenTokens, readAiPerfRecords, readK6Points, readK6Summary, readLocust} from './line-clients.ts';
import {readVllmExposition, readVllmRange} from './vllm-metrics.ts';

export type {GivenTokens};

/** Largest export that is read [bytes]. */
const largestExport = 1 << 28;

/** Forms that are read, for messages. */
const forms =
	'a result of vllm bench serve, GuideLLM, inference-perf, AIPerf, k6 or locust, vLLM’s metrics, or a run with requests.csv';

/** Whether a path leads to a run of an engine: a file that a tool wrote, or a folder with `requests.csv`. */
export function isEngineRun(path: string): boolean {
	if (!existsSync(path) || !statSync(path).isDirectory()) {
		return existsSync(path);
	}

	return findTable(join(path, 'requests')) !== undefined;
}

/**
 * Reads a tool's export, a scrape of vLLM or a recorded run; several where the file has several runs.
 *
 * @param tokens - of tools that count none
 * @throws {UserError} in one line with the place of a fault
 */
export async function readObservations(path: string, tokens?: GivenTokens): Promise<EngineObservation[]> {
	if (statSync(path).isDirectory()) {
		const runs = await Promise.all(listEngineRuns(path).map(async folder => readEngineRun(folder)));
		return runs.map(run => ({source: path, tool: 'recorded run', run, assumed: []}));
	}

	const text = await textOf(path);
	const start = text.trimStart();
	const found = /^[[{]/.test(start)
		? fromJson(path, start, tokens)
		: (readLocust(path, text, tokens) ?? readVllmExposition(path, text));
	if (found === undefined || found.length === 0) {
		throw runFault(path, forms, 'none of them');
	}

	return found;
}

function fromJson(path: string, text: string, tokens: GivenTokens | undefined): EngineObservation[] | undefined {
	const parsed = parsedOf(text);
	if (parsed !== undefined) {
		for (const read of [readVllmBench, readGuideLlm, readInferencePerf, readInferencePerfSummary, readAiPerf]) {
			const found = read(path, parsed);
			if (found !== undefined) {
				return found;
			}
		}

		const found = readK6Summary(path, parsed, tokens) ?? readVllmRange(path, parsed);
		if (found !== undefined) {
			return found;
		}
	}

	const lines = linesOf(path, text);
	const records = readAiPerfRecords(path, lines) ?? readK6Points(path, lines, tokens);
	if (records !== undefined) {
		return records;
	}

	// `vllm bench serve --append-result` writes a result a line.
	const results = lines.map((line, index) => readVllmBench(lines.length === 1 ? path : `${path}#${index + 1}`, line));
	return results.includes(undefined) ? undefined : results.flatMap(result => result!);
}

function parsedOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function linesOf(path: string, text: string): unknown[] {
	return text
		.split('\n')
		.map((line, index) => ({line: line.trim(), number: index + 1}))
		.filter(({line}) => line !== '')
		.map(({line, number}) => {
			try {
				return JSON.parse(line) as unknown;
			} catch (error) {
				throw runFault(path, 'JSON, one value or one a line', `text that is not, ${(error as Error).message}`, number);
			}
		});
}

async function textOf(path: string): Promise<string> {
	try {
		return await readText(path, largestExport);
	} catch (error) {
		if (error instanceof UnreadableError) {
			throw error.asFault(path, forms);
		}

		throw error;
	}
}
