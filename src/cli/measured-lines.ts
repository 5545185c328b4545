import {isMeasuredOf} from '../comparison/admit.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {MeasuredLine} from '../explorer/explored.ts';
import {type FoundRecord, findRecords} from '../files/find-records.ts';
import {readRecord, readRecordHead} from '../files/read-record.ts';
import {readAccount} from '../records/read-account.ts';
import type {RecordHead} from '../records/record.ts';
import type {ExploreOptions} from './explore-options.ts';

/**
 * Replicas of the measured runs that are laid over the simulated ones: of the records named, else of the valid ones of
 * this very experiment that are found.
 *
 * @throws {UserError} E_FILE when a record that is named is of something else
 */
export async function measuredLines(
	experiment: Experiment,
	{record, reports}: Pick<ExploreOptions, 'record' | 'reports'>,
): Promise<MeasuredLine[]> {
	const records = record === undefined ? await found(experiment, reports) : await named(experiment, record);
	return Promise.all(
		records.map(async ({folder, head}) => {
			const {timeline} = readAccount(await readRecord(folder), experiment);
			return {name: folder, hash: head.experiment.hash, timeline};
		}),
	);
}

async function found(experiment: Experiment, reports: string): Promise<FoundRecord[]> {
	const records = await findRecords(reports);
	return records.filter(({head}) => isMeasuredOf(head, experiment) && head.arm === 'dynamic' && head.validity.valid);
}

async function named(experiment: Experiment, folders: readonly string[]): Promise<FoundRecord[]> {
	return Promise.all(
		folders.map(async folder => {
			const head = await readRecordHead(folder);
			const fault = faultOf(head, experiment);
			if (fault !== undefined) {
				throw new UserError('E_FILE', `Expected ${folder} to be a measured record of ${experiment.name}, got ${fault}`);
			}

			return {folder, head};
		}),
	);
}

/** Why a record does not belong beside the simulated lines. One of other settings does: the page says so. */
function faultOf(
	{engine, arm, experiment, durationSeconds, validity}: RecordHead,
	wanted: Experiment,
): string | undefined {
	if (engine !== 'measured') {
		return 'a simulated one';
	}

	if (experiment.name !== wanted.name) {
		return `one of ${experiment.name}`;
	}

	if (arm !== 'dynamic') {
		return 'one of the fixed arm';
	}

	if (durationSeconds !== wanted.duration) {
		return `one of ${durationSeconds} s instead of ${wanted.duration} s (another --profile?)`;
	}

	return validity.valid ? undefined : `one that failed its own validity check: ${validity.reasons.join('; ')}`;
}
