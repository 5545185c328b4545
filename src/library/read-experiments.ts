import {isAbsolute, relative} from 'node:path';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {experimentFolder} from '../experiment/experiment.ts';
import {listShippedExperiments} from '../store/disk/package.ts';
import {type ReadOptions, readExperiment} from '../store/experiments/read-experiment.ts';
import {ManifestGivenError} from '../store/manifests/manifest-given.ts';

export type {Experiment} from '../experiment/experiment.ts';
export {type ReadOptions, readExperiment} from '../store/experiments/read-experiment.ts';

/** Changes of an experiment file, each of which may be absent or undefined. */
export type ExperimentChanges = {
	readonly [Key in Exclude<keyof ReadOptions, 'text'>]?: ReadOptions[Key] | undefined;
};

/** Experiments that a command line names. */
type NamedExperiments = ExperimentChanges & {
	readonly file: readonly string[];
	/** Whether the experiments of Replicast are meant, instead of `file`. */
	readonly all: boolean;
};

/** The changes that are not undefined. */
export function definedChanges({set, profile, seed, replications}: ExperimentChanges): ReadOptions {
	return {
		...(set !== undefined && {set}),
		...(profile !== undefined && {profile}),
		...(seed !== undefined && {seed}),
		...(replications !== undefined && {replications}),
	};
}

/**
 * Reads every experiment that the command line names, before any of them is run.
 *
 * @throws {UserError} with all faults of all files, a line each
 */
export async function readExperiments({file, all, ...changes}: NamedExperiments): Promise<Experiment[]> {
	if (all === file.length > 0) {
		throw new UserError('E_USAGE', `Expected experiment files or --all, got ${all ? 'both' : 'neither'}`);
	}

	const paths = all ? listShippedExperiments() : file;
	const options = definedChanges(changes);
	const outcomes = await Promise.allSettled(paths.map(async path => readExperiment(path, options)));
	const faults = outcomes.filter(outcome => outcome.status === 'rejected').map(({reason}) => reason as unknown);
	const bug = faults.find(fault => !(fault instanceof UserError));
	if (bug !== undefined) {
		throw bug;
	}

	if (faults.length > 0) {
		throw new UserError(
			'E_CONFIG',
			oneForManifests(faults as UserError[]).flatMap(({message}) => message.split('\n')),
		);
	}

	return outcomes.filter(outcome => outcome.status === 'fulfilled').map(({value}) => value);
}

/**
 * The path of the one experiment that is named.
 *
 * @throws {UserError} E_USAGE when there are several; E_CONFIG when manifests were given instead, in one line
 */
export async function onlyExperiment(paths: readonly string[]): Promise<string> {
	const [first, ...others] = paths;
	if (first !== undefined && others.length === 0) {
		return first;
	}

	const outcomes = await Promise.allSettled(paths.map(async path => readExperiment(path, {})));
	const faults = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
	const [manifests] = oneForManifests(faults.filter(fault => fault instanceof ManifestGivenError));
	throw manifests ?? new UserError('E_USAGE', `Expected one experiment, got ${paths.join(' and ') || 'none'}`);
}

/** Words of `replicast run` that read each of the named experiments, in their order: its file, then the changes. */
export function wordsOfExperiments({file, all, ...changes}: NamedExperiments): string[][] {
	const paths = all ? listShippedExperiments().map(path => nearPath(path)) : file;
	return paths.map(path => runWords(path, changes));
}

/** Words of `replicast run` that read an experiment: its file, then the changes. */
export function runWords(path: string, {profile, seed, set = []}: ExperimentChanges): string[] {
	return [
		path,
		...(profile === undefined ? [] : ['--profile', profile]),
		...(seed === undefined ? [] : ['--seed', String(seed)]),
		...set.flatMap(text => ['--set', text]),
	];
}

/** A path relative to the working directory where it is below that. */
export function nearPath(path: string): string {
	const near = relative('.', path);
	return near.startsWith('..') || isAbsolute(near) ? path : near;
}

/** The faults, with a single one for all the manifests that were given instead of experiments. */
function oneForManifests(faults: readonly UserError[]): UserError[] {
	const given = faults.filter(fault => fault instanceof ManifestGivenError);
	const others = faults.filter(fault => !(fault instanceof ManifestGivenError));
	return given.length === 0 ? others : [new ManifestGivenError(given.flatMap(({manifests}) => manifests)), ...others];
}

/**
 * Name of each experiment's folder.
 *
 * @throws {UserError} E_CONFIG when two would write to one folder
 */
export function outputFolders(experiments: readonly Experiment[]): string[] {
	const folders = experiments.map(experimentFolder);
	const twice = folders.find((folder, index) => folders.indexOf(folder) !== index);
	if (twice !== undefined) {
		throw new UserError('E_CONFIG', `Expected experiments of different names, got two named ${twice}`);
	}

	return folders;
}
