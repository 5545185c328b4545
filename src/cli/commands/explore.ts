import {basename, isAbsolute, join, relative} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {UserError} from '../../errors.ts';
import {outputFolders} from '../../library/read-experiments.ts';
import {listShippedExperiments} from '../../store/disk/package.ts';
import {writeFileAtomically} from '../../store/disk/write-atomically.ts';
import {type ReadOptions, readExperiment} from '../../store/experiments/read-experiment.ts';
import {changesOf, oneText, wholeNumber} from '../terminal/option-forms.ts';

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

export const command = 'explore [file]';
export const describe = 'Write a page in which settings are dragged and the simulation follows';
export const builder = (yargs: Argv) => exploreOptions(yargs);

export async function handler(options: ExploreOptions): Promise<void> {
	const path = options.file ?? defaultExperiment();
	if (options.file === undefined) {
		process.stderr.write(`No experiment named: ${basename(path, '.yaml')}, which comes with Replicast\n`);
	}

	const readOptions = readOptionsOf(options);
	const experiment = await readExperiment(path, readOptions);
	const [name = ''] = outputFolders([experiment]);
	const out = options.out ?? join('reports', 'explored', `${name}.html`);
	if (!/\.html?$/i.test(out)) {
		throw new UserError('E_USAGE', `Expected --out to be a file that ends in .html, got ${JSON.stringify(out)}`);
	}

	const {exploredPage} = await import('../../library/explore.ts');
	const {html, measured} = await exploredPage({path, experiment, readOptions, options});
	writeFileAtomically(out, html);
	for (const {name: folder} of measured) {
		process.stderr.write(`Laid over: ${folder}\n`);
	}

	process.stdout.write(`Written to ${out}: open it in a browser\n`);
}

/** Spelt as a reader would from where they are. */
function defaultExperiment(): string {
	const path = listShippedExperiments().find(shipped => basename(shipped) === 'dynamic-scaling.yaml')!;
	const near = relative('.', path);
	return near.startsWith('..') || isAbsolute(near) ? path : near;
}

function readOptionsOf({set, profile, seed, replications}: ExploreOptions): ReadOptions {
	return {
		set,
		...(profile !== undefined && {profile}),
		...(seed !== undefined && {seed}),
		...(replications !== undefined && {replications}),
	};
}
