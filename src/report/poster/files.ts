import {rmSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import type {AuditedClaim} from '../../audit/audit.ts';
import type {PosterSource} from '../../library/poster.ts';
import type {Files} from '../../store/disk/write-atomically.ts';
import {auditRows} from '../audit-report.ts';
import type {DataRow} from '../charts/chart.ts';
import {csvOf, jsonOf} from '../charts/data-text.ts';
import {coloursOf, recoloured, type Scheme} from '../charts/palette.ts';
import {drawPng} from '../drawing/draw-png.ts';
import {findChromium} from '../drawing/find-chromium.ts';
import {printPdf} from '../drawing/print-pdf.ts';
import {pageFonts} from '../drawing/typeface.ts';
import type {Drawn} from '../pages/page.ts';
import {posterPage, sheets} from '../pages/poster-page.ts';
import type {Kpi} from './kpis.ts';

/** Digits of a hash that identify records on paper. */
const hashDigits = 12;

/** The foot of the poster: records with their hashes, versions, seeds, and when it was made. */
export function provenanceLines(sources: readonly PosterSource[]): string[] {
	const records = sources.map(({folder, hash, engine}) => `${folder} ${hash.slice(0, hashDigits)} (${engine})`);
	const versions = new Map<string, Set<string>>();
	for (const [name, version] of sources.flatMap(source => Object.entries(source.versions))) {
		versions.set(name, (versions.get(name) ?? new Set()).add(version));
	}

	const seeds = new Set(sources.map(({seed}) => seed));
	return [
		`Records: ${records.join('; ')}.`,
		// biome-ignore lint/style/noRestrictedGlobals: until the date is handed in
		`Versions: ${[...versions].map(([name, all]) => `${name} ${[...all].join(' and ')}`).join(', ')}. Seed ${[...seeds].join(', ')}. Made on ${new Date().toISOString().slice(0, 10)}.`,
	];
}

export type Poster = {
	readonly publication: string;
	readonly kpis: readonly Kpi[];
	readonly drawn: readonly Drawn[];
	readonly audited: readonly AuditedClaim[];
	readonly sources: readonly PosterSource[];
	/** Text where nothing was measured. */
	readonly missing: string | undefined;
};

/** Width of a picture on paper [mm]: two columns of a journal. */
const pictureWidth = 180;

/** Pictures that are not on every poster: an earlier one's go. */
const optional = ['validation', 'validation-errors'];

/** Files of the poster by path, without the ones that a browser prints. */
export async function posterFiles(poster: Poster, scheme: Scheme): Promise<Files> {
	const {drawn} = poster;
	const fonts = await pageFonts();
	const parts = {...poster, auditRows: auditRows(poster.audited), provenance: provenanceLines(poster.sources)};
	const files: Record<string, string | Uint8Array | undefined> = {};
	for (const sheet of sheets) {
		files[`poster-${sheet.name}.html`] = posterPage(parts, sheet, fonts);
	}

	for (const name of optional) {
		Object.assign(files, Object.fromEntries(pathsOf(name).map(path => [path, undefined])));
	}

	for (const picture of drawn) {
		Object.assign(files, await pictureFiles(picture, scheme));
	}

	return {...files, ...tableFiles('kpis', kpiRows(poster.kpis)), ...tableFiles('audit', poster.audited)};
}

function pathsOf(name: string): string[] {
	return [...['vl.json', 'svg', 'png'].map(end => `charts/${name}.${end}`), `data/${name}.csv`, `data/${name}.json`];
}

async function pictureFiles({chart, svg}: Drawn, scheme: Scheme): Promise<Files> {
	const colours = coloursOf(scheme);
	const inScheme = (text: string) => recoloured(text, colour => colours[colour]);
	const picture = inScheme(svg);
	const contents = [
		`${inScheme(JSON.stringify(chart.specification, null, '\t'))}\n`,
		picture,
		await drawPng(picture, {width: pictureWidth}),
		csvOf(chart),
		jsonOf(chart),
	];
	return Object.fromEntries(pathsOf(chart.name).map((path, index) => [path, contents[index]!]));
}

function kpiRows(kpis: readonly Kpi[]): DataRow[] {
	return kpis.flatMap(({name, figures}) => figures.map(figure => ({kpi: name, ...figure})));
}

function tableFiles(name: string, data: readonly DataRow[]): Files {
	return {
		[`data/${name}.csv`]: csvOf({data}),
		[`data/${name}.json`]: `${JSON.stringify(data, null, '\t')}\n`,
	};
}

/** Prints the poster's pages as PDF where there is a browser for it, and says so where there is none. */
export async function printPoster(out: string): Promise<void> {
	const paths = sheets.map(({name}) => ({
		page: join(out, `poster-${name}.html`),
		pdf: join(out, `poster-${name}.pdf`),
	}));
	const browser = await findChromium();
	if (browser === undefined) {
		for (const {pdf} of paths) {
			rmSync(pdf, {force: true});
		}

		process.stdout.write('No PDF: no Chromium was found; install one, or name it in CHROME_PATH\n');
		return;
	}

	await Promise.all(paths.map(async ({page, pdf}) => printPdf(browser, {page, pdf})));
	process.stdout.write(`Printed ${paths.map(({pdf}) => pdf).join(' and ')}\n`);
}
