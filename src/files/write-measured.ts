import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Recording} from '../records/record.ts';
import {encodeTable} from './encode-table.ts';
import {type ObservedTables, observedColumns, observedNames} from './observed-columns.ts';
import {refuseForeignFolder} from './refuse-unwritable.ts';
import {moveIntoPlace, writeAside} from './write-atomically.ts';
import {writeRecordFiles} from './write-record.ts';

export type Measured = {
	readonly recording: Recording;
	readonly observed: ObservedTables;
	/** What `conditions.json` is to hold. */
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
