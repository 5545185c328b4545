import {printable} from '../../printable.ts';
import type {Cell, Chart, DataRow} from './chart.ts';

/** A chart's data as CSV, its head with units, such as `cost [$/h]`; an empty cell where there is nothing. */
export function csvOf({data, units = {}}: Pick<Chart, 'data'> & Partial<Pick<Chart, 'units'>>): string {
	const columns = columnsOf(data);
	const lines = data.map(row => columns.map(column => csvCell(row[column] ?? null)).join(','));
	const head = columns.map(column => csvCell(withUnit(column, units)));
	return `${[head.join(','), ...lines].join('\n')}\n`;
}

/** Writes a chart's data as JSON: its title, the units of its columns, its rows. */
export function jsonOf({name, title, description, units, data}: Chart): string {
	return printable(`${JSON.stringify({name, title, description, units, rows: data}, null, '\t')}\n`);
}

/** Name of a column with its unit, where it has one. */
export function withUnit(column: string, units: Chart['units']): string {
	return units[column] === undefined ? column : `${column} [${units[column]}]`;
}

function columnsOf(data: readonly DataRow[]): string[] {
	return [...new Set(data.flatMap(row => Object.keys(row)))];
}

/** A text that a spreadsheet would run as a formula has an apostrophe before it; control characters are escapes. @see RFC 4180 */
function csvCell(cell: Cell): string {
	const isFormula = typeof cell === 'string' && /^\s*[=+\-@＝＋－＠]|^[\t\r]/.test(cell);
	const text = cell === null ? '' : printable(`${isFormula ? "'" : ''}${cell}`);
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
