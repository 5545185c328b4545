import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import type {RecordHead} from '../../records/record.ts';
import {packageRoot} from '../disk/package.ts';
import {type ExperimentSource, type ReadOptions, readExperimentSource} from './read-experiment.ts';

/**
 * The experiment that a record is of: among the files in `experiments` of the working directory and the folders in it, then
 * of the package.
 *
 * @returns nothing when none has the record's hash
 */
export async function findExperiment({
	experiment: {hash, profile},
	seed,
}: RecordHead): Promise<ExperimentSource | undefined> {
	const options: ReadOptions = {seed, ...(profile !== undefined && {profile})};
	for (const path of experimentFiles()) {
		try {
			const source = await readExperimentSource(path, options);
			if (source.experiment.hash === hash) {
				return source;
			}
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error; // a faulty file, or one without the profile, is not the one
			}
		}
	}

	return undefined;
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
