import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import type {Summary} from '../../forecast/summary.ts';
import {outputFolders, readExperiments} from '../../library/read-experiments.ts';
import {refuseUnwritable} from '../../store/disk/refuse-unwritable.ts';
import {listShippedPriceBooks, readPriceBooks} from '../../store/experiments/read-model.ts';
import {sayWhenInterrupted} from '../terminal/interruption.ts';
import {changesOf, type HtmlOption, htmlOption, oneText, wholeNumber} from '../terminal/option-forms.ts';
import {showRunProgress} from '../terminal/progress.ts';

/** Options of `replicast run` as they reach its handler. */
export type RunArguments = {
	readonly file: readonly string[];
	readonly all: boolean;
	readonly profile?: string;
	readonly seed?: number;
	readonly replications?: number;
	readonly set: readonly string[];
	readonly workers: number;
	readonly baselines?: boolean;
	readonly 'price-book'?: readonly string[];
	readonly json: boolean;
	readonly out: string;
};

const mostWorkers = 1024;
const mostReplications = 1_000_000;

export const runOptions = (yargs: Argv) =>
	yargs
		.positional('file', {type: 'string', array: true, default: [], describe: 'Experiment files'})
		.option('all', {type: 'boolean', default: false, describe: 'Run the experiments that come with Replicast'})
		.option('profile', {...oneText('profile'), describe: 'Profile of the experiments to apply'})
		.option('seed', {
			...wholeNumber('seed', {min: 0, max: Number.MAX_SAFE_INTEGER}),
			describe: 'Root of every random stream, an integer, instead of the file’s',
		})
		.option('replications', {
			...wholeNumber('replications', {min: 1, max: mostReplications}),
			describe: 'Independent runs of each experiment, instead of the file’s number',
		})
		.option('set', changesOf('files', 'fixed.replicas=4'))
		.option('workers', {
			...wholeNumber('workers', {min: 1, max: mostWorkers}),
			default: availableParallelism(),
			defaultDescription: 'one a core',
			describe: 'Threads that simulate; the results do not depend on it',
		})
		.option('baselines', {
			type: 'boolean',
			describe: 'Compare with the fewest fixed pods that keep the SLO and with no delay; default: where that is quick',
		})
		.option('price-book', {
			type: 'string',
			array: true,
			nargs: 1,
			defaultDescription: 'those that come with Replicast',
			describe: 'Price book to show beside the experiment’s own',
		})
		.option('json', {type: 'boolean', default: false, describe: 'Print one JSON document instead of tables'})
		.option('out', {
			...oneText('out'),
			default: join('reports', 'simulated'),
			describe: 'Folder for reports and records',
		})
		.example('$0 run --all', 'The experiments that come with Replicast')
		.example('$0 run mine.yaml --set fixed.replicas=4', 'One of yours, changed');

export const command = 'run [file..]';
export const describe = 'Simulate experiments, dynamic and fixed, and print the forecast';
export const builder = (yargs: Argv) => runOptions(yargs).option('html', htmlOption);

export async function handler(options: RunArguments & HtmlOption): Promise<void> {
	const experiments = await readExperiments(options);
	const folders = outputFolders(experiments);
	const {'price-book': ownBooks} = options;
	const given = ownBooks === undefined ? undefined : await readPriceBooks(ownBooks);
	refuseUnwritable(options.out, folders);

	const replications = experiments.reduce((sum, experiment) => sum + experiment.replications, 0);
	const progress = await showRunProgress(process.stderr, {replications});
	const summaries: Summary[] = [];
	sayWhenInterrupted(() => {
		progress.stop();
		return `Interrupted: ${summaries.length} of ${experiments.length} experiments done and kept in ${options.out}`;
	});

	try {
		// Loaded once the bar is there, and what finishes an experiment while the workers simulate.
		const {replicateAll} = await import('../../library/pool/replicate-all.ts');
		const finishing = import('../../library/forecast.ts');
		const billing = Promise.resolve(given ?? readPriceBooks(listShippedPriceBooks()));
		void Promise.allSettled([billing]); // a fault of theirs is told where they are needed
		const onReplication = () => progress.advance();
		const {workers, baselines = 'where short'} = options;
		for await (const results of replicateAll(experiments, {workers, baselines, onReplication})) {
			const {finishExperiment} = await finishing;
			const books = await billing;
			const index = summaries.length;
			const finished = {experiment: experiments[index]!, folder: folders[index]!, results, books};
			summaries.push(await finishExperiment(finished, {options, progress}));
		}
	} finally {
		progress.stop();
	}

	if (options.json) {
		process.stdout.write(`${JSON.stringify(summaries, null, '\t')}\n`);
	}
}
