import process from 'node:process';
import type {Argv} from 'yargs';
import {listShippedPriceBooks, readPriceBooks} from '../files/read-price-books.ts';
import {refuseUnwritable} from '../files/refuse-unwritable.ts';
import type {Summary} from '../forecast/summary.ts';
import {type HtmlOption, htmlOption} from './html-option.ts';
import {sayWhenInterrupted} from './interruption.ts';
import {outputFolders, readExperiments} from './read-experiments.ts';
import {type RunOptions, runOptions} from './run-options.ts';
import {showProgress} from './run-progress.ts';

export const command = 'run [file..]';
export const describe = 'Simulate experiments, dynamic and fixed, and print the forecast';
export const builder = (yargs: Argv) => runOptions(yargs).option('html', htmlOption);

export async function handler(options: RunOptions & HtmlOption): Promise<void> {
	const experiments = await readExperiments(options);
	const folders = outputFolders(experiments);
	const {'price-book': ownBooks} = options;
	const given = ownBooks === undefined ? undefined : await readPriceBooks(ownBooks);
	refuseUnwritable(options.out, folders);

	const replications = experiments.reduce((sum, experiment) => sum + experiment.replications, 0);
	const progress = await showProgress(process.stderr, {replications});
	const summaries: Summary[] = [];
	sayWhenInterrupted(() => {
		progress.stop();
		return `Interrupted: ${summaries.length} of ${experiments.length} experiments done and kept in ${options.out}`;
	});

	try {
		// Loaded once the bar is there, and what finishes an experiment while the workers simulate.
		const {replicateAll} = await import('../parallel/replicate-all.ts');
		const finishing = import('./finish-experiment.ts');
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
