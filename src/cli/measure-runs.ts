import type {CalibrationRun} from '../calibration/calibration-runs.ts';
import {folderOf} from '../cluster/replay.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {CalibrateOptions} from './calibrate-options.ts';
import {measureOnCluster} from './measure-on-cluster.ts';
import {placeOf} from './place.ts';

/**
 * Measures the runs of a calibration on a cluster, each as a record; those that are there and valid are not measured again.
 *
 * @returns the records' folders; nothing after an interruption
 */
export async function measureRuns(
	runs: readonly CalibrationRun[],
	options: CalibrateOptions,
): Promise<string[] | undefined> {
	const session = [options.context ?? options.cluster, options.profile, ...(options.short ? ['short'] : [])]
		.filter(part => part !== undefined)
		.join('-')
		.replaceAll(/[^\w.-]/g, '_');
	const folders = {
		out: options.records,
		folderOf: (experiment: Experiment) => `${session}/${runs.find(run => run.experiment === experiment)!.name}`,
	};
	const played = runs.map(({experiment, arm}) => ({experiment, arm, repeat: 0}));
	const isDone = await measureOnCluster(played, {
		...folders,
		place: placeOf(options),
		keeps: options.keep,
		farewell: 'Interrupted: the runs that are done are kept, and the same command goes on from there',
	});
	return isDone ? played.map(run => folderOf(run, folders)) : undefined;
}
