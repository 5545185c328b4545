import {type Dirent, existsSync, readdirSync, statSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import process from 'node:process';
import type {NotLookedAt} from '../../../lint/not-looked-at.ts';
import {kustomizationNames, passedOver} from '../find-manifests.ts';
import {type Kustomization, readKustomization} from './read-kustomization.ts';

/** Files and kustomizations beyond the paths that were given, and what they name that is not here. */
export type Included = {
	readonly files: readonly string[];
	readonly kustomizations: readonly Kustomization[];
	readonly notLookedAt: readonly NotLookedAt[];
};

/** More files than that are no build of anybody's. */
const mostIncluded = 2000;
/** Folders of a repository that are looked through for kustomizations. */
const mostFolders = 5000;

/**
 * Follows what kustomizations name outside the paths that were given, such as `../../base`, to its files.
 *
 * @param given - kustomizations at the paths
 * @param files - files at the paths
 */
export async function includedBy(given: readonly Kustomization[], files: readonly string[]): Promise<Included> {
	const seen = new Set([...files, ...given.flatMap(({folder, file}) => [folder, file])].map(path => resolve(path)));
	const found: {files: string[]; kustomizations: Kustomization[]; notLookedAt: NotLookedAt[]} = {
		...{files: [], kustomizations: [], notLookedAt: []},
	};
	const queue = [...given];
	for (const each of queue) {
		found.notLookedAt.push(...each.remotes.map(remote => notHere(each, remote)));
		for (const path of each.includes) {
			if (seen.has(path) || seen.size > mostIncluded) {
				continue;
			}

			seen.add(path);
			const below = kustomizationNames.map(name => join(path, name)).find(name => existsSync(name));
			const next = below === undefined ? undefined : await readKustomization(near(below));
			if (next !== undefined) {
				found.kustomizations.push(next);
				queue.push(next);
			} else if (isFile(path)) {
				found.files.push(near(path));
			} else {
				found.notLookedAt.push(notHere(each, relative(resolve(each.folder), path)));
			}
		}
	}

	return found;
}

/** Whether a file is there; not where the path is none that the system takes. */
function isFile(path: string): boolean {
	try {
		return statSync(path).isFile();
	} catch {
		return false;
	}
}

function notHere({file, folder}: Kustomization, named: string): NotLookedAt {
	return {
		what: 'file',
		place: {file},
		why: `The kustomization ${folder} names ${named}, which is not on this disk`,
	};
}

/** Path as a reader of the terminal would write it. */
function near(path: string): string {
	const from = relative(process.cwd(), path);
	return from.length < path.length ? from : path;
}

/**
 * Kustomizations elsewhere in the repositories of the paths, which may patch what is at the paths: an overlay beside a base.
 *
 * @param known - kustomizations that are read already
 */
export async function kustomizationsAround(
	paths: readonly string[],
	known: readonly Kustomization[],
): Promise<Kustomization[]> {
	const read = new Set(known.map(({file}) => resolve(file)));
	const roots = new Set(paths.flatMap(path => (path === '-' ? [] : (repositoryOf(resolve(path)) ?? []))));
	const found: Kustomization[] = [];
	for (const root of roots) {
		for (const file of kustomizationsBelow(root)) {
			if (!read.has(file)) {
				read.add(file);
				const each = await readKustomization(near(file));
				found.push(...(each === undefined ? [] : [each]));
			}
		}
	}

	return found;
}

/** Folder with `.git` that a path is below; undefined where there is none, or the path is that folder. */
function repositoryOf(path: string): string | undefined {
	for (let folder = path; ; folder = dirname(folder)) {
		if (existsSync(join(folder, '.git'))) {
			return folder === path ? undefined : folder;
		}

		if (dirname(folder) === folder) {
			return undefined;
		}
	}
}

function kustomizationsBelow(root: string): string[] {
	const found: string[] = [];
	const folders = [root];
	for (const folder of folders) {
		for (const entry of entriesOf(folder)) {
			if (entry.isDirectory() && !entry.name.startsWith('.') && !passedOver.has(entry.name)) {
				folders.push(...(folders.length < mostFolders ? [join(folder, entry.name)] : []));
			} else if (entry.isFile() && kustomizationNames.includes(entry.name)) {
				found.push(join(folder, entry.name));
			}
		}
	}

	return found;
}

/** Entries of a folder; none where it may not be read, since nobody named it. */
function entriesOf(folder: string): Dirent[] {
	try {
		return readdirSync(folder, {withFileTypes: true});
	} catch {
		return [];
	}
}
