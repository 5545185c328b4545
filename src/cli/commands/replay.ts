import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {replayRunsOf} from '../../cluster/replay/replay.ts';
import {refuseUnplayable} from '../../cluster/setup/refuse-unreplayable.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {outputFolders, readExperiments} from '../../library/read-experiments.ts';
import {measureOnCluster, printManifests, readMeasuredReplicas} from '../../library/replay.ts';
import {changesOf, type HtmlOption, htmlOption, oneOf, oneText, wholeNumber} from '../terminal/option-forms.ts';
import {type PlaceOptions, placeOf, placeOptions} from '../terminal/place.ts';

/** Options of `replicast replay` as they reach its handler. */
export type ReplayCommandOptions = PlaceOptions & {
	readonly file: readonly string[];
	readonly profile?: string;
	readonly set: readonly string[];
	readonly arm: 'dynamic' | 'fixed' | 'both';
	readonly repeat: number;
	readonly keep: boolean;
	readonly out: string;
	readonly printManifests: boolean;
};

export const replayOptions = (yargs: Argv) =>
	yargs
		.positional('file', {type: 'string', array: true, default: [], describe: 'Experiment files'})
		.option('profile', {...oneText('profile'), describe: 'Profile of the experiments to apply, such as bench'})
		.option('set', changesOf('files', 'fixed.replicas=4'))
		.option('arm', {
			...oneOf('arm', ['dynamic', 'fixed', 'both']),
			default: 'dynamic' as const,
			describe: 'With the autoscaler, with a fixed number of pods, or one after the other',
		})
		.option('repeat', {
			...wholeNumber('repeat', {min: 1, max: 999}),
			default: 1,
			describe: 'Records wanted of each arm; those that are there and valid are not measured again',
		})
		.options(placeOptions)
		.option('out', {...oneText('out'), default: join('reports', 'measured'), describe: 'Folder for the records'})
		.option('print-manifests', {type: 'boolean', default: false, describe: 'Print what would be applied, and stop'})
		.example('$0 replay experiments/dynamic-scaling.yaml --profile bench --repeat 3', '')
		.example('$0 replay mine.yaml --arm both --keep', 'Both arms; the cluster stays');

export const command = 'replay [file..]';
export const describe = 'Play experiments on a real cluster and write measured records';
export const builder = (yargs: Argv) => replayOptions(yargs).option('html', htmlOption);

export async function handler(options: ReplayCommandOptions & HtmlOption): Promise<void> {
	const experiments = await readExperiments({...options, all: false});
	const folders = outputFolders(experiments);
	const arms = options.arm === 'both' ? (['dynamic', 'fixed'] as const) : [options.arm];
	const place = placeOf(options);
	for (const experiment of experiments) {
		refuseUnplayable(experiment, arms, {reachesNodes: place.kind === 'kind'});
	}

	if (options.printManifests) {
		process.stdout.write(await printManifests(experiments, arms, place));
		return;
	}

	const runs = replayRunsOf(experiments, {arms, repeats: options.repeat});
	const isDone = await measureOnCluster(runs, {
		place,
		keeps: options.keep,
		out: options.out,
		folderOf: experiment => folders[experiments.indexOf(experiment)]!,
		farewell: 'Interrupted: what was measured is kept',
	});
	if (!isDone) {
		return;
	}

	for (const [index, experiment] of experiments.entries()) {
		process.stdout.write(await readMeasuredReplicas(join(options.out, folders[index]!), experiment));
	}

	if (options.html) {
		await writePages(experiments, {options, folders});
	}
}

type Replayed = {readonly options: ReplayCommandOptions; readonly folders: readonly string[]};

async function writePages(experiments: readonly Experiment[], {options, folders}: Replayed): Promise<void> {
	const {writeMeasuredPage} = await import('../../library/replay.ts');
	for (const [index, experiment] of experiments.entries()) {
		const folder = join(options.out, folders[index]!);
		const path = await writeMeasuredPage(folder, experiment);
		process.stdout.write(
			path === undefined ? `${folder}: no valid record of the dynamic arm, no page\n` : `Written to ${path}\n`,
		);
	}
}
