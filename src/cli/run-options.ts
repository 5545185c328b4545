import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import type {Argv} from 'yargs';
import {changesOf, oneText, wholeNumber} from './option-forms.ts';

/** Options of `replicast run` as they reach its handler. */
export type RunOptions = {
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
