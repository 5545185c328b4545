import process from 'node:process';
import type {RunArguments} from '../cli/commands/run.ts';
import type {HtmlOption} from '../cli/terminal/option-forms.ts';
import type {RunProgress} from '../cli/terminal/progress.ts';
import type {Experiment, PriceBook} from '../experiment/experiment.ts';
import type {ReplicationResult} from '../forecast/replicate.ts';
import {summarize} from '../forecast/summarize.ts';
import type {Summary} from '../forecast/summary.ts';
import type {RunCharts} from '../report/charts/run-charts.ts';
import {markdownReport, terminalReport} from '../report/forecast-report.ts';
import {version} from '../store/disk/package.ts';
import {type Forecast, writeForecast} from '../store/records/write-forecast.ts';
import {omittedTables} from '../store/records/write-record.ts';

export type FinishedExperiment = {
	readonly experiment: Experiment;
	readonly folder: string;
	/** In the order of replications. */
	readonly results: readonly ReplicationResult[];
	/** Ways of billing to show beside the experiment's own. */
	readonly books: readonly PriceBook[];
};

type Surroundings = {readonly options: Pick<RunArguments, 'json' | 'out'> & HtmlOption; readonly progress: RunProgress};

/** Sums one experiment up, writes it down, then prints it: what is printed is on disk. */
export async function finishExperiment(
	finished: FinishedExperiment,
	{options, progress}: Surroundings,
): Promise<Summary> {
	const {experiment, folder, results, books} = finished;
	const summary = summarize(experiment, results, books);
	const recordings = stamped(results[0]?.recordings ?? {});
	const timelines = new Map(results.map(({replication, dynamic}) => [String(replication), dynamic.timeline]));
	const told = {experiment, summary, evidence: 'simulated', timelines, dynamic: recordings.dynamic} as const;
	const target = writeForecast(options.out, {
		folder,
		recordings,
		files: {
			'report.md': markdownReport(experiment, summary, recordings.dynamic),
			'summary.json': `${JSON.stringify(summary, null, '\t')}\n`,
			'report.html': options.html ? await pageOf(told) : undefined,
		},
	});
	progress.finish(folder, () => {
		const omitted = new Set(Object.values(recordings).flatMap(omittedTables));
		if (omitted.size > 0) {
			process.stderr.write(`${target}: too long and left out of the records: ${[...omitted].join(', ')}\n`);
		}

		if (!options.json) {
			process.stdout.write(`${terminalReport(experiment, summary, recordings.dynamic)}Written to ${target}\n\n`);
		}
	});
	return summary;
}

/** Loaded only where a page is asked for: what draws is large. */
async function pageOf(runs: RunCharts): Promise<string> {
	const {runPage} = await import('../report/forecast-report.ts');
	return runPage(runs);
}

/** The simulator does not know which release it is part of: the version is written into its records here. */
function stamped(recordings: Forecast['recordings']): Forecast['recordings'] {
	const versions = {replicast: version()};
	return Object.fromEntries(
		Object.entries(recordings).map(([arm, {head, ...rest}]) => [
			arm,
			{head: {...head, versions: {...head.versions, ...versions}}, ...rest},
		]),
	);
}
