import {readdirSync, statSync} from 'node:fs';
import {basename, join} from 'node:path';
import {UserError} from '../../errors.ts';
import type {TimedSeries} from '../../history/on-grid.ts';
import {historySeries} from '../../records/history.ts';
import {withFileFaults} from '../disk/file-faults.ts';
import {readText, UnreadableError} from '../disk/read-text.ts';
import {AnswerFault, mapOf, seriesOfData} from './parse-answer.ts';

/** Saved answers of `query_range`. */
export type SavedAnswers = {
	readonly files: number;
	/** Series of metrics, with their names. */
	readonly series: readonly TimedSeries[];
	/** Series of answers that are called after a series of a history, by that name. */
	readonly given: ReadonlyMap<string, readonly TimedSeries[]>;
	readonly notes: readonly string[];
};

/** Names under which an answer may be saved so that its series are taken as they are. */
export const givenNames: readonly string[] = [
	...Object.keys(historySeries),
	'cpuOfContainers',
	'latency',
	'latencySeconds',
];

/** Largest file of answers [bytes]. */
const largest = 256 * 2 ** 20;
const mostFiles = 1000;

/**
 * Reads saved answers of `query_range`: a folder of JSON files, or one file with an answer, a list of answers or a map from
 * names to answers.
 *
 * @throws {UserError} E_FILE for a file that cannot be read or is no such answer
 */
export async function readExports(path: string): Promise<SavedAnswers> {
	const files = filesAt(path);
	const series = new Map<string, TimedSeries>();
	const given = new Map<string, Map<string, TimedSeries>>();
	let nativeHistograms = 0;
	for (const file of files) {
		for (const {name, answer} of answersIn(parsed(await textOf(file), file), file)) {
			const found = seriesIn(answer, file, name);
			nativeHistograms += found.nativeHistograms;
			if (givenNames.includes(name)) {
				const known = given.get(name) ?? new Map<string, TimedSeries>();
				given.set(name, known);
				addAll(known, found.series);
			} else {
				refuseNameless(found.series, file);
				addAll(series, found.series);
			}
		}
	}

	if (series.size === 0 && given.size === 0) {
		throw new UserError('E_FILE', `${path}:1:1: Expected answers of query_range with series, got none`);
	}

	return {
		files: files.length,
		series: [...series.values()],
		given: new Map([...given].map(([name, of]) => [name, [...of.values()]])),
		notes: nativeHistograms > 0 ? ['Native histograms are not read.'] : [],
	};
}

function filesAt(path: string): string[] {
	const names = withFileFaults(path, () =>
		statSync(path).isDirectory() ? readdirSync(path).filter(name => name.toLowerCase().endsWith('.json')) : undefined,
	);
	if (names === undefined) {
		return [path];
	}

	if (names.length === 0 || names.length > mostFiles) {
		const got = names.length === 0 ? 'none' : names.length;
		throw new UserError('E_FILE', `${path}:1:1: Expected 1 to ${mostFiles} files that end in .json, got ${got}`);
	}

	return names.sort().map(name => join(path, name));
}

async function textOf(file: string): Promise<string> {
	try {
		return await readText(file, largest);
	} catch (error) {
		throw error instanceof UnreadableError ? error.asFault(file) : error;
	}
}

function parsed(text: string, file: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		const [, position = '0'] = /position (\d+)/.exec((error as Error).message) ?? [];
		const before = text.slice(0, Number(position)).split('\n');
		const place = `${before.length}:${before.at(-1)!.length + 1}`;
		const got = text.trim() === '' ? 'an empty file' : /^\s*</.test(text) ? 'HTML or XML' : 'other text';
		throw new UserError('E_FILE', `${file}:${place}: Expected JSON, got ${got}`, {cause: error});
	}
}

type NamedAnswer = {readonly name: string; readonly answer: unknown};

function answersIn(value: unknown, file: string): NamedAnswer[] {
	const name = basename(file).replace(/\.json$/i, '');
	if (Array.isArray(value)) {
		return value.map((answer: unknown) => ({name, answer}));
	}

	if (typeof value !== 'object' || value === null || 'status' in value || 'data' in value || 'resultType' in value) {
		return [{name, answer: value}];
	}

	return Object.entries(value).map(([key, answer]: [string, unknown]) => ({name: key, answer}));
}

function seriesIn(answer: unknown, file: string, name: string) {
	try {
		const map = mapOf(answer, 'an answer of query_range');
		if (map['status'] === 'error') {
			throw new AnswerFault('an answer of query_range', map['error']);
		}

		return seriesOfData('resultType' in map ? map : map['data']);
	} catch (error) {
		if (error instanceof AnswerFault) {
			throw new UserError('E_FILE', `${file}:1:1: ${error.message} (${name})`, {cause: error});
		}

		throw error;
	}
}

function refuseNameless(series: readonly TimedSeries[], file: string): void {
	if (series.some(({labels}) => labels['__name__'] === undefined)) {
		throw new UserError(
			'E_FILE',
			`${file}:1:1: Expected series of a metric, or a name of a file such as requestRate.json (${givenNames.join(', ')}), got series without __name__`,
		);
	}
}

/** Series of one set of labels are parts of one whole, as of answers for one day each. */
function addAll(known: Map<string, TimedSeries>, series: readonly TimedSeries[]): void {
	for (const one of series) {
		const key = JSON.stringify(Object.entries(one.labels).sort(([a], [b]) => (a < b ? -1 : 1)));
		const before = known.get(key);
		known.set(key, before === undefined ? one : merged(before, one));
	}
}

function merged(a: TimedSeries, b: TimedSeries): TimedSeries {
	const samples = new Map<number, number>();
	for (const {times, values} of [a, b]) {
		for (const [index, time] of times.entries()) {
			samples.set(time, values[index]!);
		}
	}

	const sorted = [...samples].sort(([one], [other]) => one - other);
	return {
		labels: a.labels,
		times: Float64Array.from(sorted, ([time]) => time),
		values: Float64Array.from(sorted, ([, value]) => value),
	};
}
