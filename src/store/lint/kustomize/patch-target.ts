import {parseDocuments} from '../../yaml/parse-yaml.ts';
import {nodeAt, type SourceNode, textAt} from '../../yaml/source-tree.ts';

/** Objects that a patch changes, by patterns of kustomize; every one where a pattern is left out. */
export type PatchTarget = {readonly kind?: string | undefined; readonly name?: string | undefined};

/** Parts of an object that kustomize changes without a word of what an autoscaler does. */
const harmlessFields = /^(?:spec[./]replicas|metadata[./](?:labels|annotations|namespace)\b.*)$/;

/**
 * Objects whose judged parts a patch changes.
 *
 * @param text - strategic merge patches or a JSON patch, in YAML; undefined where it cannot be read
 * @param target - `target` of the patch, where it has one
 */
export function targetsOfPatch(text: string | undefined, target: SourceNode | undefined): PatchTarget[] {
	const {trees, faults} = text === undefined ? {trees: [], faults: []} : parseDocuments(text, 'patch');
	const isRead = text !== undefined && faults.length === 0;
	if (target !== undefined) {
		return !isRead || trees.some(tree => changes(tree)) ? [targetOf(target)] : [];
	}

	return trees
		.filter(tree => tree.kind === 'map' && changes(tree))
		.map(tree => ({kind: literal(textAt(tree, 'kind')), name: literal(textAt(tree, 'metadata', 'name'))}));
}

/** Objects into which a replacement of kustomize writes. */
export function targetsOfReplacement(replacement: SourceNode): PatchTarget[] {
	const targets = listAt(nodeAt(replacement, ['targets']));
	return targets
		.filter(target => {
			const fields = listAt(nodeAt(target, ['fieldPaths']));
			return fields.some(field => field.kind !== 'scalar' || !harmlessFields.test(String(field.value)));
		})
		.map(target => targetOf(nodeAt(target, ['select'])));
}

/** Pattern of a target: `kind` and `name` are regular expressions of the whole; labels are not followed. */
export function targetOf(target: SourceNode | undefined): PatchTarget {
	return {kind: textAt(target, 'kind'), name: textAt(target, 'name')};
}

/** Items of a list; none where there is no list. */
export function listAt(node: SourceNode | undefined): readonly SourceNode[] {
	return node?.kind === 'list' ? node.items : [];
}

function literal(text: string | undefined): string | undefined {
	return text?.replaceAll('.', String.raw`\.`);
}

function changes(tree: SourceNode): boolean {
	if (tree.kind === 'list') {
		return tree.items.some(operation => !harmlessFields.test((textAt(operation, 'path') ?? '').slice(1)));
	}

	if (tree.kind !== 'map') {
		return true;
	}

	const spec = nodeAt(tree, ['spec']);
	const isSize = spec?.kind === 'map' && [...spec.entries.keys()].every(key => key === 'replicas');
	return (
		[...tree.entries.keys()].some(key => !['apiVersion', 'kind', 'metadata', 'spec'].includes(key)) ||
		nodeAt(tree, ['metadata', '$patch']) !== undefined ||
		(spec !== undefined && !isSize)
	);
}

/** Whether a pattern of kustomize matches a word; one that is no plain pattern is taken to match. */
export function matches(pattern: string | undefined, word: string): boolean {
	if (pattern === undefined || pattern === '') {
		return true;
	}

	// Others may take very long, or are not JavaScript's.
	if (!/^(?:[\w|-]|\\?\.|\.[*+])*$/.test(pattern) || pattern.length > 300 || pattern.split(/\.[*+]/).length > 3) {
		return true;
	}

	return new RegExp(`^(?:${pattern})$`).test(word);
}
