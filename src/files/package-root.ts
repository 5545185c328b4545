import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

/**
 * Folder of the package: the nearest one above this file that holds `package.json` and `models`. It is the same from
 * the sources, from either build and from an installed package.
 */
export function packageRoot(): string {
	for (let folder = new URL('./', import.meta.url); ; folder = new URL('../', folder)) {
		if (existsSync(new URL('package.json', folder)) && existsSync(new URL('models/', folder))) {
			return fileURLToPath(folder);
		}

		if (folder.pathname === '/' || new URL('../', folder).href === folder.href) {
			throw new Error(`Expected a package above ${import.meta.url}, got none`);
		}
	}
}
