import {printable} from '../../printable.ts';
import type {Chart} from '../charts/chart.ts';
import {withUnit} from '../charts/data-text.ts';
import {type Colour, coloursOf, fontFamily, fontStack, recoloured, type Scheme} from '../charts/palette.ts';

const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** A text as it stands in HTML, between tags or in a quoted attribute; control and bidirectional characters are escapes. */
export function escapeHtml(text: string): string {
	return printable(text).replaceAll(/[&<>"']/g, sign => entities[sign]!);
}

/** The typeface's two weights: TrueType in base64. */
export type PageFonts = {readonly regular: string; readonly semiBold: string};

type PageParts = {
	readonly title: string;
	readonly fonts: PageFonts;
	/** Rules of this kind of page. */
	readonly style: string;
	readonly body: string;
	/** Content security policy of the page, where it has a script. */
	readonly policy?: string;
};

/** A whole HTML page that loads nothing: typeface, rules and pictures are in it. It is dark where its reader wants that. */
export function page({title, fonts, style, body, policy}: PageParts): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">${policy === undefined ? '' : `\n<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">`}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>
${fontFace(fonts.regular, 400)}
${fontFace(fonts.semiBold, 600)}
${variables('light')}
@media screen and (prefers-color-scheme: dark) {
${variables('dark')}
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font-family: ${fontStack}; }
h1, h2, h3, th { font-weight: 600; }
svg { display: block; width: 100%; height: auto; }
table { border-collapse: collapse; }
${style}
</style>
</head>
<body>
${body}
</body>
</html>
`;
}

function fontFace(font: string, weight: number): string {
	return `@font-face { font-family: "${fontFamily}"; font-weight: ${weight}; src: url(data:font/ttf;base64,${font}); }`;
}

function variables(scheme: Scheme): string {
	const rules = Object.entries(coloursOf(scheme)).map(([name, hex]) => `${variableOf(name as Colour)}: ${hex};`);
	return `:root { ${rules.join(' ')} }`;
}

/** Name of the rule that holds a colour. */
export function variableOf(colour: Colour): string {
	return `--${colour}`;
}

/** A chart and what was drawn of it. */
export type Drawn = {readonly chart: Chart; readonly svg: string};

/** Rows beyond which a chart's data are not repeated as a table. */
const mostRows = 60;

/** A chart within a page, in the page's colours, named for those who cannot see it. */
export function figureHtml({chart, svg}: Drawn, {hasData = true} = {}): string {
	const whole = svg.replaceAll(/ (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")/g, ''); // the picture has one name
	const inline = recoloured(whole, colour => `var(${variableOf(colour)})`).replace(
		'<svg ',
		() => `<svg role="img" aria-label="${escapeHtml(`${chart.title}. ${chart.description}`)}" `, // a text may hold `$&`
	);
	return `<figure id="${escapeHtml(chart.name)}">\n${inline}\n${hasData ? dataHtml(chart) : ''}</figure>`;
}

function dataHtml({title, data, units}: Chart): string {
	if (data.length > mostRows) {
		return '';
	}

	const columns = [...new Set(data.flatMap(row => Object.keys(row)))];
	const head = columns.map(column => withUnit(column, units));
	const rows = data.map(row => columns.map(column => String(row[column] ?? '')));
	return `<details><summary>Data of “${escapeHtml(title)}”</summary>\n${tableHtml([head, ...rows])}\n</details>\n`;
}

/**
 * A table, its first row the head; two spaces before a label set it in.
 *
 * @param name - read to those who do not see it
 */
export function tableHtml([head = [], ...rows]: readonly (readonly string[])[], name?: string): string {
	const cells = (row: readonly string[]) =>
		row.map((cell, column) => (column === 0 ? rowHead(cell) : dataCell(cell))).join('');
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

/** Most signs of a cell with numbers that stays on one line. */
const mostSigns = 40;

/** Numbers stay on a line with their units, and stay whole. */
function dataCell(cell: string): string {
	const isNumber = cell.length <= mostSigns && /^[-−+≤≥~$€£¥]*\d/.test(cell);
	return `<td${isNumber ? ' class="number"' : ''}>${escapeHtml(cell)}</td>`;
}

function rowHead(label: string): string {
	const isWithin = label.startsWith('  ');
	return `<th scope="row"${isWithin ? ' class="within"' : ''}>${escapeHtml(label.trim())}</th>`;
}
