import {existsSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import type {Arm} from '../../records/record.ts';
import {withFileFaults} from './file-faults.ts';
import {writeAside} from './write-atomically.ts';

// Apart from what writes, which loads the writer of tables: a run checks first, and writes much later.

export const arms: readonly Arm[] = ['dynamic', 'fixed'];

/**
 * Sees to it, before anything is simulated, that results can be written into these folders under `out`.
 *
 * @throws {UserError} E_FILE when the disk refuses, or something other than a record stands where one has to be
 */
export function refuseUnwritable(out: string, folders: readonly string[]): void {
	writeAside(out, aside => {
		writeFileSync(join(aside, 'probe'), '');
		for (const folder of folders) {
			for (const arm of arms) {
				refuseForeignFolder(join(out, folder, arm));
			}
		}
	});
}

/**
 * Sees to it that only records are ever replaced.
 *
 * @throws {UserError} E_FILE when `folder` holds files but no record, or is no folder
 */
export function refuseForeignFolder(folder: string): void {
	withFileFaults(folder, () => {
		if (existsSync(folder) && !existsSync(join(folder, 'record.json')) && readdirSync(folder).length > 0) {
			throw new UserError('E_FILE', `Expected ${folder} to be absent, empty or a record, got other files in it`);
		}
	});
}
