import type {Column, ColumnForm, ColumnType, TableForm} from '../../records/column.ts';

type Form = {
	readonly columns: TableForm;
	/** Times of which the first is not after the second, where both are there. */
	readonly order?: readonly (readonly [earlier: string, later: string])[];
};
type Row = {readonly line: number; readonly value: (column: string) => unknown};

/** Most faults that are reported of a table. */
const mostFaults = 5;

/**
 * A table of a record from CSV (with a head) or NDJSON (an object a line). In a column of times a blank cell, `null` or
 * `NaN` is no time, and a column that is left out holds none; whole numbers and what `required` names have to be there.
 *
 * @throws {RangeError} with a line for each fault, at most five, each with the number of its line in the table
 */
export function importTable(text: string, format: 'csv' | 'ndjson', form: Form): Record<string, Column> {
	const rows = format === 'csv' ? csvRows(text, form) : ndjsonRows(text, form);
	const faults: {line: number; message: string}[] = [];
	const columns = Object.entries(form.columns).map(([name, column]) => {
		const values = rows.map(({line, value}) => {
			try {
				return cellOf(value(name), {...column, name});
			} catch (error) {
				faults.push({line, message: `${line}: ${(error as Error).message}`});
				return column.type === 'STRING' ? '' : 0;
			}
		});
		return [name, columnOf(column.type, values)] as const;
	});
	const table = Object.fromEntries(columns);
	if (faults.length === 0) {
		for (const [row, {line}] of rows.entries()) {
			const fault = orderFault(table, row, form);
			if (fault !== undefined) {
				faults.push({line, message: `${line}: ${fault}`});
			}
		}
	}

	if (faults.length > 0) {
		const more = faults.length > mostFaults ? [`and ${faults.length - mostFaults} more`] : [];
		const first = faults.sort((a, b) => a.line - b.line).slice(0, mostFaults);
		throw new RangeError([...first.map(({message}) => message), ...more].join('\n'));
	}

	return table;
}

function csvRows(text: string, {columns}: Form): Row[] {
	const [head, ...rows] = parseCsv(text.startsWith('\uFEFF') ? text.slice(1) : text);
	const names = head?.cells.map(cell => cell.trim()) ?? [];
	refuseTwice(names, head?.line ?? 1);
	refuseColumns(names, columns, head?.line ?? 1);
	return rows.map(({line, cells}) => {
		if (cells.length !== names.length) {
			throw new RangeError(`${line}: Expected ${names.length} cells, got ${cells.length}`);
		}

		return {line, value: column => cells[names.indexOf(column)]};
	});
}

function refuseTwice(names: readonly string[], line: number): void {
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined) {
		throw new RangeError(`${line}: Expected a column once, got ${JSON.stringify(twice)} twice`);
	}
}

function ndjsonRows(text: string, {columns}: Form): Row[] {
	return text.split(/\r?\n/).flatMap((content, index) => {
		if (content.trim() === '') {
			return [];
		}

		const row = parseLine(content, index + 1);
		refuseColumns(Object.keys(row), columns, index + 1);
		return [{line: index + 1, value: (column: string) => row[column]}];
	});
}

function parseLine(content: string, line: number): Record<string, unknown> {
	let row: unknown;
	try {
		row = JSON.parse(content);
	} catch (error) {
		throw new RangeError(`${line}: Expected JSON, got ${(error as Error).message}`, {cause: error});
	}

	if (typeof row !== 'object' || row === null || Array.isArray(row)) {
		throw new RangeError(`${line}: Expected an object, got ${content.slice(0, 40)}`);
	}

	refuseTwice(keysOf(content), line);
	return row as Record<string, unknown>;
}

/** The keys of an object in JSON as they stand there: what is parsed of it has each but once. */
function keysOf(content: string): string[] {
	const keys: string[] = [];
	let depth = 0;
	for (const [token, key] of content.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
		if (key !== undefined && depth === 1) {
			keys.push(JSON.parse(key) as string);
		}

		depth += token === '{' || token === '[' ? 1 : token === '}' || token === ']' ? -1 : 0;
	}

	return keys;
}

function refuseColumns(names: readonly string[], columns: TableForm, line: number): void {
	const known = Object.keys(columns);
	const strange = names.find(name => !known.includes(name));
	if (strange !== undefined) {
		throw new RangeError(`${line}: Expected columns among ${known.join(', ')}, got ${JSON.stringify(strange)}`);
	}
}

type CellForm = ColumnForm & {readonly name: string};

function cellOf(value: unknown, form: CellForm): string | number {
	return form.type === 'STRING' ? textOf(value, form) : numberOf(value, form);
}

function textOf(value: unknown, {name, values, json, required}: CellForm): string {
	const isList = json !== undefined && Array.isArray(value);
	if (!isList && !['undefined', 'string', 'number'].includes(value === null ? 'undefined' : typeof value)) {
		throw new RangeError(`Expected ${name} to be a text, got ${JSON.stringify(value)}`);
	}

	const text = isList ? JSON.stringify(value) : String(value ?? '');
	if (values !== undefined && !values.includes(text)) {
		throw new RangeError(`Expected ${name} to be one of ${values.join(', ')}, got ${JSON.stringify(text)}`);
	}

	if (text.trim() === '' && required) {
		throw new RangeError(`Expected ${name} to be a text, got ${JSON.stringify(value ?? null)}`);
	}

	return text;
}

/** A number as JSON and CSV write it: no other base, no digits apart. */
const numeric = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function numberOf(value: unknown, {name, type, natural, required}: CellForm): number {
	const given = typeof value === 'string' ? value.trim() : value;
	const isAbsent = given === undefined || given === null || given === '' || given === 'NaN';
	if (isAbsent && type === 'DOUBLE' && !required) {
		return Number.NaN;
	}

	const isNumber = typeof given === 'number' || (typeof given === 'string' && numeric.test(given));
	const number = isNumber ? Number(given) : Number.NaN;
	const isWhole = type !== 'INT32' || (number | 0) === number;
	if (!Number.isFinite(number) || !isWhole || (natural && number < 0)) {
		const rule = type === 'INT32' ? 'a whole number' : 'a number';
		const least = natural ? ' of at least 0' : '';
		throw new RangeError(`Expected ${name} to be ${rule}${least}, got ${JSON.stringify(value ?? null)}`);
	}

	return number;
}

/** @returns what is wrong with the order of a row's times */
function orderFault(columns: Readonly<Record<string, Column>>, row: number, {order = []}: Form): string | undefined {
	for (const [earlier, later] of order) {
		const [first, second] = [columns[earlier]![row]!, columns[later]![row]!];
		if (first > second) {
			return `Expected ${later} to be at least ${earlier} (${first}), got ${second}`;
		}
	}

	return undefined;
}

function columnOf(type: ColumnType, values: readonly (string | number)[]): Column {
	if (type === 'STRING') {
		return values as string[];
	}

	return type === 'INT32' ? Int32Array.from(values as number[]) : Float64Array.from(values as number[]);
}

/** A row of a CSV file and the line on which it begins, from 1. */
export type CsvRow = {readonly line: number; readonly cells: readonly string[]};

/**
 * Rows of a CSV file: cells apart by commas, quoted where they hold commas, quotes (doubled) or line ends; empty lines
 * are left out.
 *
 * @throws {RangeError} naming the line of a quote that is not closed, or that stands inside a cell
 * @see RFC 4180
 */
export function parseCsv(text: string): CsvRow[] {
	const rows: CsvRow[] = [];
	const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;
	let cells: string[] = [];
	let [line, begin] = [1, 1];
	while (cell.lastIndex < text.length || cells.length > 0) {
		const at = cell.lastIndex;
		const found = cell.exec(text);
		if (found === null) {
			throw new RangeError(`${line}: Expected a quote to open a cell and to be closed, got one that does not`);
		}

		const [whole, value = '', end = ''] = found;
		cells.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
		line += whole.split('\n').length - 1;
		if (end !== ',') {
			if (cells.length > 1 || cells[0] !== '') {
				rows.push({line: begin, cells});
			}

			cells = [];
			begin = line;
			if (at === text.length) {
				break;
			}
		}
	}

	return rows;
}
