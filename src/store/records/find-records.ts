import {existsSync, readdirSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {RecordHead} from '../../records/record.ts';
import {recordHash} from '../../records/record-hash.ts';
import {readObservedTable, readRecord, readRecordHead} from './read-record.ts';

/** Deepest folder below the one that is searched. */
const deepest = 8;

export type FoundRecord = {readonly folder: string; readonly head: RecordHead};

/** The records below a folder, in the order of their paths; none when there is no such folder. */
export async function findRecords(root: string): Promise<FoundRecord[]> {
	const folders = existsSync(root) ? foldersWithRecords(root, 0) : [];
	return Promise.all(folders.map(async folder => ({folder, head: await readRecordHead(folder)})));
}

function foldersWithRecords(folder: string, depth: number): string[] {
	const entries = readdirSync(folder, {withFileTypes: true}).sort((a, b) => (a.name < b.name ? -1 : 1));
	if (entries.some(entry => entry.isFile() && entry.name === 'record.json')) {
		return [folder];
	}

	return depth === deepest
		? []
		: entries
				.filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
				.flatMap(entry => foldersWithRecords(join(folder, entry.name), depth + 1));
}

/** Record with probes of its machine's speed, and the digest that models name it by. */
type FoundProbes = {readonly hash: string; readonly head: RecordHead};

/** Measured records below a folder that have probes. */
export async function findProbedRecords(root: string): Promise<FoundProbes[]> {
	const found = (await findRecords(root)).filter(({head}) => head.engine === 'measured' && head.probes !== undefined);
	return Promise.all(
		found.map(async ({folder}) => {
			const recording = await readRecord(folder);
			return {hash: recordHash(recording), head: recording.head};
		}),
	);
}

/** Deepest folder below the one that is searched. */
const deepestFile = 3;

/** The files of a name in a folder and a few levels below it, in the order of their paths; hidden folders are left out. */
export function filesNamed(name: string, folder: string, depth = 0): string[] {
	if (!existsSync(folder)) {
		return [];
	}

	const entries = readdirSync(folder, {withFileTypes: true}).sort((a, b) => (a.name < b.name ? -1 : 1));
	const own = entries.filter(entry => entry.isFile() && entry.name === name).map(() => join(folder, name));
	const below =
		depth === deepestFile ? [] : entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.'));
	return [...own, ...below.flatMap(entry => filesNamed(name, join(folder, entry.name), depth + 1))];
}

/** A time in UTC as Kubernetes writes it. */
const apiTime = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g;

/**
 * Time at which a record was measured: from its conditions, else the first time in the API's own status of its
 * autoscaler.
 *
 * @returns to the second in UTC, `2026-11-24T08:41:40Z`; undefined when neither is there
 */
export async function readMeasuredAt(folder: string): Promise<string | undefined> {
	const started = await startedAt(join(folder, 'conditions.json'));
	if (started !== undefined) {
		return started;
	}

	const hpa = await readObservedTable(folder, 'hpa');
	return hpa?.status.flatMap(status => status.match(apiTime) ?? []).sort()[0];
}

async function startedAt(path: string): Promise<string | undefined> {
	const text = existsSync(path) ? await readFile(path, 'utf8') : '{}';
	return /"startedAt":\s*"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"/.exec(text)?.[1];
}
