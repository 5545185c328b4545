import {admitRecords, recordsOf, recordsWith} from '../cli/admit-records.ts';
import {runComparison} from '../cli/run-comparison.ts';
import type {Comparison} from '../comparison/compare.ts';
import {UserError} from '../errors.ts';
import {type ReadOptions, readExperiment} from '../files/read-experiment.ts';

export type CompareOptions = Omit<ReadOptions, 'replications'> & {
	/** Runs of the simulator, at least 2; 100 when left out, for fewer hardly tell how much runs vary. */
	readonly replications?: number;
};

/**
 * Holds the simulator against measured records of an experiment.
 *
 * @param path - the experiment's file
 * @param folders - of its measured records: of the dynamic arm at least one, of the fixed arm any number
 * @returns figures with intervals, where errors come from, and the verdict by the experiment's tolerances
 * @throws {UserError} for the faults of the experiment, and E_FILE for a record that cannot judge it, with the reason
 * @throws {RangeError} when `replications` is no integer of at least 2
 */
export async function compare(
	path: string,
	folders: readonly string[],
	{replications = 100, ...options}: CompareOptions = {},
): Promise<Comparison> {
	if (!Number.isInteger(replications) || replications < 2) {
		throw new RangeError(`Expected replications to be an integer of at least 2, got ${replications}`);
	}

	const experiment = await readExperiment(path, options);
	const {records} = await admitRecords(folders, {experiment, path, options});
	for (const {recorded, standing} of records) {
		if (standing.role !== 'judge') {
			const message = `Expected ${recorded.name} to be a record that can judge, but it ${standing.reason}`;
			throw new UserError('E_FILE', message);
		}
	}

	const admitted = recordsWith(records, 'judge');
	const measured = recordsOf(admitted, 'dynamic');
	if (measured.length === 0) {
		throw new UserError('E_FILE', `Expected a measured record of the dynamic arm of ${path}, got none`);
	}

	const measuredFixed = recordsOf(admitted, 'fixed');
	return runComparison({experiment, replications, measured, measuredFixed});
}
