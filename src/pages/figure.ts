import type {Chart} from '../charts/chart.ts';
import {recoloured} from '../charts/palette.ts';
import {escapeHtml} from './escape-html.ts';
import {variableOf} from './page.ts';
import {tableHtml} from './table.ts';

/** A chart and what was drawn of it. */
export type Drawn = {readonly chart: Chart; readonly svg: string};

/** Rows beyond which a chart's data are not repeated as a table. */
const mostRows = 60;

/** A chart within a page, in the page's colours, named for those who cannot see it. */
export function figureHtml({chart, svg}: Drawn, {hasData = true} = {}): string {
	const inline = recoloured(svg, colour => `var(${variableOf(colour)})`).replace(
		'<svg ',
		`<svg role="img" aria-label="${escapeHtml(`${chart.title}. ${chart.description}`)}" `,
	);
	return `<figure id="${escapeHtml(chart.name)}">\n${inline}\n${hasData ? dataHtml(chart) : ''}</figure>`;
}

function dataHtml({title, data, units}: Chart): string {
	if (data.length > mostRows) {
		return '';
	}

	const columns = [...new Set(data.flatMap(row => Object.keys(row)))];
	const head = columns.map(column => (units[column] === undefined ? column : `${column} [${units[column]}]`));
	const rows = data.map(row => columns.map(column => String(row[column] ?? '')));
	return `<details><summary>Data of “${escapeHtml(title)}”</summary>\n${tableHtml([head, ...rows])}\n</details>\n`;
}
