import Table from 'cli-table3';
import {escapeMarkdown, markdownTable} from './markdown.ts';
import {printable} from './printable.ts';

/** A report before it is laid out. */
export type ReportParts = {
	readonly title: string;
	/** The first row of each is its head. */
	readonly tables: readonly {readonly title: string; readonly rows: readonly (readonly string[])[]}[];
	readonly notes: readonly string[];
};

const width = 100;

/** Formats the report for a terminal of 100 columns. */
export function partsText({title, tables, notes}: ReportParts): string {
	return [
		...wrapWords('', title, width),
		'',
		...tables.flatMap(table => [printable(table.title), drawTable(table.rows)]),
		...notes.flatMap(note => wrapWords('- ', note, width)),
		'',
	].join('\n');
}

/** Writes the report as a file in Markdown. */
export function partsMarkdown({title, tables, notes}: ReportParts): string {
	return [
		`# ${escapeMarkdown(title)}`,
		...tables.flatMap(table => [`## ${escapeMarkdown(table.title)}`, markdownTable(table.rows)]),
		'## Notes',
		`${notes.map(note => `- ${escapeMarkdown(note)}`).join('\n')}\n`,
	].join('\n\n');
}

/** A cell with its interval below the mean, so that several stand side by side. */
export function narrow(cell: string): string {
	return cell.replace(/ ([[(])/, '\n$1');
}

/** A table in the terminal; the first row is its head. */
export function drawTable([head, ...rows]: readonly (readonly string[])[]): string {
	const table = new Table({
		head: (head ?? []).map(printable),
		style: {head: [], border: [], 'padding-left': 1, 'padding-right': 1, compact: true},
	});
	table.push(...rows.map(row => row.map(printable)));
	return table.toString();
}

/**
 * Breaks `first` followed by `text` between words into lines of at most `width` characters; the lines after the first
 * start below the text.
 */
export function wrapWords(first: string, text: string, width: number): string[] {
	const lines = [printable(first)];
	let isLineEmpty = true;
	for (const word of printable(text).split(' ')) {
		const longer = isLineEmpty ? `${lines.at(-1)}${word}` : `${lines.at(-1)} ${word}`;
		if (isLineEmpty || longer.length <= width) {
			lines.splice(-1, 1, longer);
		} else {
			lines.push(`${' '.repeat(first.length)}${word}`);
		}

		isLineEmpty = false;
	}

	return lines;
}
