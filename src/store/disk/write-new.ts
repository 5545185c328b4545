import {existsSync, lstatSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import {moveIntoPlace, writeAside, writeFresh} from './write-atomically.ts';

/**
 * Refuses a file or a folder that is there.
 *
 * @param advice - what to do instead
 * @throws {UserError} E_FILE with its path
 */
export function refusePresent(path: string, advice = ''): void {
	if (existsSync(path)) {
		const kind = lstatSync(path).isDirectory() ? 'a folder' : 'a file';
		throw new UserError('E_FILE', `Expected ${path} to be absent, as nothing is overwritten, got ${kind}${advice}`);
	}
}

/**
 * Moves what was written aside to where nothing is yet. What is there with the same content stays, as a killed process
 * leaves some of the names, which come in the order in which they are moved.
 *
 * @throws {UserError} E_FILE before anything is moved, where something with other content is in the way
 */
export function moveNewIntoPlace(
	fresh: string,
	folder: string,
	{names, aside, advice}: {readonly names: readonly string[]; readonly aside: string; readonly advice?: string},
): void {
	const missing = names.filter(name => !isSame(join(fresh, name), join(folder, name)));
	for (const name of missing) {
		refusePresent(join(folder, name), advice);
	}

	for (const name of missing) {
		moveIntoPlace(join(fresh, name), join(folder, name), aside);
	}
}

/**
 * Writes files by their paths below a folder, none of which may be there with other content; the last of them says that
 * all are there.
 *
 * @throws {UserError} E_FILE before anything is written, where one is there, or the disk refuses
 */
export function writeNewFiles(folder: string, files: Readonly<Record<string, string>>): void {
	writeAside(folder, aside => {
		moveNewIntoPlace(writeFresh(aside, files), folder, {names: Object.keys(files), aside});
	});
}

/** Whether two paths are files of the same bytes, or folders of such files. */
function isSame(one: string, other: string): boolean {
	if (!existsSync(other)) {
		return false;
	}

	const areFolders = [one, other].map(path => lstatSync(path).isDirectory());
	if (areFolders[0] !== areFolders[1]) {
		return false;
	}

	if (!areFolders[0]) {
		return lstatSync(other).isFile() && readFileSync(one).equals(readFileSync(other));
	}

	const names = readdirSync(one).sort();
	return (
		names.join('/') === readdirSync(other).sort().join('/') &&
		names.every(name => isSame(join(one, name), join(other, name)))
	);
}
