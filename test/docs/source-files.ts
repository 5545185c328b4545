import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A file of the repository. */
export type SourceFile = {readonly path: string /** From the root, with slashes. */; readonly name: string};

/** Files of TypeScript below a folder of the repository, in the order of their names; declarations are left out. */
export function filesBelow(folder: string): SourceFile[] {
	return readdirSync(join(root, folder), {recursive: true, withFileTypes: true})
		.filter(entry => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
		.map(entry => join(entry.parentPath, entry.name))
		.map(path => ({path, name: path.slice(root.length).replaceAll('\\', '/')}))
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}
