import {basename, join} from 'node:path';
import process from 'node:process';
import {pathToFileURL} from 'node:url';
import type {Argv} from 'yargs';
import {UserError} from '../../errors.ts';
import {type ArgumentsOf, changesOf, examplesOf, oneText, wholeNumber} from '../terminal/option-forms.ts';
import {printError, printLines} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';

const mostReplications = 10_000;

export const command = 'explore [file..]';
export const describe = 'Write a page with sliders for the settings: the forecast follows them';
export const builder = (yargs: Argv) =>
	yargs
		.positional('file', {
			type: 'string',
			array: true,
			default: [],
			defaultDescription: 'dynamic-scaling, which comes along',
			describe: 'Experiment file, one',
		})
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
			describe: 'Folder in which measured records and tunings are looked for',
		})
		.option('out', {
			...oneText('out'),
			defaultDescription: join('reports', 'explored', 'NAME.html'),
			describe: 'File of the page',
		})
		.example(
			examplesOf({
				'$0 explore mine.yaml --set fixed.replicas=4': 'Your experiment, with one value changed',
				'$0 explore mine.yaml --record reports/measured/mine/dynamic-0': 'With a measured run laid over',
			}),
		);

export async function handler({file, ...options}: ArgumentsOf<typeof builder>): Promise<void> {
	const {out} = options;
	if (out !== undefined && !/\.html?$/i.test(out)) {
		throw new UserError('E_USAGE', `Expected --out to be a file that ends in .html, got ${JSON.stringify(out)}`);
	}

	const {onlyExperiment} = await import('../../library/read-experiments.ts');
	const {defaultExperiment, explore} = await import('../../library/explore.ts');
	const path = file.length === 0 ? defaultExperiment() : await onlyExperiment(file);
	if (file.length === 0) {
		printError(`No experiment was given; taken: ${basename(path, '.yaml')}, which comes with Replicast\n`);
	}

	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted'});
	const {
		path: written,
		measured,
		headline,
	} = await explore(path, {...options, headline: true, onProgress}).finally(stop);
	for (const folder of measured) {
		printError(`Measured run in the page: ${folder}\n`);
	}

	printLines(
		[
			...(headline === undefined ? [] : [`As it is: ${headline}`]),
			'Open it in a browser, move a setting, and this answer, the charts and the manifest follow:',
			`  ${pathToFileURL(written).href}`,
			`Written to ${written}`,
		].join('\n'),
	);
}
