import {existsSync, readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import type {RunEntry} from '../../records/recorded-run.ts';
import {type CsvTable, findTable, readCsvTable, tableError} from './read-table.ts';

/** A run with the files that hold it. */
export type ListedRun = RunEntry & {
	/** Folder with `runs.csv`. */
	readonly folder: string;
	readonly replicasFile: string;
	readonly workloadFile: string;
	readonly workloadName: string;
};

/** Form of a set's and a run's name: the name of a file, and nothing else. */
const nameForm = /^[A-Za-z0-9][\w.-]{0,127}$/;

/** Columns that hold a number where they are there, and are read. */
const numberColumns = ['recordedSeconds', 'nominalSeconds', 'sendingSeconds', 'meanResponseMs', 'p95'] as const;

/** Longest time in such a column, in its unit. */
const longest = 1e9;

/** Most runs of a folder. */
const mostRuns = 10_000;

/** Whether a row of `runs.csv` is listed, by the names of its set and its run. */
type IsListed = (row: {readonly set: string; readonly run: string}) => boolean;

/**
 * Runs of a folder of recordings, or of all folders of recordings in it, in the order of their tables. Opens `runs.csv`
 * alone.
 *
 * @param isListed - rows that are listed; the files of the others need not be there
 * @throws {UserError} in one line when a folder lacks a file or a column, or a run is named twice
 */
export async function listRuns(root: string, isListed: IsListed = () => true): Promise<ListedRun[]> {
	const runs: ListedRun[] = [];
	for (const folder of foldersOf(root)) {
		runs.push(...(await runsOf(folder, isListed)));
	}

	return runs;
}

function foldersOf(root: string): string[] {
	if (existsSync(join(root, 'runs.csv'))) {
		return [root];
	}

	const isFolder = existsSync(root) && statSync(root).isDirectory();
	const inside = isFolder ? readdirSync(root).sort() : [];
	const folders = inside.map(name => join(root, name)).filter(folder => existsSync(join(folder, 'runs.csv')));
	if (folders.length === 0) {
		const got = isFolder ? 'neither runs.csv nor a folder with one' : 'no such folder';
		throw new UserError('E_FILE', `${root}:1:1: Expected a folder of recordings, got ${got}`);
	}

	return folders;
}

async function runsOf(folder: string, isListed: IsListed): Promise<ListedRun[]> {
	const table = await readCsvTable(join(folder, 'runs.csv'), ['set', 'run', 'workload']);
	if (table.rows.length === 0 || table.rows.length > mostRuns) {
		throw tableError(table.path, 1, `a row for each run, at most ${mostRuns}`, `${table.rows.length} rows`);
	}

	const seen = new Set<string>();
	const [sets, runs] = ['set', 'run'].map(column => table.names.indexOf(column));
	const rows = table.rows.flatMap(({cells}, row) =>
		isListed({set: cells[sets!]!.trim(), run: cells[runs!]!.trim()}) ? [row] : [],
	);
	return rows.map(row => {
		const listed = listedRun(folder, table, row);
		const key = `${listed.set}/${listed.run}`;
		if (seen.has(key)) {
			throw tableError(table.path, table.rows[row]!.line, 'a run once', `${key} twice`);
		}

		seen.add(key);
		return listed;
	});
}

function listedRun(folder: string, {path, names, rows}: CsvTable, row: number): ListedRun {
	const {line, cells: texts} = rows[row]!;
	const cells = Object.fromEntries(names.map((name, index) => [name, texts[index]!.trim()]));
	const named = (column: string) => {
		const text = cells[column]!;
		if (!nameForm.test(text)) {
			throw tableError(path, line, `${column} to be a name of letters, digits, . _ and -`, JSON.stringify(text));
		}

		return text;
	};
	const fileIn = (...parts: string[]) => {
		const found = findTable(join(folder, ...parts));
		if (found === undefined) {
			throw tableError(path, line, `a file ${join(...parts)} beside it`, 'no such file');
		}

		return found;
	};
	for (const column of numberColumns) {
		const text = cells[column] ?? '';
		if (text !== '' && text !== 'NaN' && !(Number(text) >= 0 && Number(text) <= longest)) {
			throw tableError(path, line, `${column} to be empty or a number from 0 on`, JSON.stringify(text));
		}
	}

	const [set, run, workloadName] = [named('set'), named('run'), named('workload')];
	const replicasFile =
		cells['replicas'] === undefined ? fileIn('runs', run, 'replicas.csv') : fileIn('replicas', named('replicas'));
	return {folder, set, run, cells, replicasFile, workloadFile: fileIn('workloads', workloadName), workloadName};
}
