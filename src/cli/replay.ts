import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {replayRunsOf} from '../cluster/replay.ts';
import {refuseUnplayable} from '../cluster/setup/refuse-unplayable.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {type HtmlOption, htmlOption} from './html-option.ts';
import {measureOnCluster} from './measure-on-cluster.ts';
import {measuredReplicas} from './measured-replicas.ts';
import {placeOf} from './place.ts';
import {printManifests} from './print-manifests.ts';
import {outputFolders, readExperiments} from './read-experiments.ts';
import {type ReplayCommandOptions, replayOptions} from './replay-options.ts';

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
		process.stdout.write(await measuredReplicas(options.out, folders[index]!, experiment));
	}

	if (options.html) {
		await writePages(experiments, {options, folders});
	}
}

type Replayed = {readonly options: ReplayCommandOptions; readonly folders: readonly string[]};

async function writePages(experiments: readonly Experiment[], {options, folders}: Replayed): Promise<void> {
	const {writeMeasuredPage} = await import('./measured-page.ts');
	for (const [index, experiment] of experiments.entries()) {
		const folder = join(options.out, folders[index]!);
		const path = await writeMeasuredPage(folder, experiment);
		process.stdout.write(
			path === undefined ? `${folder}: no valid record of the dynamic arm, no page\n` : `Written to ${path}\n`,
		);
	}
}
