import Table from 'cli-table3';
import {printable} from '../files/printable.ts';

/** A table in the terminal; the first row is its head. */
export function drawTable([head, ...rows]: readonly (readonly string[])[]): string {
	const table = new Table({
		head: (head ?? []).map(printable),
		style: {head: [], border: [], 'padding-left': 1, 'padding-right': 1, compact: true},
	});
	table.push(...rows.map(row => row.map(printable)));
	return table.toString();
}
