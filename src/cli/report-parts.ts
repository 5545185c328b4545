import {drawTable} from './draw-table.ts';
import {markdownTable} from './markdown-table.ts';
import {wrapWords} from './wrap-words.ts';

/** A report before it is laid out. */
export type ReportParts = {
	readonly title: string;
	/** The first row of each is its head. */
	readonly tables: readonly {readonly title: string; readonly rows: readonly (readonly string[])[]}[];
	readonly notes: readonly string[];
};

const width = 100;

/** For a terminal of 100 columns. */
export function partsText({title, tables, notes}: ReportParts): string {
	return [
		...wrapWords('', title, width),
		'',
		...tables.flatMap(table => [table.title, drawTable(table.rows)]),
		...notes.flatMap(note => wrapWords('- ', note, width)),
		'',
	].join('\n');
}

/** As a file in Markdown. */
export function partsMarkdown({title, tables, notes}: ReportParts): string {
	return [
		`# ${title}`,
		...tables.flatMap(table => [`## ${table.title}`, markdownTable(table.rows)]),
		'## Notes',
		`${notes.map(note => `- ${note}`).join('\n')}\n`,
	].join('\n\n');
}

/** A cell with its interval below the mean, so that several stand side by side. */
export function narrow(cell: string): string {
	return cell.replace(/ ([[(])/, '\n$1');
}
