import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {type RecordingSettings, RecordingSettingsFile} from '../../experiment/recordings/settings-schema.ts';
import {packageRoot} from '../disk/package.ts';
import {configError, readSourceTree} from '../experiments/read-model.ts';
import {checkTree, faultLines} from '../yaml/describe-issues.ts';
import type {SourceNode} from '../yaml/source-tree.ts';

/** Settings of a set with the tree of their file, whose places faults name. */
export type FoundSettings = {
	readonly path: string;
	readonly settings: RecordingSettings;
	readonly tree: SourceNode;
};

/** Path of the settings that come with the package for a set; undefined where there are none. */
export function findSettings(set: string): string | undefined {
	const path = join(packageRoot(), 'experiments', 'recordings', `${set}.yaml`);
	return existsSync(path) ? path : undefined;
}

/**
 * Reads the settings of a set of recordings.
 *
 * @throws {UserError} with a line for each fault, with its place
 */
export async function readSettings(path: string): Promise<FoundSettings> {
	const tree = await readSourceTree(path);
	const checked = checkTree(RecordingSettingsFile, tree);
	if ('faults' in checked) {
		throw configError(faultLines(tree, checked.faults));
	}

	return {path, settings: checked.value, tree};
}
