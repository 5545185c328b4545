import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../errors.ts';
import {packageRoot} from './package-root.ts';
import {readSourceTree} from './read-model.ts';
import {plainValue} from './source-tree.ts';

export type FoundModel = {
	/** Name of the file within its folder. */
	readonly file: string;
	readonly document: Readonly<Record<string, unknown>>;
};

/**
 * The model file of a kind and name: in `folder` if it is there, else among those of the package.
 *
 * @throws {UserError} E_FILE when there is none
 */
export async function findModel(kind: string, name: string, folder: string): Promise<FoundModel> {
	for (const place of [folder, join(packageRoot(), 'models')]) {
		for (const file of existsSync(place) ? readdirSync(place).sort() : []) {
			const document = file.endsWith('.yaml') ? await readDocument(join(place, file)) : undefined;
			if (document?.['kind'] === kind && document['name'] === name) {
				return {file, document};
			}
		}
	}

	throw new UserError('E_FILE', `Expected a ${kind} named ${name} in ${folder} or among the shipped models, got none`);
}

async function readDocument(path: string): Promise<Record<string, unknown> | undefined> {
	const tree = await readSourceTree(path);
	return tree.kind === 'map' ? (plainValue(tree) as Record<string, unknown>) : undefined;
}
