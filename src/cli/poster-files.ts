import type {AuditedClaim} from '../audit/audit.ts';
import type {DataRow} from '../charts/chart.ts';
import {csvOf, jsonOf} from '../charts/data-text.ts';
import {coloursOf, recoloured, type Scheme} from '../charts/palette.ts';
import type {Files} from '../files/write-files.ts';
import type {Drawn} from '../pages/figure.ts';
import {posterPage} from '../pages/poster-page.ts';
import {sheets} from '../pages/sheet.ts';
import {drawPng} from '../rendering/draw-png.ts';
import {pageFonts} from '../rendering/typeface.ts';
import {auditRows} from './audit-rows.ts';
import type {Kpi} from './poster-kpis.ts';
import type {PosterSource} from './poster-sources.ts';
import {provenanceLines} from './provenance-lines.ts';

export type Poster = {
	readonly publication: string;
	readonly kpis: readonly Kpi[];
	readonly drawn: readonly Drawn[];
	readonly audited: readonly AuditedClaim[];
	readonly sources: readonly PosterSource[];
	/** What is said where nothing was measured. */
	readonly missing: string | undefined;
};

/** Width of a picture on paper [mm]: two columns of a journal. */
const pictureWidth = 180;

/** Pictures that are not on every poster: an earlier one's go. */
const optional = ['validation', 'validation-errors'];

/** All files of the poster by path, but those that a browser prints. */
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
