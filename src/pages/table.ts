import {escapeHtml} from './escape-html.ts';

/**
 * A table, its first row the head; two spaces before a label set it in.
 *
 * @param name - read to those who do not see it
 */
export function tableHtml([head = [], ...rows]: readonly (readonly string[])[], name?: string): string {
	const cells = (row: readonly string[]) =>
		row.map((cell, column) => (column === 0 ? rowHead(cell) : `<td>${escapeHtml(cell)}</td>`)).join('');
	return [
		`<div class="table" tabindex="0"${name === undefined ? '' : ` role="region" aria-label="${escapeHtml(name)}"`}><table>`,
		`<thead><tr>${head.map(columnHead).join('')}</tr></thead>`,
		`<tbody>${rows.map(row => `<tr>${cells(row)}</tr>`).join('\n')}</tbody>`,
		'</table></div>',
	].join('\n');
}

/** A corner that says nothing is no head. */
function columnHead(cell: string): string {
	return cell === '' ? '<td></td>' : `<th scope="col">${escapeHtml(cell)}</th>`;
}

function rowHead(label: string): string {
	const isWithin = label.startsWith('  ');
	return `<th scope="row"${isWithin ? ' class="within"' : ''}>${escapeHtml(label.trim())}</th>`;
}
