import {tableNames} from '../records/record.ts';
import type {ImportedRecording} from '../report/records-report.ts';
import {importRecord} from '../store/records/import-record.ts';
import {writeRecord} from '../store/records/write-record.ts';
import type {UseCaseOptions} from './use-case.ts';

export type {ImportedRecording} from '../report/records-report.ts';

export type ImportOptions = UseCaseOptions & {
	/** Folder of the record. */
	readonly out: string;
};

/**
 * Makes a record of tables from another source.
 *
 * @param folder - holds `record.json` and at least `requests.csv` or `requests.ndjson`
 * @throws {UserError} with a line for each fault: E_FILE for a file that cannot be read, E_CONFIG for what stands in one
 */
export async function importRecording(
	folder: string,
	{out, signal, onProgress = () => {}}: ImportOptions,
): Promise<ImportedRecording> {
	const activity = {doing: `Reading ${folder}`, total: tableNames.length, unit: 'tables'};
	let done = 0;
	signal?.throwIfAborted();
	onProgress({...activity, done});
	const {recording, absent} = await importRecord(folder, {
		onTable() {
			onProgress({...activity, done: ++done});
			signal?.throwIfAborted();
		},
	});
	writeRecord(out, recording);
	onProgress({...activity, done, isOver: true});
	const {requests, pods, decisions, samples} = recording.tables;
	const rows = {
		requests: requests.outcome.length,
		pods: pods.event.length,
		decisions: decisions.proposals.length,
		samples: samples.pod.length,
	};
	return {folder: out, rows, absent};
}
