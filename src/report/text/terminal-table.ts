import Table from 'cli-table3';
import {printable} from '../../printable.ts';

/** Columns that a border and the blanks beside a cell take, for each column of a table. */
const edges = 3;
/** Places at which a word may be broken: `no-network-latency`, `reports/measured/…`, `scaleUp.stabilizationWindowSeconds`. */
const breaks = /(?<=\w[-/])(?=\w)|(?<=[a-z]{4}\.)(?=[a-z]{4})|(?<=[a-z]{4})(?=[A-Z][a-z]{4})/;

/** Most signs of a cell with a number and its interval: a longer one is a text. */
const mostSigns = 40;

/**
 * A table in the terminal; the first row is its head. Where it is wider than the terminal, intervals go below their
 * means, then the widest columns are wrapped.
 *
 * @param width - columns of the terminal
 */
export function drawTable(rows: readonly (readonly string[])[], width: number): string {
	const plain = rows.map(row => row.map(cell => printable(cell.replaceAll('\t', ' '))));
	const cells =
		tableWidth(plain) <= width
			? plain
			: fitted(
					plain.map(([label, ...rest]) => [
						label!,
						...rest.map(cell => (cell.length > mostSigns ? cell : narrow(cell))),
					]),
					width,
				);
	const [head = [], ...body] = cells;
	const table = new Table({
		head: [...head],
		style: {head: [], border: [], 'padding-left': 1, 'padding-right': 1, compact: true},
	});
	table.push(...body.map(row => [...row]));
	return table.toString();
}

/** A cell with its interval below the mean, so that several stand side by side. */
export function narrow(cell: string): string {
	return cell.replace(/ ([[(])/, '\n$1');
}

type Rows = readonly (readonly string[])[];

function columnsOf(rows: Rows): string[][] {
	const count = Math.max(0, ...rows.map(row => row.length));
	return Array.from({length: count}, (_, column) => rows.map(row => row[column] ?? ''));
}

function longest(texts: readonly string[]): number {
	return Math.max(0, ...texts.map(text => text.length));
}

function lineWidths(rows: Rows): number[] {
	return columnsOf(rows).map(cells => longest(cells.flatMap(cell => cell.split('\n'))));
}

function tableWidth(rows: Rows): number {
	return lineWidths(rows).reduce((sum, columns) => sum + columns + edges, 1);
}

/** Rows whose cells are wrapped so that the table fits a width. */
function fitted(rows: Rows, width: number): Rows {
	const widths = lineWidths(rows);
	const words = columnsOf(rows).map(cells => longest(cells.flatMap(wordsOf)));
	let excess = tableWidth(rows) - width;
	for (const least of [words, words.map(() => 1)]) {
		while (excess > 0) {
			const room = widths.map((columns, index) => (columns > least[index]! ? columns : 0));
			const widest = room.indexOf(Math.max(...room));
			if (room[widest] === 0) {
				break;
			}

			widths[widest]!--;
			excess--;
		}
	}

	return rows.map(row => row.map((cell, index) => wrapped(cell, widths[index]!)));
}

function wordsOf(cell: string): string[] {
	return cell.split(/\s+/).flatMap(word => word.split(breaks));
}

/** Lines of at most `width` characters: between words, after a hyphen or slash, else anywhere. */
function wrapped(cell: string, width: number): string {
	return cell
		.split('\n')
		.flatMap(line => {
			const indent = /^ */.exec(line)![0];
			const lines = [''];
			for (const [index, word] of line.trim().split(' ').entries()) {
				for (const [part, piece] of piecesOf(word, width).entries()) {
					const gap = part > 0 ? '' : index > 0 ? ' ' : indent;
					const longer = `${lines.at(-1)}${gap}${piece}`;
					const isFirst = index === 0 && part === 0;
					if (longer.length <= width) {
						lines.splice(-1, 1, longer);
					} else if (isFirst) {
						lines.splice(-1, 1, piece);
					} else {
						lines.push(piece);
					}
				}
			}

			return lines;
		})
		.join('\n');
}

function piecesOf(word: string, width: number): string[] {
	return word.split(breaks).flatMap(part => part.match(new RegExp(`.{1,${width}}`, 'gu')) ?? ['']);
}
