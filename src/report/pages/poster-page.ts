import {type Drawn, escapeHtml, figureHtml, type PageFonts, page} from './page.ts';

/** Paper that the poster is printed on, upright. */
type Sheet = {readonly name: string; readonly width: number; readonly height: number};

/** [mm] */
export const sheets: readonly Sheet[] = [
	{name: 'a0', width: 841, height: 1189},
	{name: 'a4', width: 210, height: 297},
];

/** Lengths are in parts of the sheet's width, so that a smaller sheet is the larger one made smaller. */
const parts = sheets[0]!.width;

/** Rules of the poster. One part is a millimetre on A0. */
function posterStyle({width, height}: Sheet): string {
	const part = (count: number) => `calc(var(--part) * ${count})`;
	return `
@page { size: ${width}mm ${height}mm; margin: 0; }
:root { --part: calc(100vw / ${parts}); }
@media print { :root { --part: ${width / parts}mm; } html { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
.sheet { width: ${part(parts)}; height: ${part((parts * height) / width - 1)}; padding: ${part(22)} ${part(24)} ${part(14)}; display: flex; flex-direction: column; gap: ${part(9)}; overflow: hidden; }
h1 { font-size: ${part(27)}; line-height: 1.1; margin: 0; letter-spacing: -.01em; }
header .answer { color: var(--ink); }
header .authors { color: var(--ink); font-weight: 600; }
header p { font-size: ${part(9.6)}; line-height: 1.35; margin: ${part(4)} 0 0; color: var(--muted); }
.kpis { display: flex; gap: ${part(8)}; }
.kpi { flex: 1 1 0; border-top: ${part(1.2)} solid var(--ink); padding-top: ${part(3)}; }
.kpi h2 { font-size: ${part(8.2)}; line-height: 1.15; margin: 0 0 ${part(3)}; min-height: 2.3em; }
dl { margin: 0; }
dd { margin: ${part(1.5)} 0 0; font-size: ${part(14)}; font-weight: 600; line-height: 1.15; white-space: nowrap; }
dd small { font-size: ${part(7.4)}; font-weight: 400; display: block; }
dt { font-size: ${part(7.4)}; color: var(--muted); }
.simulated dd { color: var(--dynamic); }
.measured dd { color: var(--measured); }
.claimed dd { color: var(--claimed); }
.figures { display: grid; grid-template-columns: repeat(3, 1fr); gap: ${part(7)} ${part(12)}; }
figure { margin: 0; height: ${part(188)}; }
figure svg { height: 100%; }
.reasons { font-size: ${part(8.6)}; line-height: 1.4; padding: 0 ${part(6)}; display: flex; flex-wrap: wrap; align-content: flex-start; gap: 0 ${part(16)}; }
.reasons div { flex: 1 1 ${part(200)}; }
.reasons h2 { margin: ${part(6)} 0 ${part(3)}; font-size: ${part(14)}; }
.reasons p { margin: 0 0 ${part(3)}; }
.whole { flex: 1 1 0; min-height: 0; }
.whole figure { height: 100%; min-height: 0; }
.missing { align-self: start; border: ${part(0.6)} dashed var(--rule); padding: ${part(10)}; font-size: ${part(9)}; line-height: 1.4; color: var(--muted); }
.missing h2 { margin: 0 0 ${part(3)}; font-size: ${part(10)}; color: var(--ink); }
.missing p { margin: 0; }
.audit h2 { font-size: ${part(9.6)}; margin: 0 0 ${part(3)}; }
.audit { display: grid; grid-template-columns: repeat(3, 1fr); column-gap: ${part(12)}; flex: 1 1 0; min-height: 0; align-content: start; }
.audit h2 { grid-column: 1 / -1; }
table { font-size: ${part(7.3)}; line-height: 1.2; font-variant-numeric: tabular-nums; align-self: start; width: 100%; table-layout: fixed; }
th:nth-child(1) { width: 31%; } th:nth-child(2) { width: 19%; } th:nth-child(3) { width: 31%; } th:nth-child(4) { width: 19%; }
td:last-child { white-space: nowrap; }
th, td { text-align: left; padding: ${part(1.2)} ${part(1.2)}; border-bottom: ${part(0.2)} solid var(--grid); vertical-align: top; }
thead th { color: var(--muted); font-weight: 400; }
tbody th { font-weight: 400; }
td.inconsistent, td.contradicted { font-weight: 600; color: var(--fixed); }
td.reproduced { color: var(--cpu); font-weight: 600; }
td.not-supported { color: var(--muted); }
footer { font-size: ${part(5)}; line-height: 1.3; color: var(--muted); border-top: ${part(0.4)} solid var(--rule); padding-top: ${part(2)}; }
footer p { margin: 0; overflow-wrap: anywhere; }
`;
}

type PosterParts = {
	/** Publication that is audited. */
	readonly publication: string;
	readonly kpis: readonly {
		readonly name: string;
		readonly figures: readonly {readonly evidence: string; readonly text: string; readonly against?: string}[];
	}[];
	readonly drawn: readonly Drawn[];
	/** Claim, claimed, found, verdict. */
	readonly auditRows: readonly (readonly string[])[];
	readonly provenance: readonly string[];
	/** Said in the place of charts that there are not. */
	readonly missing: string | undefined;
	/** Title, and the line of authors below it; those of the published questions when left out. */
	readonly title?: string | undefined;
	readonly authors?: string | undefined;
	/** Sentence below the title. */
	readonly lead?: string | undefined;
	readonly answers: readonly {readonly name: string; readonly text: string}[];
	readonly causes?: readonly string[];
	readonly trust: readonly string[];
};

const usualTitle = 'Scaling an LLM service: claimed, simulated, measured';
const usualLead =
	'What a published poster claims of five aspects of autoscaling, what the Replicast simulator forecasts with the control law, the delays and the costs written out, and what a real cluster measured under the same requests.';

/** The poster as one sheet that loads nothing. */
export function posterPage(parts: PosterParts, sheet: Sheet, fonts: PageFonts): string {
	const {
		publication,
		kpis,
		drawn,
		auditRows,
		provenance,
		missing,
		title = usualTitle,
		authors,
		lead = usualLead,
		answers,
		causes = [],
		trust,
	} = parts;
	const isAudited = auditRows.length > 0;
	const grid = gridOf(drawn.length);
	const body = [
		'<div class="sheet">',
		'<header>',
		`<h1>${escapeHtml(title)}</h1>`,
		...(authors === undefined ? [] : [`<p class="authors">${escapeHtml(authors)}</p>`]),
		`<p>${escapeHtml(lead)}</p>`,
		...answers.map(({name, text}) => `<p class="answer"><strong>${escapeHtml(name)}:</strong> ${escapeHtml(text)}</p>`),
		'</header>',
		`<section class="kpis" aria-label="Key figures">${kpis.map(kpiHtml).join('\n')}</section>`,
		`<main class="figures${isAudited ? '' : ' whole'}"${isAudited ? '' : ` style="${grid.style}"`}>\n${drawn.map(({chart, svg}) => figureHtml({chart, svg}, {hasData: false})).join('\n')}\n${missingHtml(missing)}${isAudited ? '' : reasonsHtml(causes, trust, grid.left)}</main>`,
		...(isAudited ? auditSection(publication, auditRows) : []),
		`<footer>${[...(isAudited ? trust : []), ...provenance].map(line => `<p>${escapeHtml(line)}</p>`).join('\n')}</footer>`,
		'</div>',
	].join('\n');
	return page({title, fonts, style: posterStyle(sheet), body});
}

/** Grid of a sheet that holds charts alone, so that they fill it, and the columns that they leave to the reasons. */
function gridOf(charts: number): {readonly style: string; readonly left: number} {
	const columns = charts === 1 ? 1 : charts <= 7 ? 2 : 3;
	const left = columns - (charts % columns);
	const rows = Math.ceil(charts / columns);
	const last = left === columns ? ' auto' : '';
	return {
		style: `grid-template-columns: repeat(${columns}, 1fr); grid-template-rows: repeat(${rows}, minmax(0, 1fr))${last}`,
		left,
	};
}

function auditSection(publication: string, rows: PosterParts['auditRows']): string[] {
	return [
		'<section class="audit">',
		`<h2>Audit of “${escapeHtml(publication)}”: ${escapeHtml(verdicts(rows))}</h2>`,
		auditHtml(rows),
		'</section>',
	];
}

function reasonsHtml(causes: readonly string[], trust: readonly string[], columns: number): string {
	const part = (heading: string, lines: readonly string[]) =>
		lines.length === 0
			? ''
			: `<div><h2>${heading}</h2>\n${lines.map(line => `<p>${escapeHtml(line)}</p>`).join('\n')}</div>\n`;
	const parts = `${part('Why', causes)}${part('How far to trust it', trust)}`;
	return `<aside class="reasons" style="grid-column: span ${columns}">${parts}</aside>\n`;
}

function missingHtml(said: string | undefined): string {
	return said === undefined ? '' : `<aside class="missing"><h2>Not measured</h2><p>${escapeHtml(said)}</p></aside>\n`;
}

function kpiHtml({name, figures}: PosterParts['kpis'][number]): string {
	const lines = figures.map(
		({evidence, text, against}) =>
			`<div class="${escapeHtml(evidence)}"><dd>${numberHtml(text)}</dd><dt>${escapeHtml(against ?? evidence)}</dt></div>`,
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
