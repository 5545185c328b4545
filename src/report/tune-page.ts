import type {Experiment} from '../experiment/experiment.ts';
import {experimentTitle} from '../experiment/experiment.ts';
import type {RunProvenance} from '../records/provenance.ts';
import type {LiveCheck} from '../tune/live-check.ts';
import type {Tuning} from '../tune/tuning.ts';
import {liveReport} from './live-report.ts';
import type {Drawn, PageFonts} from './pages/page.ts';
import {reportPage} from './pages/report-page.ts';
import {tuningProvenance} from './tables/provenance-rows.ts';
import type {Report, ReportSection} from './text/report.ts';
import {tuneReport} from './tune-report.ts';

export type TunePage = {
	readonly experiment: Experiment;
	readonly tuning: Tuning;
	/** Live check of its recommendation. */
	readonly live: LiveCheck | undefined;
	readonly provenance: RunProvenance | undefined;
	/** Lines on what was recorded under the load. */
	readonly recorded: readonly string[];
	/** Text of `recommended.yaml`. */
	readonly manifest: string;
	readonly figures: readonly Drawn[];
	readonly fonts: PageFonts;
};

/** Page of a tuning with its charts, its live check and the recommended manifest. */
export function tunePage(subject: TunePage): string {
	const {experiment, tuning, live, figures, fonts} = subject;
	const tuned = tuneReport(experiment, tuning, {recorded: subject.recorded});
	const checked = live && liveReport(experiment, live);
	const {name, profile, description} = experiment;
	const report = {
		title: `${experimentTitle({name, profile})}: tuned`,
		answer: tuned.answer ?? [],
		lead: [...(description === '' ? [] : [description]), leadOf(tuned), ...(tuned.lead ?? [])],
		figures,
		sections: [
			...tuned.sections,
			...(checked === undefined ? [] : withNotes(checked, `On a cluster: ${live?.verdict}`)),
			...(tuning.keepsBounds ? [{heading: 'recommended.yaml', code: subject.manifest}] : []),
			tuningProvenance(subject),
		],
	};
	return reportPage(report, fonts);
}

/** The title without the experiment's name, as a sentence. */
function leadOf({title}: Report): string {
	const text = title.slice(title.indexOf(': ') + 2);
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Sections of a report, its notes under another heading. */
function withNotes({sections}: Report, heading: string): ReportSection[] {
	return sections.map(section => (section.notes === undefined ? section : {...section, heading}));
}
