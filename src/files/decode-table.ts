import {parquetMetadata, parquetRead} from 'hyparquet';
import type {ColumnType} from './record-columns.ts';

export type Column = Float64Array | Int32Array | string[];

/**
 * The named columns of a Parquet file.
 *
 * @throws {TypeError} when one is absent, or holds something else
 */
export async function decodeTable(
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
