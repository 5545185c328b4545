import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {examine, refuseWithout, thisMachine} from '../cluster/machine/doctor.ts';
import type {Place} from '../cluster/prepare.ts';
import {replay} from '../cluster/replay.ts';
import {refuseUnplayable} from '../cluster/setup/refuse-unplayable.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {Arm} from '../records/record.ts';
import {type HtmlOption, htmlOption} from './html-option.ts';
import {interruption} from './interrupted-replay.ts';
import {measuredReplicas} from './measured-replicas.ts';
import {placeOf} from './place.ts';
import {printManifests} from './print-manifests.ts';
import {outputFolders, readExperiments} from './read-experiments.ts';
import {type ReplayCommandOptions, replayOptions} from './replay-options.ts';
import {stepRunner} from './steps.ts';
import {version} from './version.ts';

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

	refuseWithout(await examine(thisMachine(), {isElsewhere: place.kind === 'foreign'}));
	const isDone = await replayUntilInterrupted(experiments, {options, folders, arms, place});
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

async function writePages(
	experiments: readonly Experiment[],
	{options, folders}: Pick<Replaying, 'options' | 'folders'>,
): Promise<void> {
	const {writeMeasuredPage} = await import('./measured-page.ts');
	for (const [index, experiment] of experiments.entries()) {
		const folder = join(options.out, folders[index]!);
		const path = await writeMeasuredPage(folder, experiment);
		process.stdout.write(
			path === undefined ? `${folder}: no valid record of the dynamic arm, no page\n` : `Written to ${path}\n`,
		);
	}
}

type Replaying = {
	readonly options: ReplayCommandOptions;
	readonly folders: readonly string[];
	readonly arms: readonly Arm[];
	readonly place: Place;
};

/** @returns whether it went to its end */
async function replayUntilInterrupted(
	experiments: readonly Experiment[],
	{options, folders, arms, place}: Replaying,
): Promise<boolean> {
	const {signal, status} = interruption();
	try {
		await replay(experiments, {
			place,
			arms,
			repeats: options.repeat,
			keeps: options.keep,
			out: options.out,
			folderOf: experiment => folders[experiments.indexOf(experiment)]!,
			version: version(),
			signal,
			runSteps: stepRunner(process.stdout),
			say: line => process.stdout.write(`${line}\n`),
		});
		return true;
	} catch (error) {
		if (!signal.aborted) {
			throw error;
		}

		process.stderr.write('Interrupted: what was measured is kept\n');
		process.exitCode = status();
		return false;
	}
}
