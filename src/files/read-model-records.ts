import {inlineReferences, references} from './inline-references.ts';
import {type ReadOptions, readPreparedTree} from './read-experiment.ts';
import {nodeAt, plainValue} from './source-tree.ts';

/**
 * Hashes of the records that an experiment's models were fitted to, as the model files name them.
 *
 * @param path - an experiment file without faults
 */
export async function readModelRecords(path: string, options: ReadOptions = {}): Promise<string[]> {
	const tree = await readPreparedTree(path, options);
	if (tree === undefined) {
		return [];
	}

	const inlined = await inlineReferences(tree);
	return references.flatMap(reference => {
		const node = nodeAt(inlined.tree, [...reference.path, 'records']);
		const records = node === undefined ? [] : plainValue(node);
		return Array.isArray(records) ? records.map(String) : [];
	});
}
