import {printable, unbroken} from '../../printable.ts';
import {unit} from './format.ts';
import {escapeMarkdown, type MarkdownCell, markdownBlock, markdownCode, markdownTable} from './markdown.ts';
import {drawTable, narrow} from './terminal-table.ts';

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
	/**
	 * Whether a terminal shows the section only where all is asked for (`full`), or only where it is not (`short`); in both
	 * cases when left out.
	 */
	readonly detail?: 'full' | 'short';
	/** Forms that leave the heading out. */
	readonly untitledIn?: readonly ReportForm[];
	/** Whether intervals stand below their means in a terminal, so that several columns stand side by side. */
	readonly isNarrow?: boolean;
	/** Whether the last column of a page's table is text, which begins at the left. */
	readonly hasText?: boolean;
	/** Whether cells are digests, which are code in Markdown. */
	readonly hasDigests?: boolean;
};

/** Result of a use case in words: a value that is laid out for a terminal, as Markdown or as a page. */
export type Report = {
	readonly title: string;
	/** Word that is set apart on a page, such as a verdict. */
	readonly verdict?: string;
	/** Two to five lines that say first what a reader wants to know: what was found, how sure it is, what to do next. */
	readonly answer?: readonly string[];
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

/** Layout of a report in a terminal. */
export type TerminalOptions = {
	/** Columns of the terminal. */
	readonly width?: number;
	/** Whether all is shown; true when left out. */
	readonly isFull?: boolean;
};

/** Columns of a terminal whose width is unknown; lines are no longer in a wider one. */
export const usualWidth = 100;

/** Writes a report for a terminal: the title, the answer, then all that it rests on. */
export function reportText(
	{title, description = '', scope, lead = [], ...rest}: Report,
	{width = usualWidth, isFull = true}: TerminalOptions = {},
): string {
	const {answer = [], warnings = [], assumptions = [], sections} = rest;
	const hasMore = [description, scope?.line ?? '', ...lead, ...warnings, ...assumptions].some(text => text !== '');
	return [
		...wrapWords('', title, width),
		...answer.flatMap(line => answerLines(line, width)),
		...(answer.length > 0 && hasMore ? [''] : []),
		...(description === '' || !isFull ? [] : wrapWords('', description, width)),
		...(scope === undefined ? [] : wrapWords('', scope.line, width)),
		...lead.flatMap(paragraph => wrapWords('', paragraph, width)),
		...warnings.flatMap(warning => wrapWords('Warning: ', warning, width)),
		...assumptions.flatMap(assumption => wrapWords('Assumed: ', assumption, width)),
		'',
		...sectionsIn('terminal', sections)
			.filter(({detail}) => detail !== (isFull ? 'short' : 'full'))
			.flatMap(section => sectionText(section, width)),
		'',
	].join('\n');
}

/** A next step that ends with a command: what it is for, the command, and what is said after it. */
const step = /^(?<lead>Next:(?: [^()]*(?::|, then))?) (?<command>replicast (?:'[^']*'|[^,'])*)(?<more>, .*)?$/;

/** Lines of an answer; a command that does not fit beside its words has a line of its own, whole, so that it can be copied. */
function answerLines(line: string, width: number): string[] {
	const wrapped = wrapWords('', line, width);
	const {lead, command, more} = step.exec(line)?.groups ?? {};
	return wrapped.length === 1 || lead === undefined || command === undefined
		? wrapped
		: [
				...wrapWords('', lead, width),
				`  ${printable(command)}`,
				...(more === undefined ? [] : wrapWords('  ', more.slice(2), width)),
			];
}

function sectionText(
	{heading, lead, code, rows, notes = [], isNarrow = false}: ReportSection,
	width: number,
): string[] {
	return [
		...(heading === '' ? [] : wrapWords('', heading, width)),
		...(lead === undefined ? [] : wrapWords('', lead, width)),
		...(code === undefined ? [] : [...(code === '' ? [] : [printable(code)]), '']),
		...(rows === undefined ? [] : [drawTable(isNarrow ? rows.map(row => row.map(narrow)) : rows, width)]),
		...notes.flatMap(note => wrapWords('- ', note, width)),
	];
}

/** Writes a report as a file in Markdown. */
export function reportMarkdown({title, description = '', scope, lead = [], ...rest}: Report): string {
	const {answer = [], warnings = [], assumptions = [], sections} = rest;
	const paragraphs = [
		`# ${escapeMarkdown(title)}`,
		...answer.map((line, index) => (index === 0 ? `**${escapeMarkdown(line)}**` : escapeMarkdown(line))),
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

/** Space between words: not the one between a number and its unit. */
const gap = new RegExp(` (?!${unit})`);

/**
 * Breaks `first` followed by `text` between words into lines of at most `width` characters; the lines after the first
 * start below the text.
 */
export function wrapWords(first: string, text: string, width: number): string[] {
	const lines = [printable(first)];
	let isLineEmpty = true;
	for (const word of unbroken(text).split(gap)) {
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

/** Lines of a text that fit a width: the rest of a longer one is set in below it. */
export function wrapLines(text: string, width: number): string {
	return text
		.split('\n')
		.flatMap(line => {
			const indent = /^ */.exec(line)![0];
			const [first = '', ...rest] = wrapWords(indent, line.slice(indent.length), width);
			const below = `${indent}  `;
			return rest.length === 0 ? [first] : [first, ...wrapWords(below, rest.map(each => each.trim()).join(' '), width)];
		})
		.join('\n');
}

/** A text, or its beginning and an ellipsis where it is longer than a width. */
export function cutTo(text: string, width: number): string {
	const shown = unbroken(text);
	return shown.length <= width ? shown : `${shown.slice(0, Math.max(0, width - 1))}…`;
}
