import type {StartingFiles} from '../report/init-report.ts';
import {writeExperimentAround} from '../store/experiments/experiment-around.ts';
import {writeFirstExperiment} from '../store/experiments/first-experiment.ts';

type InitOptions = {
	/** Manifests that the experiment is written around: files, or folders of them. A first experiment without them. */
	readonly from?: readonly string[] | undefined;
};

/**
 * Writes an experiment to start from: around manifests, or else a first one with its autoscaler and its model.
 *
 * @param folder - where to; made where it is missing
 * @throws {UserError} before anything is written, where one of the files is there already or a manifest is faulty
 */
export async function init(folder = '.', {from = []}: InitOptions = {}): Promise<StartingFiles> {
	const target = folder === '' ? '.' : folder;
	if (from.length === 0) {
		return {paths: writeFirstExperiment(target)};
	}

	const {path, assumed} = await writeExperimentAround(target, from);
	return {paths: [path], assumed};
}
