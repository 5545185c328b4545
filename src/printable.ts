/**
 * A text as a terminal may show it: control, format and bidirectional characters stand as escapes, so that no file,
 * record or server can move the cursor, set a title or turn text round. Line breaks and tabs stay, and JSON stays the
 * same document.
 */
export function printable(text: string): string {
	return text.replaceAll(/[^\n\t\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]/gu, character => escapeOf(character));
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
