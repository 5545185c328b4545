import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {RecordHead} from '../../records/record.ts';
import {type Measured, writeMeasured} from '../../store/records/write-record.ts';
import {isWhole} from '../measured/validity.ts';

/**
 * Writes a measured record, but never a part over a whole.
 *
 * @returns whether it was written
 */
export function keepMeasured(folder: string, measured: Measured): boolean {
	const {head} = measured.recording;
	const there = recordHead(folder);
	if (there?.experiment.hash === head.experiment.hash && isWhole(there.validity) && !isWhole(head.validity)) {
		return false;
	}

	writeMeasured(folder, measured);
	return true;
}

/** Head of the record in a folder; undefined when there is none that can be read. */
export function recordHead(folder: string): RecordHead | undefined {
	const path = join(folder, 'record.json');
	try {
		return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RecordHead) : undefined;
	} catch {
		return undefined; // it is rewritten
	}
}
