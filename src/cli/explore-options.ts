import {join} from 'node:path';
import type {Argv} from 'yargs';
import {changesOf, oneText, wholeNumber} from './option-forms.ts';

/** Options of `replicast explore` as they reach its handler. */
export type ExploreOptions = {
	readonly file?: string;
	readonly profile?: string;
	readonly seed?: number;
	readonly replications?: number;
	readonly set: readonly string[];
	readonly record?: readonly string[];
	readonly reports: string;
	readonly out?: string;
};

const mostReplications = 10_000;

export const exploreOptions = (yargs: Argv) =>
	yargs
		.positional('file', {type: 'string', describe: 'Experiment file; default: dynamic-scaling, which comes along'})
		.option('profile', {...oneText('profile'), describe: 'Profile of the experiment to apply'})
		.option('set', changesOf('file', 'fixed.replicas=4'))
		.option('seed', {
			...wholeNumber('seed', {min: 0, max: Number.MAX_SAFE_INTEGER}),
			describe: 'Root of every random stream, an integer, instead of the file’s',
		})
		.option('replications', {
			...wholeNumber('replications', {min: 1, max: mostReplications}),
			describe: 'Independent runs once the sliders rest, instead of the file’s number',
		})
		.option('record', {
			type: 'string',
			array: true,
			nargs: 1,
			defaultDescription: 'those of the experiment under --reports',
			describe: 'Folder of a measured record to lay over; may be repeated',
		})
		.option('reports', {
			...oneText('reports'),
			default: 'reports',
			describe: 'Folder in which measured records are looked for',
		})
		.option('out', {
			...oneText('out'),
			defaultDescription: join('reports', 'explored', 'NAME.html'),
			describe: 'File of the page',
		})
		.example('$0 explore mine.yaml --set fixed.replicas=4', 'One of yours, changed')
		.example('$0 explore mine.yaml --record reports/measured/mine/dynamic-0', 'With a measured run laid over');
