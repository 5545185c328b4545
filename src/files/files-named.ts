import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

/** Deepest folder below the one that is searched. */
const deepest = 3;

/** The files of a name in a folder and a few levels below it, in the order of their paths; hidden folders are left out. */
export function filesNamed(name: string, folder: string, depth = 0): string[] {
	if (!existsSync(folder)) {
		return [];
	}

	const entries = readdirSync(folder, {withFileTypes: true}).sort((a, b) => (a.name < b.name ? -1 : 1));
	const own = entries.filter(entry => entry.isFile() && entry.name === name).map(() => join(folder, name));
	const below = depth === deepest ? [] : entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.'));
	return [...own, ...below.flatMap(entry => filesNamed(name, join(folder, entry.name), depth + 1))];
}
