import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {type ObservedTables, observedColumns, observedNames} from '../../records/observed-columns.ts';
import {type Recording, recordColumns, type TableName, tableNames} from '../../records/record.ts';
import {longestTables} from '../../records/table-limits.ts';
import {refuseForeignFolder} from '../disk/refuse-unwritable.ts';
import {moveIntoPlace, writeAside} from '../disk/write-atomically.ts';
import {encodeTable} from './parquet.ts';

/**
 * Writes a record as a folder of `record.json` and one Parquet file a table. Equal recordings give equal bytes.
 *
 * @param folder - replaced whole when it holds a record
 * @throws {UserError} E_FILE when the folder holds something else, or the disk refuses
 */
export function writeRecord(folder: string, recording: Recording): void {
	refuseForeignFolder(folder);
	writeAside(dirname(folder), aside => {
		const fresh = join(aside, 'record');
		writeRecordFiles(fresh, recording);
		moveIntoPlace(fresh, folder, aside);
	});
}

/** Writes the record's files into `folder`, which is made; for use on a folder that stands aside. */
export function writeRecordFiles(folder: string, recording: Recording): void {
	const {head, tables} = recording;
	const omitted = omittedTables(recording);
	mkdirSync(folder, {recursive: true});
	for (const table of tableNames.filter(name => !omitted.includes(name))) {
		writeFileSync(join(folder, `${table}.parquet`), encodeTable(recordColumns[table], tables[table]));
	}

	const written = omitted.length === 0 ? head : {...head, omittedTables: omitted};
	writeFileSync(join(folder, 'record.json'), `${JSON.stringify(written, null, '\t')}\n`);
}

/** Tables that were too long to be kept, or are too long to be written. */
export function omittedTables({tables, omitted = []}: Recording): TableName[] {
	const rows = {
		requests: tables.requests.scheduledSeconds.length,
		pods: tables.pods.seconds.length,
		decisions: 0,
		samples: 0,
	};
	return tableNames.filter(name => omitted.includes(name) || rows[name] > longestTables[name]);
}

export type Measured = {
	readonly recording: Recording;
	readonly observed: ObservedTables;
	/** Contents of `conditions.json`. */
	readonly conditions: unknown;
};

/**
 * Writes a measured record: a record's files, the tables that only a measurement has in `observed/`, and under which
 * conditions it was measured.
 *
 * @param folder - replaced whole when it holds a record
 * @throws {UserError} E_FILE when the folder holds something else, or the disk refuses
 */
export function writeMeasured(folder: string, {recording, observed, conditions}: Measured): void {
	refuseForeignFolder(folder);
	writeAside(dirname(folder), aside => {
		const fresh = join(aside, 'record');
		writeRecordFiles(fresh, recording);
		writeFileSync(join(fresh, 'conditions.json'), `${JSON.stringify(conditions, null, '\t')}\n`);
		mkdirSync(join(fresh, 'observed'));
		for (const name of observedNames) {
			writeFileSync(join(fresh, 'observed', `${name}.parquet`), encodeTable(observedColumns[name], observed[name]));
		}

		moveIntoPlace(fresh, folder, aside);
	});
}
