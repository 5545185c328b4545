import {type Standing, standingOf} from '../comparison/admit.ts';
import type {Recorded} from '../comparison/controller-check.ts';
import {Player} from '../comparison/play.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {ModelProvenance} from '../experiment/model-provenance.ts';
import type {ReadOptions} from '../files/read-experiment.ts';
import {readModelProvenance} from '../files/read-model-provenance.ts';
import {readObservedTable, readRecord} from '../files/read-record.ts';

/** An experiment, and how it was read. */
export type Subject = {readonly experiment: Experiment; readonly path: string; readonly options: ReadOptions};

/** A measured record, and what it is to its experiment. */
export type AdmittedRecord = {readonly recorded: Recorded; readonly standing: Standing};

/** Reads records, and says which of them may judge the experiment. */
export async function admitRecords(
	folders: readonly string[],
	{experiment, path, options}: Subject,
): Promise<{readonly models: readonly ModelProvenance[]; readonly records: readonly AdmittedRecord[]}> {
	const models = await readModelProvenance(path, options);
	const calibration = models.flatMap(({records}) => records);
	const {scheduleHash} = new Player(experiment);
	const records: AdmittedRecord[] = [];
	for (const folder of folders) {
		const recording = await readRecord(folder);
		const standing = standingOf(recording, {experiment, scheduleHash, calibration});
		const podStates = await readObservedTable(folder, 'podStates');
		records.push({recorded: {name: folder, recording, podStates}, standing});
	}

	return {models, records};
}

/** Those that have this standing. */
export function recordsWith(records: readonly AdmittedRecord[], role: Standing['role']): Recorded[] {
	return records.filter(({standing}) => standing.role === role).map(({recorded}) => recorded);
}

/** Those of one arm. */
export function recordsOf(records: readonly Recorded[], arm: 'dynamic' | 'fixed'): Recorded[] {
	return records.filter(({recording}) => recording.head.arm === arm);
}
