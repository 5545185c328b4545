import {type FileMetaData, parquetMetadata, parquetRead} from 'hyparquet';
import {parquetWriteBuffer} from 'hyparquet-writer';
import type {Column, ColumnType, TableForm} from '../../records/column.ts';
import {checkFooter, checkPages, mostRows} from './check-parquet.ts';

/**
 * The named columns of a Parquet file, in time and memory that its length and its rows bound.
 *
 * @throws {TypeError} when one is absent, or holds something else, or the file claims more than it has
 */
export async function decodeTable(file: ArrayBuffer, form: TableForm): Promise<Record<string, Column>> {
	checkFooter(file);
	const metadata = parquetMetadata(file, {geoparquet: false});
	const present = metadata.schema.map(element => element.name);
	const absent = Object.keys(form).filter(name => !present.includes(name));
	if (absent.length > 0) {
		throw new TypeError(`no column ${absent.join(', ')}`);
	}

	const rows = rowsIn(metadata);
	checkPages(file, metadata, form);
	const columns = Object.fromEntries(Object.entries(form).map(([name, {type}]) => [name, emptyColumn(type, rows)]));
	const filled = new Map<string, number>();
	let fault: string | undefined; // what is thrown in a call of the library's ends the process
	if (rows > 0) {
		await parquetRead({
			file,
			metadata,
			columns: Object.keys(form),
			onChunk({columnName, columnData, rowStart}) {
				fault ??= fill(columns[columnName]!, columnData, {name: columnName, from: rowStart});
				filled.set(columnName, (filled.get(columnName) ?? 0) + columnData.length);
			},
		});
	}

	if (fault !== undefined) {
		throw new TypeError(fault);
	}

	const short = Object.keys(form).find(name => (filled.get(name) ?? 0) !== rows);
	if (short !== undefined) {
		throw new TypeError(`${filled.get(short) ?? 0} values in column ${short}, where ${rows} have to be`);
	}

	return columns;
}

function rowsIn({num_rows: declared, row_groups: groups}: FileMetaData): number {
	const rows = groups.reduce((sum, {num_rows: rows}) => sum + rows, 0n);
	if (rows !== declared || groups.some(({num_rows: rows}) => rows < 0n) || rows > mostRows) {
		throw new TypeError(`${declared} rows, where the sum of its parts, ${rows}, and at most ${mostRows} have to be`);
	}

	return Number(rows);
}

function emptyColumn(type: ColumnType, rows: number): Column {
	if (type === 'STRING') {
		return Array.from({length: rows}, () => '');
	}

	return type === 'INT32' ? new Int32Array(rows) : new Float64Array(rows);
}

type Place = {readonly name: string; readonly from: number};

/** @returns what is wrong with the values */
function fill(column: Column, values: ArrayLike<unknown>, {name, from}: Place): string | undefined {
	const wanted = Array.isArray(column) ? 'string' : 'number';
	const target: unknown[] | Float64Array | Int32Array = column;
	if (from + values.length > column.length) {
		return `more values in column ${name} than rows`;
	}

	for (let index = 0; index < values.length; index++) {
		const value = values[index];
		if (typeof value !== wanted) {
			return `a ${typeof value} in column ${name}, where a ${wanted} has to be`;
		}

		target[from + index] = value as never;
	}

	return undefined;
}

/** A table as a Parquet file without nulls. Equal tables give equal bytes. */
export function encodeTable(form: TableForm, data: Readonly<Record<string, Column>>): Uint8Array {
	const columnData = Object.entries(form).map(([name, {type}]) => ({
		name,
		data: data[name] ?? [],
		type,
		nullable: false,
	}));
	return new Uint8Array(parquetWriteBuffer({columnData, createdBy: 'replicast'}));
}
