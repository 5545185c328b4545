import {rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Files} from '../../store/disk/write-atomically.ts';
import {auditRows} from '../audit-report.ts';
import type {DataRow} from '../charts/chart.ts';
import {csvOf, jsonOf} from '../charts/data-text.ts';
import type {Drawn} from '../pages/page.ts';
import {posterPage, sheets} from '../pages/poster-page.ts';
import type {Kpi} from '../poster/kpis.ts';
import {type PosterContent, provenanceLines} from '../poster/poster-content.ts';
import {pictureWidth} from './chart-files.ts';
import {drawPng} from './draw-png.ts';
import {findChromium} from './find-chromium.ts';
import {printPdf} from './print-pdf.ts';
import {pageFonts} from './typeface.ts';

/** Pictures that are not on every poster: an earlier one's go. */
const optional = ['validation-errors'];

/** Files of the poster by path, without the ones that a browser prints. */
export async function posterFiles(poster: PosterContent): Promise<Files> {
	const {drawn} = poster;
	const fonts = await pageFonts();
	const parts = {
		...poster,
		auditRows: auditRows(poster.audited),
		provenance: provenanceLines(poster.sources, poster.date),
	};
	const files: Record<string, string | Uint8Array | undefined> = {};
	for (const sheet of sheets) {
		files[`poster-${sheet.name}.html`] = posterPage(parts, sheet, fonts);
	}

	for (const name of optional) {
		Object.assign(files, Object.fromEntries(pathsOf(name).map(path => [path, undefined])));
	}

	for (const picture of drawn) {
		Object.assign(files, await pictureFiles(picture));
	}

	return {...files, ...tableFiles('kpis', kpiRows(poster.kpis)), ...tableFiles('audit', poster.audited)};
}

function pathsOf(name: string): string[] {
	return [...['vl.json', 'svg', 'png'].map(end => `charts/${name}.${end}`), `data/${name}.csv`, `data/${name}.json`];
}

async function pictureFiles({chart, svg}: Drawn): Promise<Files> {
	const contents = [
		`${JSON.stringify(chart.specification, null, '\t')}\n`,
		svg,
		await drawPng(svg, {width: pictureWidth}),
		csvOf(chart),
		jsonOf(chart),
	];
	return Object.fromEntries(pathsOf(chart.name).map((path, index) => [path, contents[index]!]));
}

function kpiRows(kpis: readonly Kpi[]): DataRow[] {
	return kpis.flatMap(({name, figures}) =>
		figures.map(({against, ...figure}) => ({kpi: against === undefined ? name : `${name}, ${against}`, ...figure})),
	);
}

function tableFiles(name: string, data: readonly DataRow[]): Files {
	return {
		[`data/${name}.csv`]: csvOf({data}),
		[`data/${name}.json`]: `${JSON.stringify(data, null, '\t')}\n`,
	};
}

/**
 * Prints the poster's pages as PDF; removes those of an earlier poster where no browser is found.
 *
 * @returns their paths; undefined when no browser is found
 */
export async function printPoster(out: string): Promise<string[] | undefined> {
	const paths = sheets.map(({name}) => ({
		page: join(out, `poster-${name}.html`),
		pdf: join(out, `poster-${name}.pdf`),
	}));
	const browser = await findChromium();
	if (browser === undefined) {
		for (const {pdf} of paths) {
			rmSync(pdf, {force: true});
		}

		return undefined;
	}

	await Promise.all(paths.map(async ({page, pdf}) => printPdf(browser, {page, pdf})));
	return paths.map(({pdf}) => pdf);
}
