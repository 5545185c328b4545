import {type Dirent, readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {asFileFault} from '../disk/file-faults.ts';

/** File whose manifests are read; one that was named has to be readable, one of a folder may be anything. */
export type FoundFile = {readonly path: string; readonly isNamed: boolean};

/** Folders that hold no manifests of one's own. */
const passedOver = new Set(['node_modules', '.git', '.terraform', 'vendor']);

/** More files than that are somebody's home directory. */
const mostFiles = 20_000;

/**
 * Files at the paths: themselves, or what lies below a folder and ends in .yaml, .yml or .json.
 *
 * @throws {UserError} E_FILE where a path leads nowhere
 */
export function findManifests(paths: readonly string[]): FoundFile[] {
	const found = new Map<string, FoundFile>();
	for (const path of paths) {
		if (path === '-' || !isFolder(path)) {
			found.set(path, {path, isNamed: true});
			continue;
		}

		for (const file of below(path)) {
			if (!found.has(file) && found.size < mostFiles) {
				found.set(file, {path: file, isNamed: false});
			}
		}
	}

	return [...found.values()];
}

function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch (error) {
		throw asFileFault(path, error);
	}
}

/** Files below a folder in the order of their names; links are not followed. */
function* below(folder: string): Generator<string> {
	for (const entry of entriesOf(folder).sort((a, b) => (a.name < b.name ? -1 : 1))) {
		const path = join(folder, entry.name);
		if (entry.isDirectory() && !passedOver.has(entry.name)) {
			yield* below(path);
		} else if (entry.isFile() && /\.(?:ya?ml|json)$/i.test(entry.name)) {
			yield path;
		}
	}
}

function entriesOf(folder: string): Dirent[] {
	try {
		return readdirSync(folder, {withFileTypes: true});
	} catch (error) {
		throw asFileFault(folder, error);
	}
}
