import {type ColumnMetaData, type FileMetaData, type SchemaElement, snappyUncompress} from 'hyparquet';
import {parquetHeader} from 'hyparquet/src/column.js';
import type {TableForm} from '../../records/column.ts';
import {longestTables} from '../../records/table-limits.ts';

/** Most rows of a table: the limit of a record's longest one. */
export const mostRows = Math.max(...Object.values(longestTables));

/** Longest footer of a file, and header of a page [bytes]: every byte of it may become an object. */
const longestFooter = 2 ** 20;
const longestHeader = 2 ** 16;
/** Most bytes of the wanted columns of a file when they are decompressed. */
const mostBytes = 2 ** 29;

const numbers: readonly (string | undefined)[] = ['DOUBLE', 'FLOAT', 'INT32'];
const dictionaryEncodings: readonly (string | undefined)[] = ['PLAIN_DICTIONARY', 'RLE_DICTIONARY'];

/**
 * Checks, before a footer is parsed, that it is a small part of what a file may hold.
 *
 * @throws {TypeError} when it is not
 */
export function checkFooter(file: ArrayBuffer): void {
	const length = file.byteLength < 8 ? 0 : new DataView(file).getUint32(file.byteLength - 8, true);
	if (length > longestFooter) {
		throw new TypeError(`a footer of ${length} bytes, where at most ${longestFooter} have to be`);
	}
}

/**
 * Checks, before a file is decoded, that its pages claim to hold as much as its row groups: a decoder makes room for as
 * many values as a page or a run in it says, which a few bytes can say of billions.
 *
 * @param columns - wanted ones, `STRING` or a number, which have to be flat and to be there once in each row group
 * @throws {TypeError} naming what a table of a record never has
 * @see Apache Parquet format 2.11, Encodings.md (run length encoding / bit-packing hybrid) and parquet.thrift
 *   (PageHeader)
 */
export function checkPages(file: ArrayBuffer, metadata: FileMetaData, columns: TableForm): void {
	const [root, ...elements] = metadata.schema;
	if (root?.num_children !== elements.length || elements.some(({num_children: children}) => (children ?? 0) > 0)) {
		throw new TypeError('columns within columns');
	}

	const budget = {packed: file.byteLength, unpacked: mostBytes};
	for (const {columns: chunks, num_rows: rows} of metadata.row_groups) {
		for (const [name, {type}] of Object.entries(columns)) {
			const [element, ...sameName] = elements.filter(element => element.name === name);
			const [chunk, ...others] = chunks.filter(({meta_data: data}) => data?.path_in_schema[0] === name);
			if (element === undefined || chunk?.meta_data === undefined || sameName.length + others.length > 0) {
				throw new TypeError(`a part in which column ${name} is not there once`);
			}

			checkKind(element, chunk.meta_data, type);
			checkChunk(file, {chunk: chunk.meta_data, element, rows: Number(rows), budget});
		}
	}
}

function checkKind(
	{name, type, repetition_type: repetition}: SchemaElement,
	chunk: ColumnMetaData,
	wanted: string,
): void {
	const isWanted = wanted === 'STRING' ? type === 'BYTE_ARRAY' : numbers.includes(type);
	if (!isWanted || chunk.type !== type || repetition === 'REPEATED' || chunk.path_in_schema.length > 1) {
		throw new TypeError(`column ${name} of ${repetition ?? ''} ${chunk.type}, where a ${wanted} has to be`);
	}

	if (chunk.codec !== 'UNCOMPRESSED' && chunk.codec !== 'SNAPPY') {
		throw new TypeError(`column ${name} compressed by ${chunk.codec}, where SNAPPY or nothing has to be`);
	}
}

type Chunk = {
	readonly chunk: ColumnMetaData;
	readonly element: SchemaElement;
	readonly rows: number;
	/** Bytes that the rest of the file may still take. */
	readonly budget: {packed: number; unpacked: number};
};

function checkChunk(file: ArrayBuffer, {chunk, element, rows, budget}: Chunk): void {
	const {name} = element;
	const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset); // as the decoder reads it
	const length = Number(chunk.total_compressed_size);
	budget.packed -= length;
	if (!(start >= 0 && length >= 0 && start + length <= file.byteLength && budget.packed >= 0)) {
		throw new TypeError(`pages of column ${name} that lie outside the file`);
	}

	let [offset, values] = [0, 0];
	while (values < rows && offset < length - 1) {
		const view = new DataView(file, start + offset, Math.min(longestHeader, length - offset));
		const reader = {view, offset: 0};
		const header = parquetHeader(reader);
		offset += reader.offset;
		budget.unpacked -= header.uncompressed_page_size;
		if (
			!(header.uncompressed_page_size >= 0 && header.compressed_page_size >= 0) ||
			offset + header.compressed_page_size > length ||
			budget.unpacked < 0
		) {
			throw new TypeError(`a page of column ${name} that is longer than its part`);
		}

		const bytes = new Uint8Array(file, start + offset, header.compressed_page_size);
		values += checkPage(bytes, header, {
			name,
			most: rows - values,
			chunk,
			isOptional: element.repetition_type !== 'REQUIRED',
		});
		offset += header.compressed_page_size;
	}

	if (values !== rows) {
		throw new TypeError(`${values} values in column ${name}, where ${rows} have to be`);
	}
}

type Header = ReturnType<typeof parquetHeader>;
type Page = {
	readonly name: string;
	readonly most: number;
	readonly chunk: ColumnMetaData;
	readonly isOptional: boolean;
};

/** @returns how many values the page adds to the column */
function checkPage(bytes: Uint8Array, header: Header, {name, most, chunk, isOptional}: Page): number {
	const dictionary = header.dictionary_page_header;
	const data = header.data_page_header ?? header.data_page_header_v2;
	const count = header.type === 'DICTIONARY_PAGE' ? dictionary?.num_values : data?.num_values;
	const limit = header.type === 'DICTIONARY_PAGE' ? mostRows : most;
	if (count === undefined || !(count >= 0 && count <= limit)) {
		throw new TypeError(`a page that says it has ${count} values in column ${name}, where at most ${limit} can be`);
	}

	if (header.type === 'DICTIONARY_PAGE') {
		return 0;
	}

	const isSecond = header.type === 'DATA_PAGE_V2';
	const isPacked = chunk.codec === 'SNAPPY' && !(isSecond && header.data_page_header_v2?.is_compressed === false);
	const encoding = isSecond ? header.data_page_header_v2?.encoding : header.data_page_header?.encoding;
	if (encoding !== 'PLAIN' && !dictionaryEncodings.includes(encoding)) {
		throw new TypeError(`column ${name} in the encoding ${encoding}, where PLAIN or RLE_DICTIONARY has to be`);
	}

	const levels = isSecond ? levelsOf(header) : 0;
	const whole = isSecond ? bytes.subarray(levels) : bytes;
	const size = header.uncompressed_page_size - levels;
	const page = isPacked ? unpacked(whole, size) : whole;
	let offset = 0;
	if (isOptional) {
		offset = isSecond ? 0 : 4 + new DataView(page.buffer, page.byteOffset).getUint32(0, true);
		const runs = isSecond ? bytes.subarray(0, levels) : page.subarray(4, offset);
		checkRuns(runs, {width: 1, most: count, name});
	}

	if (encoding !== 'PLAIN' && count > 0) {
		checkRuns(page.subarray(offset + 1), {width: page[offset] ?? 0, most: count, name});
	}

	return count;
}

function levelsOf({data_page_header_v2: header}: Header): number {
	const {repetition_levels_byte_length: repetition = 0, definition_levels_byte_length: definition = 0} = header ?? {};
	if (repetition !== 0 || !(definition >= 0)) {
		throw new TypeError(`a page with ${repetition} and ${definition} bytes of levels`);
	}

	return definition;
}

function unpacked(bytes: Uint8Array, size: number): Uint8Array {
	const page = new Uint8Array(size);
	snappyUncompress(bytes, page);
	return page;
}

/** Walks the runs of a hybrid of run lengths and bit-packed groups of 8, as the decoder will. */
function checkRuns(
	bytes: Uint8Array,
	{width, most, name}: {readonly width: number; readonly most: number; readonly name: string},
): void {
	let [offset, seen] = [0, 0];
	while (seen < most && offset < bytes.length) {
		let [head, shift] = [0, 0];
		for (let byte = 0x80; byte >= 0x80; shift += 7) {
			byte = bytes[offset++] ?? 0;
			head += (byte & 0x7f) * 2 ** shift;
			if (shift > 28) {
				throw new TypeError(`a run of column ${name} whose length has no end`);
			}
		}

		const isGroup = head % 2 === 1;
		const count = isGroup ? ((head - 1) / 2) * 8 : head / 2;
		const spare = isGroup ? 7 : 0; // the last group is filled up
		if (count > most - seen + spare) {
			throw new TypeError(`a run of ${count} values in column ${name}, where at most ${most - seen} can be`);
		}

		offset += isGroup ? (count / 8) * width : Math.ceil(width / 8);
		seen += count;
	}
}
