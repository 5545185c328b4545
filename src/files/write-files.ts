import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {moveIntoPlace, retire, writeAside} from './write-atomically.ts';

/** Content by path below a folder; undefined: a file of that name goes. */
export type Files = Readonly<Record<string, string | Uint8Array | undefined>>;

/**
 * Writes files below `out`: all of them aside first, then each is moved into place.
 *
 * @throws {UserError} E_FILE when the disk refuses
 */
export function writeFiles(out: string, files: Files): void {
	writeAside(out, aside => {
		const fresh = join(aside, 'fresh');
		for (const [path, content] of Object.entries(files)) {
			if (content !== undefined) {
				mkdirSync(dirname(join(fresh, path)), {recursive: true});
				writeFileSync(join(fresh, path), content);
			}
		}

		for (const [path, content] of Object.entries(files)) {
			if (content === undefined) {
				retire(join(out, path), aside);
			} else {
				moveIntoPlace(join(fresh, path), join(out, path), aside);
			}
		}
	});
}
