import {parquetWriteBuffer} from 'hyparquet-writer';
import type {ColumnType} from './record-columns.ts';

type Column = Float64Array | Int32Array | string[];

/** A table as a Parquet file without nulls. Equal tables give equal bytes. */
export function encodeTable(
	types: Readonly<Record<string, ColumnType>>,
	data: Readonly<Record<string, Column>>,
): Uint8Array {
	const columnData = Object.entries(types).map(([name, type]) => ({
		name,
		data: data[name] ?? [],
		type,
		nullable: false,
	}));
	return new Uint8Array(parquetWriteBuffer({columnData, createdBy: 'replicast'}));
}
