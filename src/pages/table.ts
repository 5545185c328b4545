import {escapeHtml} from './escape-html.ts';

/** A table, its first row the head; two spaces before a label set it in. */
export function tableHtml([head = [], ...rows]: readonly (readonly string[])[]): string {
	const cells = (row: readonly string[]) =>
		row.map((cell, column) => (column === 0 ? rowHead(cell) : `<td>${escapeHtml(cell)}</td>`)).join('');
	return [
		'<div class="table" tabindex="0"><table>',
		`<thead><tr>${head.map(cell => `<th scope="col">${escapeHtml(cell)}</th>`).join('')}</tr></thead>`,
		`<tbody>${rows.map(row => `<tr>${cells(row)}</tr>`).join('\n')}</tbody>`,
		'</table></div>',
	].join('\n');
}

function rowHead(label: string): string {
	const isWithin = label.startsWith('  ');
	return `<th scope="row"${isWithin ? ' class="within"' : ''}>${escapeHtml(label.trim())}</th>`;
}
