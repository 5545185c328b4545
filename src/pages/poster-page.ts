import {escapeHtml} from './escape-html.ts';
import {type Drawn, figureHtml} from './figure.ts';
import {type PageFonts, page} from './page.ts';
import {posterStyle} from './poster-style.ts';
import type {Sheet} from './sheet.ts';

export type PosterParts = {
	/** What is audited. */
	readonly publication: string;
	readonly kpis: readonly {
		readonly name: string;
		readonly figures: readonly {readonly evidence: string; readonly text: string}[];
	}[];
	readonly drawn: readonly Drawn[];
	/** Claim, claimed, found, verdict. */
	readonly auditRows: readonly (readonly string[])[];
	readonly provenance: readonly string[];
	/** Said in the place of charts that there are not. */
	readonly missing: string | undefined;
};

const title = 'Scaling an LLM service: claimed, simulated, measured';

/** The poster as one sheet that loads nothing. */
export function posterPage(parts: PosterParts, sheet: Sheet, fonts: PageFonts): string {
	const {publication, kpis, drawn, auditRows, provenance, missing} = parts;
	const body = [
		'<div class="sheet">',
		'<header>',
		`<h1>${escapeHtml(title)}</h1>`,
		'<p>What a published poster claims of five aspects of autoscaling, what the Replicast simulator forecasts with the control law, the delays and the costs written out, and what a real cluster measured under the same requests.</p>',
		'</header>',
		`<div class="kpis">${kpis.map(kpiHtml).join('\n')}</div>`,
		`<main class="figures">\n${drawn.map(({chart, svg}) => figureHtml({chart, svg}, {hasData: false})).join('\n')}\n${missingHtml(missing)}</main>`,
		'<section class="audit">',
		`<h2>Audit of “${escapeHtml(publication)}”: ${escapeHtml(verdicts(auditRows))}</h2>`,
		auditHtml(auditRows),
		'</section>',
		`<footer>${provenance.map(line => `<p>${escapeHtml(line)}</p>`).join('\n')}</footer>`,
		'</div>',
	].join('\n');
	return page({title, fonts, style: posterStyle(sheet), body});
}

function missingHtml(said: string | undefined): string {
	return said === undefined ? '' : `<aside class="missing"><h2>Not measured</h2><p>${escapeHtml(said)}</p></aside>\n`;
}

function kpiHtml({name, figures}: PosterParts['kpis'][number]): string {
	const lines = figures.map(
		({evidence, text}) =>
			`<div class="${escapeHtml(evidence)}"><dd>${numberHtml(text)}</dd><dt>${escapeHtml(evidence)}</dt></div>`,
	);
	return `<section class="kpi"><h2>${escapeHtml(name)}</h2><dl>${lines.join('')}</dl></section>`;
}

/** The interval stands back behind its number. */
function numberHtml(text: string): string {
	const [, number = text, interval] = /^(.*?) (\[.*\]|\(.*\))$/.exec(text) ?? [];
	return `${escapeHtml(number)}${interval === undefined ? '' : ` <small>${escapeHtml(interval)}</small>`}`;
}

function verdicts(rows: PosterParts['auditRows']): string {
	const counts = new Map<string, number>();
	for (const verdict of rows.map(row => row.at(-1) ?? '')) {
		counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
	}

	return [...counts]
		.sort(([, a], [, b]) => b - a)
		.map(([verdict, count]) => `${count} ${verdict}`)
		.join(', ');
}

function auditHtml(rows: PosterParts['auditRows']): string {
	const lines = rows.map(
		([claim = '', claimed = '', found = '', verdict = '']) =>
			`<tr><th scope="row">${escapeHtml(claim)}</th><td>${escapeHtml(claimed)}</td><td>${escapeHtml(found)}</td>` +
			`<td class="${escapeHtml(verdict.replace(' ', '-'))}">${escapeHtml(verdict)}</td></tr>`,
	);
	const third = Math.ceil(lines.length / 3);
	const tables = [0, 1, 2].map(index => lines.slice(index * third, (index + 1) * third));
	const head =
		'<thead><tr><th scope="col">claim</th><th scope="col">claimed</th><th scope="col">found</th><th scope="col">verdict</th></tr></thead>';
	return tables.map(table => `<table>${head}<tbody>${table.join('\n')}</tbody></table>`).join('\n');
}
