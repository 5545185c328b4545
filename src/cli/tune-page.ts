import {join} from 'node:path';
import type {Experiment} from '../experiment/experiment.ts';
import {readLiveCheck} from '../files/read-live-check.ts';
import {writeFileAtomically} from '../files/write-atomically.ts';
import {type ReportSection, reportPage} from '../pages/report-page.ts';
import {drawCharts} from '../rendering/draw-charts.ts';
import {pageFonts} from '../rendering/typeface.ts';
import type {LiveCheck} from '../tune/live-check.ts';
import type {Tuning} from '../tune/tuning.ts';
import {liveParts} from './live-report.ts';
import type {ReportParts} from './report-parts.ts';
import {frontName, tuneCharts} from './tune-charts.ts';
import {tuneParts} from './tune-report.ts';
import {version} from './version.ts';

export type TunePage = {
	readonly experiment: Experiment;
	readonly tuning: Tuning;
	/** Of the tuning. */
	readonly folder: string;
	readonly kubernetes: string;
	/** `recommended.yaml`. */
	readonly manifest: string;
};

/** Writes a tuning as a page with charts, its live check among them, and its front as a picture. @returns the page’s path */
export async function writeTunePage({experiment, tuning, folder, kubernetes, manifest}: TunePage): Promise<string> {
	const live = liveOf(experiment, tuning, folder);
	const parts = tuneParts(experiment, tuning);
	const checked = live && liveParts(experiment, live);
	const {name, profile, description} = experiment;
	const figures = await drawCharts(tuneCharts(experiment, tuning, live));
	const report = {
		title: `${profile === undefined ? name : `${name} (${profile})`}: tuned`,
		lead: [...(description === '' ? [] : [description]), leadOf(parts)],
		figures,
		sections: [
			...sectionsOf(parts),
			...(checked === undefined ? [] : sectionsOf(checked, `On a cluster: ${live?.verdict}`)),
			{heading: 'recommended.yaml', code: manifest},
			{
				heading: 'Provenance',
				rows: [
					['', ''],
					['experiment hash', experiment.hash],
					['seed', String(experiment.seed)],
					['space', tuning.space],
					['runs of the search', String(tuning.runs)],
					['Kubernetes', kubernetes],
					['replicast', version()],
				],
			},
		],
	};
	const path = join(folder, 'report.html');
	writeFileAtomically(path, reportPage(report, await pageFonts()));
	for (const {chart, svg} of figures.filter(({chart: {name}}) => name === frontName)) {
		writeFileAtomically(join(folder, `${chart.name}.svg`), svg);
	}

	return path;
}

/** The title without the experiment's name, as a sentence. */
function leadOf({title}: ReportParts): string {
	const text = title.slice(title.indexOf(': ') + 2);
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** The live check of this very recommendation. */
function liveOf({hash}: Experiment, {candidates}: Tuning, folder: string): LiveCheck | undefined {
	const live = readLiveCheck(join(folder, 'live.json'));
	const recommended = candidates.find(one => one.recommended)!;
	const isOfThis = live?.candidates.some(({role, name}) => role === 'recommended' && name === recommended.name);
	return live?.experiment.hash === hash && isOfThis === true ? live : undefined;
}

function sectionsOf({tables, notes}: ReportParts, heading = 'Notes'): ReportSection[] {
	return [...tables.map(({title, rows}) => ({heading: title, rows})), {heading, notes}];
}
