import type {Experiment} from '../experiment/experiment.ts';
import type {LiveCheck} from '../tune/live-check.ts';
import type {Tuning} from '../tune/tuning.ts';
import {liveParts} from './live-report.ts';
import type {Drawn, PageFonts} from './pages/page.ts';
import {type ReportSection, reportPage} from './pages/report-page.ts';
import type {ReportParts} from './text/report.ts';
import {tuneParts} from './tune-report.ts';

export type TunePage = {
	readonly experiment: Experiment;
	readonly tuning: Tuning;
	/** Live check of its recommendation. */
	readonly live: LiveCheck | undefined;
	/** Release of the cluster. */
	readonly kubernetes: string;
	/** Text of `recommended.yaml`. */
	readonly manifest: string;
	/** Version of this package. */
	readonly version: string;
	readonly figures: readonly Drawn[];
	readonly fonts: PageFonts;
};

/** Page of a tuning with its charts, its live check and the recommended manifest. */
export function tunePage(tuned: TunePage): string {
	const {experiment, tuning, live, figures, fonts} = tuned;
	const parts = tuneParts(experiment, tuning);
	const checked = live && liveParts(experiment, live);
	const {name, profile, description} = experiment;
	const report = {
		title: `${profile === undefined ? name : `${name} (${profile})`}: tuned`,
		lead: [...(description === '' ? [] : [description]), leadOf(parts)],
		figures,
		sections: [
			...sectionsOf(parts),
			...(checked === undefined ? [] : sectionsOf(checked, `On a cluster: ${live?.verdict}`)),
			{heading: 'recommended.yaml', code: tuned.manifest},
			{heading: 'Provenance', rows: provenanceRows(tuned)},
		],
	};
	return reportPage(report, fonts);
}

/** The title without the experiment's name, as a sentence. */
function leadOf({title}: ReportParts): string {
	const text = title.slice(title.indexOf(': ') + 2);
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function sectionsOf({tables, notes}: ReportParts, heading = 'Notes'): ReportSection[] {
	return [...tables.map(({title, rows}) => ({heading: title, rows})), {heading, notes}];
}

function provenanceRows({experiment: {hash, seed}, tuning, kubernetes, version}: TunePage): string[][] {
	return [
		['', ''],
		['experiment hash', hash],
		['seed', String(seed)],
		['space', tuning.space],
		['runs of the search', String(tuning.runs)],
		['Kubernetes', kubernetes],
		['replicast', version],
	];
}
