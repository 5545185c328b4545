import {withUnits} from '../text/format.ts';
import {type Report, type ReportSection, sectionsIn} from '../text/report.ts';
import {type Drawn, escapeHtml, figureHtml, type PageFonts, page, tableHtml} from './page.ts';

export type {ReportSection} from '../text/report.ts';

/** Writes a report as a page that loads nothing: pictures first, then the tables and where the figures come from. */
export function reportPage(report: Report & {readonly figures: readonly Drawn[]}, fonts: PageFonts): string {
	const {title, verdict, answer = [], figures, sections} = report;
	const body = [
		'<header>',
		`<h1>${escapeHtml(title)}${verdict === undefined ? '' : ` <span class="verdict">${escapeHtml(verdict)}</span>`}</h1>`,
		...(answer.length === 0
			? []
			: [`<div class="answer">${answer.map(line => `<p>${escapeHtml(withUnits(line))}</p>`).join('')}</div>`]),
		...paragraphsOf(report),
		'</header>',
		'<main>',
		...(figures.length === 0
			? []
			: [`<div class="figures">\n${figures.map(drawn => figureHtml(drawn)).join('\n')}\n</div>`]),
		...sectionsIn('page', sections).map(sectionHtml),
		'</main>',
	].join('\n');
	return page({title, fonts, style, body});
}

function paragraphsOf({description = '', scope, lead = [], warnings = [], assumptions = []}: Report): string[] {
	const paragraph = (text: string, kind?: string) =>
		`<p${kind === undefined ? '' : ` class="${kind}"`}>${escapeHtml(withUnits(text))}</p>`;
	return [
		...(description === '' ? [] : [paragraph(description)]),
		...(scope === undefined ? [] : [paragraph(`${scope.line}.`)]),
		...lead.map(text => paragraph(text)),
		...warnings.map(warning => paragraph(`Warning: ${warning}`, 'warning')),
		...assumptions.map(assumption => paragraph(`Assumed: ${assumption}`)),
	];
}

function sectionHtml({heading, rows = [], notes = [], code, hasText = false}: ReportSection): string {
	return [
		`<section${hasText ? ' class="text"' : ''}>\n<h2>${escapeHtml(heading)}</h2>`,
		...(rows.length === 0 ? [] : [tableHtml(rows)]),
		...(notes.length === 0
			? []
			: [`<ul>${notes.map(note => `<li>${escapeHtml(withUnits(note))}</li>`).join('\n')}</ul>`]),
		...(code === undefined ? [] : [`<pre tabindex="0">${escapeHtml(code)}</pre>`]),
		'</section>',
	].join('\n');
}

const style = `
@page { size: A4; margin: 12mm; }
body { max-width: 84rem; margin: 0 auto; padding: 1.5rem; line-height: 1.45; }
h1 { font-size: 2rem; margin: 0 0 .5rem; }
h2 { font-size: 1.3rem; margin: 2rem 0 .6rem; }
header p { margin: .2rem 0; max-width: 60rem; color: var(--muted); }
header .answer { margin-bottom: .8rem; }
header .answer p, header .warning { color: var(--ink); }
header .warning { font-weight: 600; }
header .answer p:first-child { font-weight: 600; font-size: 1.1rem; }
.verdict { font-size: 1.1rem; border: 2px solid var(--ink); border-radius: .3rem; padding: .1rem .5rem; vertical-align: middle; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 2rem; margin-top: 1.5rem; }
figure { margin: 0; break-inside: avoid; }
summary { cursor: pointer; color: var(--muted); font-size: .85rem; }
.table { overflow-x: auto; }
table { font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .25rem .7rem; border-bottom: 1px solid var(--grid); vertical-align: top; white-space: pre-line; }
.text th:last-child, .text td:last-child { text-align: left; }
td.number { white-space: pre; }
td:not(.number) { min-width: 6rem; }
pre { font-size: .85rem; overflow-x: auto; padding: .8rem; border: 1px solid var(--grid); border-radius: .3rem; }
thead th, thead td { border-bottom-color: var(--rule); }
tbody th, thead th:first-child { text-align: left; font-weight: 400; }
tbody th { position: sticky; left: 0; background: var(--paper); min-width: 7.5rem; }
:focus-visible { outline: 3px solid var(--dynamic); outline-offset: 2px; }
tbody th.within { padding-left: 1.8rem; color: var(--muted); }
li { margin: .2rem 0; max-width: 60rem; }
@media (max-width: 30rem) { body { padding: .8rem; } h1 { font-size: 1.5rem; } table { font-size: .85rem; } th, td { padding: .25rem .45rem; } tbody th.within { padding-left: 1.1rem; } }
@media print { .table { overflow: visible; } th, td { padding: .1rem .35rem; } td:not(.number), tbody th { min-width: 0; } .figures { grid-template-columns: 1fr 1fr; gap: 6mm; } details { display: none; } body { padding: 0; font-size: 9pt; } table { font-size: 7.5pt; } }
`;
