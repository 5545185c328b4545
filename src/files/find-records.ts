import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import type {RecordHead} from '../records/record.ts';
import {readRecordHead} from './read-record.ts';

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
