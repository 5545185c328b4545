import {existsSync, readdirSync, statSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {UserError} from '../../errors.ts';
import {type ListedRun, listRuns} from './list-runs.ts';

/**
 * Recordings that a path names: all of a folder of recordings, or behind it a set (`DIR/SET`), a run (`DIR/SET/RUN`,
 * `DIR/runs/RUN`) or the file of its replicas. Opens `runs.csv` alone.
 *
 * @returns undefined when the path leads to no folder of recordings
 * @throws {UserError} in one line when the folder has no such recording
 */
export async function findRecordings(path: string): Promise<ListedRun[] | undefined> {
	const found = folderAbove(path);
	if (found === undefined) {
		return undefined;
	}

	const {folder, rest} = found;
	const isNamed = ({set, run}: {readonly set: string; readonly run: string}) =>
		[set, `${set}/${run}`, `runs/${run}`, `runs/${run}/replicas.csv`].includes(rest);
	const isFile = rest.startsWith('replicas/');
	const listed = await listRuns(folder, row => rest === '' || isFile || isNamed(row));
	const named = isFile ? listed.filter(({replicasFile}) => rest === `replicas/${basename(replicasFile)}`) : listed;
	if (named.length === 0) {
		const runs = await listRuns(folder);
		const sets = [...new Set(runs.map(({set}) => set))];
		const example = `${runs[0]!.set}/${runs[0]!.run}`;
		const rule = `Expected a set (${sets.join(', ')}) or a recording such as ${example} behind ${folder}`;
		throw new UserError('E_USAGE', `${rule}, got ${rest}`);
	}

	return named;
}

/**
 * Contents of a path that leads to no record and no recording, in words.
 *
 * @returns such as `no such folder`, or the folders of recordings in it
 */
export function otherThanRecordings(path: string): string {
	if (!existsSync(path)) {
		return 'no such folder';
	}

	if (!statSync(path).isDirectory()) {
		return 'a file of another form';
	}

	const inside = readdirSync(path)
		.filter(name => existsSync(join(path, name, 'runs.csv')))
		.sort();
	return inside.length === 0
		? 'a folder with neither'
		: `a folder of such folders: name one set, such as ${join(path, inside[0]!)}/SET`;
}

function folderAbove(path: string): {readonly folder: string; readonly rest: string} | undefined {
	const rest: string[] = [];
	let folder = path;
	while (!existsSync(join(folder, 'runs.csv'))) {
		const above = dirname(folder);
		if (above === folder) {
			return undefined;
		}

		rest.unshift(basename(folder));
		folder = above;
	}

	return {folder, rest: rest.join('/')};
}
