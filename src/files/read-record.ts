import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {parquetMetadata, parquetRead} from 'hyparquet';
import {UserError} from '../errors.ts';
import type {RecordHead, Recording, RecordTables} from '../records/record.ts';
import {asFileFault} from './file-faults.ts';
import {type ColumnType, recordColumns, type TableName, tableNames} from './record-columns.ts';
import {recordHeadSchema} from './record-head.ts';

type Column = Float64Array | Int32Array | string[];

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

	const entries = await Promise.all(
		tableNames.map(async name => [name, await readTable(join(folder, `${name}.parquet`), name)] as const),
	);
	return {head, tables: Object.fromEntries(entries) as RecordTables};
}

/** Reads `record.json` alone. */
export async function readRecordHead(folder: string): Promise<RecordHead> {
	return (await readHead(join(folder, 'record.json'))).head;
}

async function readHead(path: string): Promise<{head: RecordHead; omitted: string[]}> {
	const text = (await readBytes(path)).toString('utf8');
	const parsed = recordHeadSchema.safeParse(parseJson(path, text));
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		const where = issue?.path.join('.') || 'the document';
		throw new UserError('E_FILE', `${path}: ${where}: ${issue?.message}`, {cause: parsed.error});
	}

	const {omittedTables = [], ...head} = parsed.data;
	return {head, omitted: omittedTables};
}

function parseJson(path: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new UserError('E_FILE', `Expected ${path} to be JSON, got ${(error as Error).message}`, {cause: error});
	}
}

async function readTable(path: string, name: TableName): Promise<Record<string, Column>> {
	const bytes = await readBytes(path);
	const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
	try {
		return await decodeTable(file, recordColumns[name]);
	} catch (error) {
		const message = (error as Error).message.replaceAll(/\s+/g, ' ');
		throw new UserError('E_FILE', `Expected ${path} to be the ${name} table of a record, got: ${message}`, {
			cause: error,
		});
	}
}

async function decodeTable(
	file: ArrayBuffer,
	types: Readonly<Record<string, ColumnType>>,
): Promise<Record<string, Column>> {
	const metadata = parquetMetadata(file);
	const present = metadata.schema.map(element => element.name);
	const absent = Object.keys(types).filter(name => !present.includes(name));
	if (absent.length > 0) {
		throw new TypeError(`no column ${absent.join(', ')}`);
	}

	const rows = Number(metadata.num_rows);
	const columns = Object.fromEntries(Object.entries(types).map(([name, type]) => [name, emptyColumn(type, rows)]));
	if (rows > 0) {
		await parquetRead({
			file,
			metadata,
			columns: Object.keys(types),
			onChunk({columnName, columnData, rowStart}) {
				fill(columns[columnName]!, columnData, {name: columnName, from: rowStart});
			},
		});
	}

	return columns;
}

function emptyColumn(type: ColumnType, rows: number): Column {
	if (type === 'STRING') {
		return Array.from({length: rows}, () => '');
	}

	return type === 'INT32' ? new Int32Array(rows) : new Float64Array(rows);
}

function fill(column: Column, values: ArrayLike<unknown>, {name, from}: {name: string; from: number}): void {
	const wanted = Array.isArray(column) ? 'string' : 'number';
	const target: unknown[] | Float64Array | Int32Array = column;
	for (let index = 0; index < values.length; index++) {
		const value = values[index];
		if (typeof value !== wanted) {
			throw new TypeError(`a ${typeof value} in column ${name}, where a ${wanted} has to be`);
		}

		target[from + index] = value as never;
	}
}

async function readBytes(path: string): Promise<Buffer> {
	try {
		return await readFile(path);
	} catch (error) {
		throw asFileFault(path, error);
	}
}
