import Table from 'cli-table3';
import {printable} from '../../printable.ts';
import {escapeMarkdown, type MarkdownCell, markdownBlock, markdownCode, markdownTable} from './markdown.ts';

/** Line of a table. */
export type Row = readonly string[];

type ReportForm = 'terminal' | 'markdown' | 'page';

/** Part of a report under a heading of its own. */
export type ReportSection = {
	/** Left out in a terminal where the table's head says it, and in Markdown for the first table. */
	readonly heading: string;
	/** Sentence below the heading. */
	readonly lead?: string;
	/** The first row is the head. */
	readonly rows?: readonly Row[];
	readonly notes?: readonly string[];
	/** Preformatted text: a file, or a chart of characters. */
	readonly code?: string;
	/** Forms that show the section: all when left out. */
	readonly forms?: readonly ReportForm[];
	/** Forms that leave the heading out. */
	readonly untitledIn?: readonly ReportForm[];
	/** Whether intervals stand below their means in a terminal, so that several columns stand side by side. */
	readonly isNarrow?: boolean;
	/** Whether cells are digests, which are code in Markdown. */
	readonly hasDigests?: boolean;
};

/** Result of a use case in words: a value that is laid out for a terminal, as Markdown or as a page. */
export type Report = {
	readonly title: string;
	/** Word that is set apart on a page, such as a verdict. */
	readonly verdict?: string;
	/** Text of the experiment's author; empty when there is none. */
	readonly description?: string;
	/** Runs, length, seed and objectives that the figures are of: as a line, and as a sentence of a document. */
	readonly scope?: {readonly line: string; readonly sentence: string};
	/** Further paragraphs below the title. */
	readonly lead?: readonly string[];
	readonly warnings?: readonly string[];
	readonly assumptions?: readonly string[];
	readonly sections: readonly ReportSection[];
};

/** A report before it is laid out. */
export type ReportParts = {
	readonly title: string;
	/** The first row of each is its head. */
	readonly tables: readonly {readonly title: string; readonly rows: readonly (readonly string[])[]}[];
	readonly notes: readonly string[];
};

const width = 100;

/** Writes a report for a terminal of 100 columns. */
export function reportText({title, description = '', scope, lead = [], ...rest}: Report): string {
	const {warnings = [], assumptions = [], sections} = rest;
	return [
		...wrapWords('', title, width),
		...(description === '' ? [] : wrapWords('', description, width)),
		...(scope === undefined ? [] : wrapWords('', scope.line, width)),
		...lead.flatMap(paragraph => wrapWords('', paragraph, width)),
		...warnings.flatMap(warning => wrapWords('Warning: ', warning, width)),
		...assumptions.flatMap(assumption => wrapWords('Assumed: ', assumption, width)),
		'',
		...sectionsIn('terminal', sections).flatMap(sectionText),
		'',
	].join('\n');
}

function sectionText({heading, lead, code, rows, notes = [], isNarrow = false}: ReportSection): string[] {
	return [
		...(heading === '' ? [] : [printable(heading)]),
		...(lead === undefined ? [] : wrapWords('', lead, width)),
		...(code === undefined ? [] : [...(code === '' ? [] : [printable(code)]), '']),
		...(rows === undefined ? [] : [drawTable(isNarrow ? rows.map(row => row.map(narrow)) : rows)]),
		...notes.flatMap(note => wrapWords('- ', note, width)),
	];
}

/** Writes a report as a file in Markdown. */
export function reportMarkdown({title, description = '', scope, lead = [], ...rest}: Report): string {
	const {warnings = [], assumptions = [], sections} = rest;
	const paragraphs = [
		`# ${escapeMarkdown(title)}`,
		...[...(description === '' ? [] : [description]), ...(scope === undefined ? [] : [scope.sentence]), ...lead].map(
			escapeMarkdown,
		),
		...warnings.map(warning => `**Warning: ${escapeMarkdown(warning)}**`),
		...listOf(assumptions.map(assumption => `Assumed: ${assumption}`)),
		...sectionsIn('markdown', sections).flatMap(sectionMarkdown),
	];
	return `${paragraphs.join('\n\n')}\n`;
}

function sectionMarkdown({heading, lead, code, rows, notes = [], hasDigests = false}: ReportSection): string[] {
	return [
		...(heading === '' ? [] : [`## ${escapeMarkdown(heading)}`]),
		...(lead === undefined ? [] : [escapeMarkdown(lead)]),
		...(rows === undefined ? [] : [markdownTable(hasDigests ? rows.map(row => row.map(digestAsCode)) : rows)]),
		...(code === undefined ? [] : [markdownBlock(code)]),
		...listOf(notes),
	];
}

function listOf(items: readonly string[]): string[] {
	return items.length === 0 ? [] : [items.map(item => `- ${escapeMarkdown(item)}`).join('\n')];
}

function digestAsCode(text: string): MarkdownCell {
	return /^[\da-f]{12,}$/.test(text) ? markdownCode(text) : text;
}

/** Sections that a form shows; without a heading where the form leaves it out. */
export function sectionsIn(form: ReportForm, sections: readonly ReportSection[]): ReportSection[] {
	return sections
		.filter(({forms}) => forms?.includes(form) ?? true)
		.map(section => (section.untitledIn?.includes(form) === true ? {...section, heading: ''} : section));
}

/** Writes the parts of a report for a terminal of 100 columns. */
export function partsText({title, tables, notes}: ReportParts): string {
	return [
		...wrapWords('', title, width),
		'',
		...tables.flatMap(table => [printable(table.title), drawTable(table.rows)]),
		...notes.flatMap(note => wrapWords('- ', note, width)),
		'',
	].join('\n');
}

/** Writes the parts of a report as a file in Markdown. */
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
