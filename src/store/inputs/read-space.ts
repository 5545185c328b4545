import type {Experiment} from '../../experiment/experiment.ts';
import {resolveSpace} from '../../tune/resolve-space.ts';
import type {Space} from '../../tune/space.ts';
import {SpaceFile} from '../../tune/space-file.ts';
import {configError, readSourceTree} from '../experiments/read-model.ts';
import {checkTree, faultLines} from '../yaml/describe-issues.ts';

/**
 * The space that a file opens for an experiment.
 *
 * @throws {UserError} with one line for each fault, `FILE:LINE:COLUMN: message`
 */
export async function readSpace(
	path: string,
	experiment: Experiment,
	options: {readonly hasTolerance: boolean},
): Promise<Space> {
	const tree = await readSourceTree(path, {form: 'TuningSpace'});
	const checked = checkTree(SpaceFile, tree);
	if ('faults' in checked) {
		throw configError(faultLines(tree, checked.faults));
	}

	const space = resolveSpace(checked.value, experiment, options);
	if ('faults' in space) {
		throw configError(faultLines(tree, space.faults));
	}

	return space;
}
