import type {ModelProvenance} from '../experiment/model-provenance.ts';
import {inlineReferences, references} from './inline-references.ts';
import {type ReadOptions, readPreparedTree} from './read-experiment.ts';
import {nodeAt, plainValue, type SourceNode} from './source-tree.ts';

/**
 * The files that an experiment refers to and that say where they come from: models, price book.
 *
 * @param path - an experiment file without faults
 */
export async function readModelProvenance(path: string, options: ReadOptions = {}): Promise<ModelProvenance[]> {
	const tree = await readPreparedTree(path, options);
	if (tree === undefined) {
		return [];
	}

	const inlined = await inlineReferences(tree);
	return references.flatMap(reference => {
		const node = nodeAt(inlined.tree, reference.path);
		const model = node?.kind === 'map' ? provenanceOf(node) : undefined;
		return model === undefined ? [] : [model];
	});
}

/** @returns nothing for a map that is no file of a kind, such as a distribution in a model's place */
function provenanceOf(node: SourceNode): ModelProvenance | undefined {
	const text = (key: string) => {
		const entry = nodeAt(node, [key]);
		return entry?.kind === 'scalar' && typeof entry.value === 'string' ? entry.value : null;
	};
	const [kind, name] = [text('kind'), text('name')];
	const list = nodeAt(node, ['records']);
	const records = list === undefined ? [] : plainValue(list);
	return kind === null || name === null
		? undefined
		: {
				kind,
				name,
				status: text('status'),
				date: text('date'),
				records: Array.isArray(records) ? records.map(String) : [],
			};
}
