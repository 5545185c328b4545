import {readdirSync, readlinkSync, rmSync, statSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';

const host = `${hostname().replaceAll(/[^\w.]/g, '_')}${processSpace()}`;
/** Start of the name of every temporary folder. */
export const marker = '.replicast-';
const dayMs = 24 * 3600 * 1000;

/** Start of the names of those of this process; `mkdtemp` adds six characters. */
export const temporaryPrefix = `${marker}${host}-${process.pid}-`;

/**
 * Linux's number of the namespace in which the processes are numbered, as containers have their own: two of one host name on
 * one volume must not take each other's processes for dead. Empty elsewhere.
 */
function processSpace(): string {
	try {
		return `.${/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''}`;
	} catch {
		return '';
	}
}

/**
 * Removes from `parent` the temporary folders of runs that were killed. Those of a process that still runs on this
 * machine and namespace stay; the processes of another one cannot be asked, so theirs stay for a day.
 */
export function removeStaleFolders(parent: string): void {
	for (const name of readdirSync(parent)) {
		if (name.startsWith(marker) && isStale(join(parent, name), name)) {
			removeIfAllowed(join(parent, name));
		}
	}
}

/** Another user's folder may not be ours to remove; it is in nobody's way. */
function removeIfAllowed(folder: string): void {
	try {
		rmSync(folder, {recursive: true, force: true});
	} catch {
		// the next process of its owner removes it
	}
}

function isStale(path: string, name: string): boolean {
	const [, owner = '', pid = ''] = /^\.replicast-(.+)-(\d+)-\w{6}$/.exec(name) ?? [];
	if (pid === '') {
		return false; // not one of ours
	}

	const ageMs = Date.now() - (statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? Date.now());
	if (owner !== host) {
		return ageMs > dayMs;
	}

	// A folder with our number that is older than we are was a dead namesake's.
	return Number(pid) === process.pid ? ageMs > process.uptime() * 1000 : !isRunning(Number(pid));
}

/** Whether a process of this machine is there. */
export function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM'; // it runs, but is another user's
	}
}
