import {existsSync, readFileSync, statSync} from 'node:fs';
import {readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import type {Column, TableForm} from '../../records/column.ts';
import {type ObservedTables, observedColumns} from '../../records/observed-columns.ts';
import type {RecordHead, Recording, RecordTables} from '../../records/record.ts';
import {recordColumns, recordFile, type TableName, tableNames} from '../../records/record.ts';
import {asFileFault} from '../disk/file-faults.ts';
import {decodeTable} from './parquet.ts';
import {tableFault} from './table-fault.ts';

/**
 * Reads a record's folder back, tables and all.
 *
 * @throws {UserError} E_FILE when a file is missing or cannot be read as a table of a record
 */
export async function readRecord(folder: string): Promise<Recording> {
	const {head, omitted} = await readHead(join(folder, 'record.json'));
	if (omitted.length > 0) {
		throw new UserError('E_FILE', `Expected ${folder} to hold all tables, got one without ${omitted.join(', ')}`);
	}

	const entries = await Promise.all(tableNames.map(async name => [name, await readTable(folder, name)] as const));
	return {head, tables: Object.fromEntries(entries) as RecordTables};
}

/** Reads a table that only a measured record has; undefined when the record was kept without. */
export async function readObservedTable<Table extends keyof ObservedTables>(
	folder: string,
	name: Table,
): Promise<ObservedTables[Table] | undefined> {
	const path = join(folder, 'observed', `${name}.parquet`);
	return existsSync(path)
		? ((await readColumns(path, observedColumns[name], `the ${name} table of a record`)) as ObservedTables[Table])
		: undefined;
}

/** Reads `record.json` alone. */
export async function readRecordHead(folder: string): Promise<RecordHead> {
	return (await readHead(join(folder, 'record.json'))).head;
}

async function readHead(path: string): Promise<{head: RecordHead; omitted: string[]}> {
	const text = (await readBytes(path, largestHead)).toString('utf8');
	const parsed = recordFile.safeParse(parseJson(path, text));
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		const where = issue?.path.join('.') || 'the document';
		throw new UserError('E_FILE', inOneLine(`${path}: ${where}: ${issue?.message}`), {cause: parsed.error});
	}

	const {omittedTables = [], ...head} = parsed.data;
	return {head, omitted: omittedTables};
}

/** Largest file of results in JSON [bytes]: what is parsed of it takes many times as much memory. */
const largestJson = 2 ** 24;

/** @throws {UserError} E_FILE when the file is no JSON, or too large to be one of ours */
export function readJson(path: string): unknown {
	const {size} = statSync(path);
	if (size > largestJson) {
		throw new UserError('E_FILE', `Expected ${path} to be a file of at most ${largestJson} bytes, got one of ${size}`);
	}

	return parseJson(path, readFileSync(path, 'utf8'));
}

/** @throws {UserError} E_FILE when it is no JSON */
function parseJson(path: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		const message = `Expected ${path} to be JSON, got ${(error as Error).message}`; // with a piece of the text
		throw new UserError('E_FILE', inOneLine(message), {cause: error});
	}
}

async function readTable(folder: string, name: TableName): Promise<Record<string, Column>> {
	const path = join(folder, `${name}.parquet`);
	const what = `the ${name} table of a record`;
	const columns = await readColumns(path, recordColumns[name], what);
	const fault = tableFault(name, columns);
	if (fault !== undefined) {
		throw new UserError('E_FILE', `Expected ${path} to be ${what}, got ${fault}`);
	}

	return columns;
}

/**
 * Reads the named columns of a table.
 *
 * @param what - it ought to be, for the fault
 * @throws {UserError} E_FILE when the file is missing or is something else
 */
export async function readColumns(path: string, form: TableForm, what: string): Promise<Record<string, Column>> {
	const bytes = await readBytes(path, largestTable);
	const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
	try {
		return await decodeTable(file, form);
	} catch (error) {
		const message = inOneLine(`Expected ${path} to be ${what}, got: ${(error as Error).message}`);
		throw new UserError('E_FILE', message, {cause: error});
	}
}

function inOneLine(message: string): string {
	return message.replaceAll(/\s+/g, ' ').slice(0, 1000);
}

/** Largest `record.json` [bytes], its experiment in it: what is parsed takes many times as much memory. */
const largestHead = largestJson;
/** Largest file of a table [bytes]. */
const largestTable = 2 ** 29;

async function readBytes(path: string, largest: number): Promise<Buffer> {
	try {
		const status = await stat(path);
		if (status.isFile() && status.size <= largest) {
			return await readFile(path);
		}

		const got = status.isFile() ? `one of ${status.size} bytes` : 'no regular file';
		throw new UserError('E_FILE', `Expected ${path} to be a file of at most ${largest} bytes, got ${got}`);
	} catch (error) {
		throw asFileFault(path, error);
	}
}
