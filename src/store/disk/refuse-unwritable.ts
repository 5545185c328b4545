import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import type {Arm} from '../../records/record.ts';
import {withFileFaults} from './file-faults.ts';
import {writeAside} from './write-atomically.ts';

// Apart from what writes, which loads the writer of tables: a run checks first, and writes much later.

export const arms: readonly Arm[] = ['dynamic', 'fixed'];

/**
 * Refuses, before anything is simulated, folders under `out` into which results cannot be written.
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
 * Refuses to replace a folder that holds no record.
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

/**
 * Compares files of a folder with the content that a command would write there.
 *
 * @throws {UserError} E_FILE, a line each, when one is missing or is another one
 */
export function refuseStale(folder: string, files: Readonly<Record<string, string>>, command: string): void {
	const faults = Object.entries(files).flatMap(([name, content]) => {
		const path = join(folder, name);
		const there = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
		return there === content ? [] : [`Expected ${path} to be what ${command} writes, got ${unlike(there, content)}`];
	});
	if (faults.length > 0) {
		throw new UserError('E_FILE', faults);
	}
}

function unlike(there: string | undefined, content: string): string {
	if (there === undefined) {
		return 'no file';
	}

	const [lines, wanted] = [there.split('\n'), content.split('\n')];
	const index = wanted.findIndex((line, number) => line !== lines[number]);
	return `another line ${(index === -1 ? wanted.length : index) + 1}`;
}
