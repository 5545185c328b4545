import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import type {RecordHead} from '../../records/record.ts';
import {packageRoot} from '../disk/package.ts';
import {type ExperimentSource, type ReadOptions, readExperimentSource} from './read-experiment.ts';

/** Experiments that were read while those of several records are looked for, by file, profile and seed. */
export type ReadExperiments = Map<string, Promise<ExperimentSource | undefined>>;

/**
 * The experiment that a record is of: among the files in `experiments` of the working directory and the folders in it, then
 * of the package.
 *
 * @param read - keeps what is read, for the next record
 * @returns nothing when none has the record's hash
 */
export async function findExperiment(
	{experiment: {hash, profile}, seed}: RecordHead,
	read: ReadExperiments = new Map(),
): Promise<ExperimentSource | undefined> {
	const options: ReadOptions = {seed, ...(profile !== undefined && {profile})};
	for (const path of experimentFiles()) {
		const key = JSON.stringify([path, profile, seed]);
		const reading = read.get(key) ?? readIfSound(path, options);
		read.set(key, reading);
		const source = await reading;
		if (source?.experiment.hash === hash) {
			return source;
		}
	}

	return undefined;
}

/** A faulty file, or one without the profile, is not the one. */
async function readIfSound(path: string, options: ReadOptions): Promise<ExperimentSource | undefined> {
	try {
		return await readExperimentSource(path, options);
	} catch (error) {
		if (error instanceof UserError) {
			return undefined;
		}

		throw error;
	}
}

/** Folders whose files are no experiments that a record is of, or are found by other means. */
const others = ['calibration', 'recordings', 'spaces'];

/** Files that may be experiments: of each folder its own before those of the folders in it. */
function experimentFiles(): string[] {
	return ['experiments', join(packageRoot(), 'experiments')]
		.filter(folder => existsSync(folder))
		.flatMap(folder => {
			const entries = readdirSync(folder, {withFileTypes: true}).sort((a, b) => (a.name < b.name ? -1 : 1));
			const within = entries.filter(entry => entry.isDirectory() && !others.includes(entry.name));
			return [...filesOf(folder), ...within.flatMap(({name}) => filesOf(join(folder, name)))];
		});
}

function filesOf(folder: string): string[] {
	return readdirSync(folder)
		.filter(name => name.endsWith('.yaml'))
		.sort()
		.map(name => join(folder, name));
}
