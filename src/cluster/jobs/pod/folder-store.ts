import {randomBytes} from 'node:crypto';
import {mkdir, open, readFile, rename} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {checkedName, type ObjectStore} from './shard-work.ts';

/** Files in a folder, such as a claim that is mounted; written aside, brought to the disk, and renamed. */
export function folderStore(folder: string): ObjectStore {
	const pathOf = (name: string) => join(folder, checkedName(name));
	return {
		async get(name) {
			try {
				return await readFile(pathOf(name), 'utf8');
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
					return undefined;
				}

				throw error;
			}
		},
		async put(name, text) {
			const path = pathOf(name);
			const aside = `${path}.${randomBytes(6).toString('hex')}`;
			await mkdir(dirname(path), {recursive: true});
			const file = await open(aside, 'wx');
			try {
				await file.writeFile(text);
				await file.sync();
			} finally {
				await file.close();
			}

			await rename(aside, path);
		},
	};
}
