import type {CalibrationRecord} from '../calibration/calibrate.ts';
import {UserError} from '../errors.ts';
import {findExperiment} from '../files/find-experiment.ts';
import {readObservedTable, readRecord} from '../files/read-record.ts';
import {recordHash} from '../records/record-hash.ts';
import {findRun} from './calibration-plan.ts';

export type ReadCalibrationRecord = CalibrationRecord & {
	readonly folder: string;
	readonly hash: string;
	/** Of a run that was shortened for trying out. */
	readonly isShort: boolean;
};

/**
 * The records that models are to be fitted to.
 *
 * @throws {UserError} when one is invalid or its experiment is not to be found, or they are of different pods
 */
export async function calibrationRecords(folders: readonly string[]): Promise<ReadCalibrationRecord[]> {
	const records: ReadCalibrationRecord[] = [];
	for (const folder of folders) {
		records.push(await readOne(folder));
	}

	const [first] = records;
	const other = records.find(({experiment}) => podOf(experiment) !== podOf(first!.experiment));
	if (other !== undefined) {
		throw new UserError('E_FILE', `Expected records of one model and one kind of pod, got another in ${other.folder}`);
	}

	return records;
}

async function readOne(folder: string): Promise<ReadCalibrationRecord> {
	const recording = await readRecord(folder);
	const {head} = recording;
	if (!head.validity.valid) {
		throw new UserError('E_FILE', `Expected ${folder} to be valid, got: ${head.validity.reasons.join('; ')}`);
	}

	const run = await findRun(head);
	const experiment = run?.experiment ?? (await findExperiment(head))?.experiment;
	if (experiment === undefined) {
		const hash = head.experiment.hash.slice(0, 12);
		throw new UserError('E_FILE', `Expected the experiment of ${folder} (hash ${hash}) under experiments, got none`);
	}

	const timings = await readObservedTable(folder, 'timings');
	const counters = await readObservedTable(folder, 'throttling');
	const told = run === undefined ? {isShort: false} : {isShort: run.isShort, tellsService: run.tellsService};
	return {recording, experiment, timings, counters, folder, hash: recordHash(recording), ...told};
}

/** What the fitted coefficients depend on; of a CPU limit they do not. */
function podOf({deployment: {llm, containers}}: CalibrationRecord['experiment']): string {
	const {model, container, threads, parallel, contextLength} = llm;
	return JSON.stringify([model, container, threads, parallel, contextLength, containers.map(({name}) => name)]);
}
