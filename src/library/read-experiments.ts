import type {RunArguments} from '../cli/commands/run.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {listShippedExperiments, readExperiment} from '../store/experiments/read-experiment.ts';

type ReadOptions = Pick<RunArguments, 'file' | 'all' | 'set' | 'profile' | 'seed' | 'replications'>;

/**
 * Reads every experiment that the command line names, before any of them is run.
 *
 * @throws {UserError} with all faults of all files, a line each
 */
export async function readExperiments({
	file,
	all,
	set,
	profile,
	seed,
	replications,
}: ReadOptions): Promise<Experiment[]> {
	if (all === file.length > 0) {
		throw new UserError('E_USAGE', `Expected experiment files or --all, got ${all ? 'both' : 'neither'}`);
	}

	const paths = all ? listShippedExperiments() : file;
	const options = {
		set,
		...(profile === undefined ? {} : {profile}),
		...(seed === undefined ? {} : {seed}),
		...(replications === undefined ? {} : {replications}),
	};
	const outcomes = await Promise.allSettled(paths.map(async path => readExperiment(path, options)));
	const faults = outcomes.filter(outcome => outcome.status === 'rejected').map(({reason}) => reason as unknown);
	const bug = faults.find(fault => !(fault instanceof UserError));
	if (bug !== undefined) {
		throw bug;
	}

	if (faults.length > 0) {
		throw new UserError('E_CONFIG', faults.map(fault => (fault as UserError).message).join('\n'));
	}

	return outcomes.filter(outcome => outcome.status === 'fulfilled').map(({value}) => value);
}

/**
 * Name of each experiment's folder.
 *
 * @throws {UserError} E_CONFIG when two would write to one folder
 */
export function outputFolders(experiments: readonly Experiment[]): string[] {
	const folders = experiments.map(({name, profile}) => (profile === undefined ? name : `${name}-${profile}`));
	const twice = folders.find((folder, index) => folders.indexOf(folder) !== index);
	if (twice !== undefined) {
		throw new UserError('E_CONFIG', `Expected experiments of different names, got two named ${twice}`);
	}

	return folders;
}
