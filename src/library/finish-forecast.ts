import {join} from 'node:path';
import {backTest} from '../comparison/recordings/back-test.ts';
import type {Experiment, PinnedFile, PriceBook} from '../experiment/experiment.ts';
import {bandLines} from '../forecast/prediction/simulate-predicted.ts';
import type {ReplicationResult} from '../forecast/replicate.ts';
import {summarize} from '../forecast/summarize.ts';
import type {Summary} from '../forecast/summary.ts';
import type {RunCharts} from '../report/charts/run-charts.ts';
import {forecastReport} from '../report/forecast-report.ts';
import {type Report, reportMarkdown} from '../report/text/report.ts';
import {writeFiles} from '../store/disk/write-atomically.ts';
import {stampedRecording, withProvenance} from '../store/records/with-provenance.ts';
import {type Forecast, writeForecast} from '../store/records/write-forecast.ts';
import {omittedTables} from '../store/records/write-record.ts';
import {findRecommended} from '../store/results/read-tuning.ts';
import {bestKnown, type KnownTuning} from '../tune/best-known.ts';
import type {WantedCharts} from './draw-forecast-page.ts';

/** Simulated runs of one experiment, and where their forecast is to be written. */
export type SimulatedExperiment = {
	readonly experiment: Experiment;
	/** Name of its folder. */
	readonly folder: string;
	/** In the order of replications. */
	readonly results: readonly ReplicationResult[];
	/** Ways of billing to show beside the experiment's own, and their files. */
	readonly books: readonly PriceBook[];
	readonly bookFiles: readonly PinnedFile[];
	/** Words of `replicast run` that read it; its name when left out. */
	readonly words?: readonly string[] | undefined;
};

/** Forecast of one experiment that is on disk. */
export type FinishedForecast = {
	readonly experiment: Experiment;
	readonly summary: Summary;
	readonly report: Report;
	/** Path of its folder. */
	readonly target: string;
	/** Tables that are too long and left out of the records. */
	readonly omitted: readonly string[];
};

type FinishOptions = {
	readonly out: string;
	readonly html: boolean;
	readonly charts?: WantedCharts | undefined;
	/** Folder in which tunings are looked for; none is looked for when left out. */
	readonly tuned?: string | undefined;
};

/** Summarizes the runs of one experiment and writes reports and records. */
export async function finishForecast(
	{experiment, folder, results, books, bookFiles, words}: SimulatedExperiment,
	{out, html, charts, tuned}: FinishOptions,
): Promise<FinishedForecast> {
	const simulated = withProvenance(summarize(experiment, results, books), experiment, bookFiles);
	const tested = backTest(experiment, bandLines(results), simulated);
	const known =
		tuned === undefined ? simulated : withBestKnown(simulated, experiment, findRecommended(tuned, experiment.hash));
	const summary = tested === undefined ? known : {...known, backTest: tested};
	const recordings = stamped(results[0]?.recordings ?? {}, experiment);
	const timelines = new Map(results.map(({replication, dynamic}) => [String(replication), dynamic.timeline]));
	const nodes = results.flatMap(({dynamic}) => dynamic.nodes ?? []);
	const predicted = (results[0]?.predicted ?? []).map(({dynamic}) => dynamic.timeline);
	const runs: RunCharts = {
		experiment,
		summary,
		evidence: 'simulated',
		timelines,
		predicted,
		...(nodes.length > 0 && {nodes}),
		dynamic: recordings.dynamic,
		...(words !== undefined && {words}),
	};
	const report = forecastReport(runs);
	const target = writeForecast(out, {
		folder,
		recordings,
		files: {
			'report.md': reportMarkdown(report),
			'summary.json': `${JSON.stringify(summary, null, '\t')}\n`,
			'report.html': html ? await pageOf(runs) : undefined,
		},
	});
	if (charts !== undefined) {
		const {drawChartFiles} = await import('./draw-forecast-page.ts');
		writeFiles(join(charts.folder, folder), await drawChartFiles(runs, charts));
	}

	const omitted = [...new Set(Object.values(recordings).flatMap(omittedTables))];
	return {experiment, summary, report, target, omitted};
}

/** A summary whose answer names the best setting that a tuning found, where one is known. */
export function withBestKnown(summary: Summary, experiment: Experiment, tunings: readonly KnownTuning[]): Summary {
	const tuned = bestKnown(experiment, tunings, summary.answer.costPerHour);
	return tuned === undefined ? summary : {...summary, answer: {...summary.answer, tuned}};
}

/** Loaded only where a page is asked for: the code that draws is large. */
async function pageOf(runs: RunCharts): Promise<string> {
	const {drawForecastPage} = await import('./draw-forecast-page.ts');
	return drawForecastPage(runs);
}

function stamped(recordings: Forecast['recordings'], experiment: Experiment): Forecast['recordings'] {
	const entries = Object.entries(recordings).map(([arm, recording]) => [arm, stampedRecording(recording, experiment)]);
	return Object.fromEntries(entries);
}
