import {parseCsv} from './parse-csv.ts';
import type {ColumnType} from './record-columns.ts';

/** What a column may hold, where it is not any text. */
export type Words = Readonly<Record<string, readonly string[]>>;

type Form = {readonly types: Readonly<Record<string, ColumnType>>; readonly words: Words};
type Column = Float64Array | Int32Array | string[];
type Row = {readonly line: number; readonly value: (column: string) => unknown};

/** Most faults that are told of a table. */
const mostFaults = 5;

/**
 * A table of a record from CSV (with a head) or NDJSON (an object a line). In a column of times an empty cell, `null` or
 * `NaN` is no time, and a column that is left out holds none; whole numbers have to be there.
 *
 * @throws {RangeError} with a line for each fault, at most five
 */
export function importTable(text: string, format: 'csv' | 'ndjson', form: Form): Record<string, Column> {
	const rows = format === 'csv' ? csvRows(text, form) : ndjsonRows(text, form);
	const faults: {line: number; message: string}[] = [];
	const columns = Object.entries(form.types).map(([name, type]) => {
		const values = rows.map(({line, value}) => {
			try {
				return cellOf(value(name), {name, type, words: form.words[name]});
			} catch (error) {
				faults.push({line, message: `line ${line}: ${(error as Error).message}`});
				return type === 'STRING' ? '' : 0;
			}
		});
		return [name, columnOf(type, values)] as const;
	});
	if (faults.length > 0) {
		const more = faults.length > mostFaults ? [`and ${faults.length - mostFaults} more`] : [];
		const first = faults.sort((a, b) => a.line - b.line).slice(0, mostFaults);
		throw new RangeError([...first.map(({message}) => message), ...more].join('\n'));
	}

	return Object.fromEntries(columns);
}

function csvRows(text: string, {types}: Form): Row[] {
	const [head, ...rows] = parseCsv(text.startsWith('\uFEFF') ? text.slice(1) : text);
	const names = head?.cells.map(cell => cell.trim()) ?? [];
	refuseColumns(names, types);
	return rows.map(({line, cells}) => {
		if (cells.length !== names.length) {
			throw new RangeError(`line ${line}: Expected ${names.length} cells, got ${cells.length}`);
		}

		return {line, value: column => cells[names.indexOf(column)]};
	});
}

function ndjsonRows(text: string, {types}: Form): Row[] {
	return text.split(/\r?\n/).flatMap((content, index) => {
		if (content.trim() === '') {
			return [];
		}

		const row = parseLine(content, index + 1);
		refuseColumns(Object.keys(row), types);
		return [{line: index + 1, value: (column: string) => row[column]}];
	});
}

function parseLine(content: string, line: number): Record<string, unknown> {
	let row: unknown;
	try {
		row = JSON.parse(content);
	} catch (error) {
		throw new RangeError(`line ${line}: Expected JSON, got ${(error as Error).message}`, {cause: error});
	}

	if (typeof row !== 'object' || row === null || Array.isArray(row)) {
		throw new RangeError(`line ${line}: Expected an object, got ${content.slice(0, 40)}`);
	}

	return row as Record<string, unknown>;
}

function refuseColumns(names: readonly string[], types: Form['types']): void {
	const known = Object.keys(types);
	const strange = names.find(name => !known.includes(name));
	if (strange !== undefined) {
		throw new RangeError(`Expected columns among ${known.join(', ')}, got ${JSON.stringify(strange)}`);
	}
}

type CellForm = {readonly name: string; readonly type: ColumnType; readonly words: readonly string[] | undefined};

function cellOf(value: unknown, {name, type, words}: CellForm): string | number {
	if (type === 'STRING') {
		const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
		if (words !== undefined && !words.includes(text)) {
			throw new RangeError(`Expected ${name} to be one of ${words.join(', ')}, got ${JSON.stringify(text)}`);
		}

		return text;
	}

	const isAbsent = value === undefined || value === null || value === '' || value === 'NaN';
	if (isAbsent && type === 'DOUBLE') {
		return Number.NaN;
	}

	const number = isAbsent ? Number.NaN : Number(value);
	if (!Number.isFinite(number) || (type === 'INT32' && (number | 0) !== number)) {
		const rule = type === 'INT32' ? 'a whole number' : 'a number';
		throw new RangeError(`Expected ${name} to be ${rule}, got ${JSON.stringify(value ?? null)}`);
	}

	return number;
}

function columnOf(type: ColumnType, values: readonly (string | number)[]): Column {
	if (type === 'STRING') {
		return values as string[];
	}

	return type === 'INT32' ? Int32Array.from(values as number[]) : Float64Array.from(values as number[]);
}
