import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {longestRequestsTable, type Recording, type RecordTables} from '../records/record.ts';
import {encodeTable} from './encode-table.ts';
import {recordColumns, type TableName, tableNames} from './record-columns.ts';
import {refuseForeignFolder} from './refuse-unwritable.ts';
import {moveIntoPlace, writeAside} from './write-atomically.ts';

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
export function writeRecordFiles(folder: string, {head, tables}: Recording): void {
	const omitted = omittedTables(tables);
	mkdirSync(folder, {recursive: true});
	for (const table of tableNames.filter(name => !omitted.includes(name))) {
		writeFileSync(join(folder, `${table}.parquet`), encodeTable(recordColumns[table], tables[table]));
	}

	const written = omitted.length === 0 ? head : {...head, omittedTables: omitted};
	writeFileSync(join(folder, 'record.json'), `${JSON.stringify(written, null, '\t')}\n`);
}

/** Tables that are too long to be written. */
export function omittedTables({requests}: RecordTables): TableName[] {
	return requests.scheduledSeconds.length > longestRequestsTable ? ['requests'] : [];
}
