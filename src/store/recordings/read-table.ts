import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {gunzipSync} from 'node:zlib';
import {UserError} from '../../errors.ts';
import {readOrRefuse, refuseUnreadable, sha256Of, UnreadableError} from '../disk/read-text.ts';
import {type CsvRow, parseCsv} from '../records/import-table.ts';

/** Largest table of a recording, unpacked [bytes]. */
const largestTable = 1 << 27;

/** A CSV file: the names of its columns, and its rows with the lines that they stand on. */
export type CsvTable = {
	readonly path: string;
	readonly names: readonly string[];
	readonly rows: readonly {readonly line: number; readonly cells: readonly string[]}[];
	/** SHA-256 in hex of the file, as it was read. */
	readonly digest: string;
};

/** The path as it stands, with `.csv` or with `.csv.gz`: the first that exists; undefined when none does. */
export function findTable(path: string): string | undefined {
	return [path, `${path}.gz`, `${path}.csv`, `${path}.csv.gz`].find(each => existsSync(each));
}

/**
 * Reads a CSV file, compressed by gzip or not.
 *
 * @param required - columns that it must have
 * @throws {UserError} E_FILE when it cannot be read, E_CONFIG with the line of a fault of its form
 */
export async function readCsvTable(path: string, required: readonly string[]): Promise<CsvTable> {
	const {text, digest} = await contentOf(path);
	const rows = csvRowsOf(path, text);
	const [head, ...rest] = rows;
	const names = head?.cells.map(cell => cell.trim()) ?? [];
	const lacking = required.filter(name => !names.includes(name));
	if (lacking.length > 0) {
		throw tableError(
			path,
			1,
			`a column ${lacking.join(', ')}`,
			`the columns ${names.join(', ') || 'of an empty file'}`,
		);
	}

	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined) {
		throw tableError(path, 1, 'a column once', `${twice} twice`);
	}

	for (const {line, cells} of rest) {
		if (cells.length !== names.length) {
			throw tableError(path, line, `${names.length} cells`, String(cells.length));
		}
	}

	return {path, names, rows: rest, digest};
}

/** A fault of a table in one line with its place. */
export function tableError(path: string, line: number, rule: string, got: string): UserError {
	return new UserError('E_CONFIG', `${path}:${line}:1: Expected ${rule}, got ${shortened(got)}`);
}

function shortened(text: string): string {
	return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/**
 * Rows of a CSV text, the names of its columns first.
 *
 * @throws {UserError} in one line with the place of a fault
 */
export function csvRowsOf(path: string, text: string): CsvRow[] {
	try {
		return parseCsv(text.startsWith('\uFEFF') ? text.slice(1) : text);
	} catch (error) {
		if (error instanceof RangeError) {
			throw new UserError('E_CONFIG', `${path}:${error.message}`, {cause: error});
		}

		throw error;
	}
}

async function contentOf(path: string): Promise<{readonly text: string; readonly digest: string}> {
	try {
		await refuseUnreadable(path, largestTable);
		const bytes = await readFile(path, {flag: readOrRefuse});
		const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
		const plain = isZipped ? gunzipSync(bytes, {maxOutputLength: largestTable}) : bytes;
		return {text: new TextDecoder('utf-8', {fatal: true}).decode(plain), digest: sha256Of(bytes)};
	} catch (error) {
		const fault = error instanceof UnreadableError ? error : new UnreadableError('neither UTF-8 text nor gzip of it');
		throw fault.asFault(path, 'a table in CSV');
	}
}

/** A number as CSV writes it. */
const numeric = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * A column of numbers; NaN in a cell that is blank or `NaN`.
 *
 * @returns undefined when the table lacks the column
 * @throws {UserError} E_CONFIG with the line of a cell that is no number
 */
export function numbersIn({path, names, rows}: CsvTable, name: string): Float64Array | undefined {
	const column = names.indexOf(name);
	if (column === -1) {
		return undefined;
	}

	return Float64Array.from(rows, ({line, cells}) => {
		const text = cells[column]!.trim();
		if (text === '' || text === 'NaN') {
			return Number.NaN;
		}

		const value = numeric.test(text) ? Number(text) : Number.NaN;
		if (!Number.isFinite(value)) {
			throw tableError(path, line, `${name} to be a number`, JSON.stringify(text));
		}

		return value;
	});
}
