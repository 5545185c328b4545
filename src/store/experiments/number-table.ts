import {readPinnedText} from '../disk/read-text.ts';
import {parseCsv} from '../records/import-table.ts';
import type {FaultLine} from '../yaml/source-tree.ts';

/** Largest table that an experiment names [bytes]. */
const largestTable = 1 << 26;
/** Latest time of a table, a year [s]. */
const latest = 366 * 86_400;

/** Column of numbers from 0 on. */
type NumberColumn = {
	readonly name: string;
	readonly most: number;
	/** Whether a blank cell is a number that nobody knows. */
	readonly mayBeBlank?: true;
};

/** Rows of a table in the order of time, and the digest of its file in hex; or its first fault. */
export type ReadTable<Row> = {readonly sha256: string} & (
	| {readonly rows: readonly Row[]}
	| {readonly fault: FaultLine}
);

/** A row of a table: its time [s], and the values of the columns in their order; NaN where a cell is blank. */
type NumberRow = {readonly at: number; readonly values: readonly number[]};

/**
 * Reads a table in CSV whose first column in meaning is `seconds` from time 0 on, ascending. Columns that are not asked for
 * are left alone.
 *
 * @throws {UnreadableError} when the file cannot be read
 */
export async function readNumberTable(path: string, columns: readonly NumberColumn[]): Promise<ReadTable<NumberRow>> {
	const {text, sha256} = await readPinnedText(path, largestTable);
	try {
		return {sha256, rows: rowsIn(text, columns)};
	} catch (error) {
		if (!(error instanceof RangeError)) {
			throw error;
		}

		const [, line = '1', message = error.message] = /^(\d+): (.*)$/s.exec(error.message) ?? [];
		return {sha256, fault: {source: {file: path, line: Number(line), column: 1}, message}};
	}
}

/** @throws {RangeError} with the line of the first fault and a colon before its message */
function rowsIn(text: string, columns: readonly NumberColumn[]): NumberRow[] {
	const [head, ...rows] = parseCsv(text);
	const names = head?.cells.map(cell => cell.trim()) ?? [];
	const time = {name: 'seconds', most: latest};
	const places = [time, ...columns].map(({name}) => names.indexOf(name));
	if (places.includes(-1)) {
		const wanted = [time, ...columns].map(({name}) => name).join(' and ');
		throw new RangeError(`1: Expected the columns ${wanted}, got ${shown(names.join(', '))}`);
	}

	if (rows.length === 0) {
		throw new RangeError('1: Expected at least one line after the names of the columns, got none');
	}

	let before = -1;
	return rows.map(({line, cells}) => {
		if (cells.length !== names.length) {
			throw new RangeError(`${line}: Expected ${names.length} cells, got ${cells.length}`);
		}

		const at = numberIn(cells[places[0]!]!, time, line);
		if (at <= before) {
			throw new RangeError(`${line}: Expected seconds to be later than ${before}, the line before, got ${at}`);
		}

		before = at;
		return {at, values: columns.map((column, index) => numberIn(cells[places[index + 1]!]!, column, line))};
	});
}

const decimal = /^\+?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

function numberIn(cell: string, {name, most, mayBeBlank}: NumberColumn, line: number): number {
	const text = cell.trim();
	if (text === '' && mayBeBlank === true) {
		return Number.NaN;
	}

	const value = decimal.test(text) ? Number(text) : Number.NaN;
	if (!(value <= most)) {
		const blank = mayBeBlank === true ? ', or blank' : '';
		throw new RangeError(`${line}: Expected ${name} to be a number from 0 to ${most}${blank}, got ${shown(text)}`);
	}

	return value;
}

function shown(text: string): string {
	return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
