/** A table in Markdown; the first row is its head. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A text that can stand in a cell, on one line. */
export function escapeCell(text: string): string {
	return text.replaceAll(/[\\|<]/g, '\\$&').replaceAll(/\s+/g, ' ');
}
