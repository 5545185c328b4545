import process from 'node:process';
import type {Argv} from 'yargs';
import type {Experiment} from '../experiment/experiment.ts';
import {type Forecast, refuseUnwritable, writeForecast} from '../files/write-forecast.ts';
import {omittedTables} from '../files/write-record.ts';
import {type ReplicationResult, summarize} from '../forecast/forecast.ts';
import type {Summary} from '../forecast/summary.ts';
import {replicateAll} from '../parallel/replicate-all.ts';
import {sayWhenInterrupted} from './interruption.ts';
import {markdownReport} from './markdown-report.ts';
import {outputFolders, readExperiments} from './read-experiments.ts';
import {type RunOptions, runOptions} from './run-options.ts';
import {type RunProgress, showProgress} from './run-progress.ts';
import {terminalReport} from './terminal-report.ts';
import {version} from './version.ts';

export const command = 'run [file..]';
export const describe = 'Simulate experiments, dynamic and fixed, and print the forecast';
export const builder = (yargs: Argv) => runOptions(yargs);

export async function handler(options: RunOptions): Promise<void> {
	const experiments = await readExperiments(options);
	const folders = outputFolders(experiments);
	refuseUnwritable(options.out, folders);

	const replications = experiments.reduce((sum, experiment) => sum + experiment.replications, 0);
	const progress = showProgress(process.stderr, {replications});
	const summaries: Summary[] = [];
	sayWhenInterrupted(() => {
		progress.stop();
		return `Interrupted: ${summaries.length} of ${experiments.length} experiments done and kept in ${options.out}`;
	});

	try {
		const onReplication = () => progress.advance();
		for await (const results of replicateAll(experiments, {workers: options.workers, onReplication})) {
			const index = summaries.length;
			summaries.push(finish({experiment: experiments[index]!, folder: folders[index]!, results, options, progress}));
		}
	} finally {
		progress.stop();
	}

	if (options.json) {
		process.stdout.write(`${JSON.stringify(summaries, null, '\t')}\n`);
	}
}

type Finished = {
	readonly experiment: Experiment;
	readonly folder: string;
	readonly results: readonly ReplicationResult[];
	readonly options: RunOptions;
	readonly progress: RunProgress;
};

/** Sums one experiment up, writes it down, then prints it: what is printed is on disk. */
function finish({experiment, folder, results, options, progress}: Finished): Summary {
	const summary = summarize(experiment, results);
	const recordings = stamped(results[0]?.recordings ?? {});
	const target = writeForecast(options.out, {
		folder,
		recordings,
		files: {
			'report.md': markdownReport(experiment, summary, recordings.dynamic),
			'summary.json': `${JSON.stringify(summary, null, '\t')}\n`,
		},
	});
	progress.finish(folder, () => {
		if (Object.values(recordings).some(recording => omittedTables(recording.tables).length > 0)) {
			process.stderr.write(`${target}: the table of requests is too long and was left out of the records\n`);
		}

		if (!options.json) {
			process.stdout.write(`${terminalReport(experiment, summary, recordings.dynamic)}Written to ${target}\n\n`);
		}
	});
	return summary;
}

/** The simulator does not know which release it is part of: the version is written into its records here. */
function stamped(recordings: Forecast['recordings']): Forecast['recordings'] {
	const versions = {replicast: version()};
	return Object.fromEntries(
		Object.entries(recordings).map(([arm, {head, tables}]) => [
			arm,
			{head: {...head, versions: {...head.versions, ...versions}}, tables},
		]),
	);
}
