/*
 * Texts of others for a medium in which they can do nothing. A terminal and everything that has no signs of its own:
 * `printable` and `onOneLine`. The other media build on them: Markdown `escapeMarkdown`, HTML `escapeHtml`, CSV `csvOf`,
 * YAML `yamlText`, a shell `shellWord`.
 */

/**
 * Characters that nobody sees and that act: controls, format and bidirectional characters, ends of lines that are not
 * `\n`, and fillers that take no room. The two that choose a sign's picture (U+FE0E, U+FE0F) are left.
 */
export const hidden = /[^\n\t\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]|(?!\uFE0E|\uFE0F)\p{DI}/gu;

/**
 * A text as a terminal may show it: control, format and bidirectional characters stand as escapes, so that no file,
 * record or server can move the cursor, set a title or turn text round. Line breaks and tabs stay, and JSON stays the
 * same document.
 */
export function printable(text: string): string {
	return text.replaceAll(hidden, character => escapeOf(character));
}

/** A text as a terminal may show it, with line breaks and tabs as escapes too, so that it cannot pretend to be two lines. */
export function onOneLine(text: string): string {
	return printable(text.replaceAll(/[\n\t]/g, escapeOf));
}

/** A text as a terminal may show it, with blanks for its line breaks and tabs. */
export function unbroken(text: string): string {
	return printable(text.replaceAll(/\s*[\r\n\t]\s*/g, ' '));
}

/** `\u001b`: the escape of one character, as JSON has it. */
export function escapeOf(character: string): string {
	const quoted = JSON.stringify(character).slice(1, -1);
	return quoted === character ? character.split('').map(unitEscape).join('') : quoted;
}

function unitEscape(unit: string): string {
	return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Word of a command line, quoted as a POSIX shell reads it. */
export function shellWord(word: string): string {
	return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
