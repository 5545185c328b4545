import {basename, isAbsolute, join, relative} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {UserError} from '../errors.ts';
import {listShippedExperiments, type ReadOptions, readExperiment} from '../files/read-experiment.ts';
import {writeFileAtomically} from '../files/write-atomically.ts';
import {type ExploreOptions, exploreOptions} from './explore-options.ts';
import {outputFolders} from './read-experiments.ts';

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

	const {exploredPage} = await import('./explored-page.ts');
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
