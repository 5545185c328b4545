import {printable} from '../../printable.ts';

/** A cell of a table: plain text, which is escaped, or Markdown of our own, such as a link. */
export type MarkdownCell = string | {readonly markdown: string};

/** Signs that make HTML, code, a link, an image, an entity or the next cell. */
const signs =
	/[\\`|]|<(?=[a-z/!?]|[^\s<]*@)|(?<=\])[[(]|&(?=[#\w])|:(?=\/\/)|(?<=\bwww)\.|(?<=[\w.+-])@(?=[\w-]+\.\w)/gi;
/** Signs that make type bold, slanted or struck out: not the ones within a word, nor between blanks. */
const emphasis = /\*(?=\S)|(?<=\S)\*|(?<![\p{L}\p{N}])_(?=\S)|(?<=\S)_(?![\p{L}\p{N}])|(?<=\S)~/gu;
/** Beginnings of a line that make a heading, a quotation, a list, a fence, a rule or the target of links. */
const beginning = /(?<=^ ?)(?:#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|~~~|(?:[-_*]\s?){3,}$|\[(?=.*\]:|[ x]\](?:\s|$)))/i;

/** A text in Markdown, on one line and as plain text: nothing in it is HTML, a link, an image or a block of its own. */
export function escapeMarkdown(text: string): string {
	return printable(text)
		.replaceAll(/\s+/g, ' ')
		.replaceAll(signs, '\\$&')
		.replaceAll(emphasis, '\\$&')
		.replace(beginning, '\\$&')
		.replace(/(?<=^ ?\d{1,9})[.)](?=\s|$)/, '\\$&');
}

/** A table in Markdown; the first row is its head. */
export function markdownTable([head = [], ...rows]: readonly (readonly MarkdownCell[])[]): string {
	const line = (cells: readonly MarkdownCell[]) =>
		`| ${cells.map(cell => (typeof cell === 'string' ? escapeMarkdown(cell) : cell.markdown)).join(' | ')} |`;
	return [line(head), line(head.map(() => ({markdown: '---'}))), ...rows.map(line)].join('\n');
}

/** A word in the type of code; plain text when it is no word. */
export function markdownCode(text: string): MarkdownCell {
	return /^[\w.-]+$/.test(text) ? {markdown: `\`${text}\``} : text;
}

/** A preformatted text, in a fence that is longer than any in it. */
export function markdownBlock(text: string): string {
	const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(run => run.length));
	const fence = '`'.repeat(longest + 1);
	return [`${fence}text`, ...(text === '' ? [] : [printable(text)]), fence].join('\n');
}

/** A link to a file, by its relative path. */
export function markdownLink(text: string, path: string): MarkdownCell {
	const target = path.replaceAll(/[^\p{L}\p{N}/._~+,=@-]/gu, percentEscape);
	const label = escapeMarkdown(text).replaceAll(/\\.|[[\]]/g, sign => (sign.length > 1 ? sign : `\\${sign}`));
	return {markdown: `[${label}](${target})`};
}

function percentEscape(character: string): string {
	const bytes = [...new TextEncoder().encode(character)];
	return bytes.map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
