import process from 'node:process';
import type {CalibrationRun} from '../calibration/calibration-runs.ts';
import {examine, refuseWithout, thisMachine} from '../cluster/machine/doctor.ts';
import {folderOf, replayRuns} from '../cluster/replay.ts';
import {refuseUnplayable} from '../cluster/setup/refuse-unplayable.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {CalibrateOptions} from './calibrate-options.ts';
import {interruption} from './interrupted-replay.ts';
import {placeOf} from './place.ts';
import {stepRunner} from './steps.ts';
import {version} from './version.ts';

/**
 * Measures the runs of a calibration on a cluster, each as a record; those that are there and valid are not measured again.
 *
 * @returns the records' folders; nothing after an interruption
 */
export async function measureRuns(
	runs: readonly CalibrationRun[],
	options: CalibrateOptions,
): Promise<string[] | undefined> {
	const place = placeOf(options);
	for (const {experiment, arm} of runs) {
		refuseUnplayable(experiment, [arm], {reachesNodes: place.kind === 'kind'});
	}

	refuseWithout(await examine(thisMachine(), {isElsewhere: place.kind === 'foreign'}));
	const session = [options.context ?? options.cluster, options.profile, ...(options.short ? ['short'] : [])]
		.filter(part => part !== undefined)
		.join('-')
		.replaceAll(/[^\w.-]/g, '_');
	const {signal, status} = interruption();
	const folders = {
		out: options.records,
		folderOf: (experiment: Experiment) => `${session}/${runs.find(run => run.experiment === experiment)!.name}`,
	};
	const played = runs.map(({experiment, arm}) => ({experiment, arm, repeat: 0}));
	try {
		await replayRuns(played, {
			...folders,
			place,
			keeps: options.keep,
			version: version(),
			signal,
			runSteps: stepRunner(process.stdout),
			say: line => process.stdout.write(`${line}\n`),
		});
		return played.map(run => folderOf(run, folders));
	} catch (error) {
		if (!signal.aborted) {
			throw error;
		}

		process.stderr.write('Interrupted: the runs that are done are kept, and the same command goes on from there\n');
		process.exitCode = status();
		return undefined;
	}
}
