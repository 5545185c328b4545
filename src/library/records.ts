import {existsSync, statSync} from 'node:fs';
import {tableNames} from '../records/record.ts';
import type {ImportedRecording} from '../report/records-report.ts';
import {importRecord} from '../store/records/import-record.ts';
import {writeRecord} from '../store/records/write-record.ts';
import {importReplicas} from './recordings/import-replicas.ts';
import type {UseCaseOptions} from './use-case.ts';

export type {ImportedRecording} from '../report/records-report.ts';

export type ImportOptions = UseCaseOptions & {
	/** Folder of the record. */
	readonly out: string;
	/** File of the experiment that replicas are of; needed for a file of replicas alone. */
	readonly experiment?: string;
	/** Profile of that experiment. */
	readonly profile?: string;
	/** Changes of its values, `path=value` each. */
	readonly set?: readonly string[];
	/** Time of the file at which the experiment's time 0 is; that of its first row when left out. */
	readonly start?: string;
};

/**
 * Makes a record of tables from another source, or of the replicas of an autoscaler over time.
 *
 * @param folder - holds `record.json` and at least `requests.csv` or `requests.ndjson`; or a file of replicas: CSV, what
 *   `kubectl get hpa -w` prints, the answer of Prometheus to a range query
 * @throws {UserError} with a line for each fault: E_FILE for a file that cannot be read, E_CONFIG for what stands in one
 */
export async function importRecording(folder: string, options: ImportOptions): Promise<ImportedRecording> {
	const {out, signal, onProgress = () => {}} = options;
	if (existsSync(folder) && !statSync(folder).isDirectory()) {
		return importReplicas(folder, options);
	}

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
