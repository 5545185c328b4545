import {existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import process from 'node:process';
import {asFileFault, withFileFaults} from './file-faults.ts';
import {removeStaleFolders, temporaryPrefix} from './stale-folders.ts';

// Nearly everything here is synchronous on purpose: a signal's handler then never runs while something is half-written,
// so an interrupted command has nothing to clean up. What a killed process leaves, the next one removes.

/** Replaces the file at `path` by one with `content`: a reader sees the old one or the new one, never a part. */
export function writeFileAtomically(path: string, content: string | Uint8Array): void {
	writeAside(dirname(path), aside => {
		const fresh = join(aside, basename(path));
		writeFileSync(fresh, content);
		moveIntoPlace(fresh, path, aside);
	});
}

/**
 * Calls `write` with a new empty folder on the same file system as `parent`, and removes that folder afterwards.
 * What is to stay is written there first and then moved with `moveIntoPlace`.
 *
 * @throws {UserError} E_FILE when the disk is full, read-only or otherwise refuses
 */
export function writeAside(parent: string, write: (aside: string) => void): void {
	withFileFaults(parent, () => {
		makeFolders(parent);
		removeStaleFolders(parent);
		const aside = mkdtempSync(join(parent, temporaryPrefix));
		try {
			write(aside);
		} finally {
			rmSync(aside, {recursive: true, force: true});
		}
	});
}

/**
 * Writes aside as `writeAside`, for a write that takes long and gives way to signals: one that ends the process removes
 * the folder.
 *
 * @throws {UserError} E_FILE when the disk is full, read-only or otherwise refuses
 */
export async function writeAsideForLong(parent: string, write: (aside: string) => Promise<void>): Promise<void> {
	try {
		makeFolders(parent);
		removeStaleFolders(parent);
		const aside = mkdtempSync(join(parent, temporaryPrefix));
		const remove = () => rmSync(aside, {recursive: true, force: true});
		process.once('exit', remove);
		try {
			await write(aside);
		} finally {
			process.off('exit', remove);
			remove();
		}
	} catch (error) {
		throw asFileFault(parent, error);
	}
}

/**
 * Moves a finished file or folder to `target`. A file replaces a file in one step; a folder that stands at `target`
 * is first moved into `aside`, since no portable call exchanges two folders.
 */
export function moveIntoPlace(fresh: string, target: string, aside: string): void {
	makeFolders(dirname(target));
	if (!lstatSync(fresh).isDirectory()) {
		renameSync(fresh, target);
		return;
	}

	retire(target, aside);
	renameSync(fresh, target);
}

/** Moves what stands at `target`, if anything, into `aside`, which is removed when the writing ends. */
export function retire(target: string, aside: string): void {
	if (existsSync(target)) {
		renameSync(target, join(aside, `replaced-${readdirSync(aside).length}`));
	}
}

/**
 * Makes a folder and those above it, one by one: Node's recursive mode calls a read-only disk a missing folder, and
 * never returns on /proc.
 */
export function makeFolders(folder: string): void {
	if (existsSync(folder)) {
		return;
	}

	makeFolders(dirname(folder));
	try {
		mkdirSync(folder);
	} catch (error) {
		if (!existsSync(folder)) {
			throw error; // else another process was faster
		}
	}
}

/**
 * Makes a new folder for temporary files, such as a kubeconfig; only this user may read it. Its maker removes it; a
 * killed process's folder is removed when the next one is made.
 *
 * @throws {UserError} E_FILE when the disk refuses
 */
export function makeScratch(): string {
	return withFileFaults(tmpdir(), () => {
		removeStaleFolders(tmpdir());
		return mkdtempSync(join(tmpdir(), temporaryPrefix));
	});
}

/** Content by path below a folder; undefined: a file of that name goes. */
export type Files = Readonly<Record<string, string | Uint8Array | undefined>>;

/**
 * Writes files below `out`: all of them aside first, then each is moved into place.
 *
 * @throws {UserError} E_FILE when the disk refuses
 */
export function writeFiles(out: string, files: Files): void {
	writeAside(out, aside => {
		const fresh = writeFresh(aside, files);
		for (const [path, content] of Object.entries(files)) {
			if (content === undefined) {
				retire(join(out, path), aside);
			} else {
				moveIntoPlace(join(fresh, path), join(out, path), aside);
			}
		}
	});
}

/** Writes files below a new folder in `aside`, from where they are moved. @returns that folder */
export function writeFresh(aside: string, files: Files): string {
	const fresh = join(aside, 'fresh');
	mkdirSync(fresh);
	for (const [path, content] of Object.entries(files)) {
		if (content !== undefined) {
			mkdirSync(dirname(join(fresh, path)), {recursive: true});
			writeFileSync(join(fresh, path), content);
		}
	}

	return fresh;
}
