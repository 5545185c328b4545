import type {ManifestObject} from '../manifests/parse-manifests.ts';
import {nodeAt, type SourceNode} from '../yaml/source-tree.ts';

/** Placeholder of a template in a value of an object. */
export type Placeholder = {readonly source: SourceNode['source']; readonly text: string};

/** Go templates and Jinja, shell variables, ERB, and words in angle brackets or double underscores. */
const placeholder =
	/\{\{.*?\}\}|\{%.*?%\}|\$\{[^{}]*\}|<%.*?%>|<[A-Za-z][^<>=]*>|\[\[.*?\]\]|^\$\([\w.-]+\)$|^\$[A-Za-z_]\w*$|^__\w+__$|^@\w+@$|^%\w+%$/s;

/** Queries have brackets of their own. */
const inQuery = /\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|\$\{[^{}]*\}/s;

/** First value of an autoscaler that is still a placeholder: in its name, its namespace or its spec. */
export function placeholderOfAutoscaler({tree}: ManifestObject): Placeholder | undefined {
	return placeholderIn(tree, [['apiVersion'], ['metadata', 'name'], ['metadata', 'namespace'], ['spec']]);
}

/** First value of a workload that is still a placeholder, in what the rules read: its name, and the resources of its containers. */
export function placeholderOfWorkload({tree}: ManifestObject): Placeholder | undefined {
	const pod = nodeAt(tree, ['spec', 'template', 'spec']);
	const lists = ['containers', 'initContainers'].flatMap(key => {
		const list = nodeAt(pod, [key]);
		return list === undefined ? [] : [list];
	});
	for (const list of lists) {
		const items = list.kind === 'list' ? list.items : [list];
		for (const item of items) {
			const found = item.kind === 'map' ? placeholderIn(item, [['name'], ['resources']]) : firstIn(item, false);
			if (found !== undefined) {
				return found;
			}
		}
	}

	return placeholderIn(tree, [['apiVersion'], ['metadata', 'name'], ['metadata', 'namespace']]);
}

function placeholderIn(tree: SourceNode, paths: readonly (readonly string[])[]): Placeholder | undefined {
	for (const path of paths) {
		const found = firstIn(nodeAt(tree, path), false);
		if (found !== undefined) {
			return found;
		}
	}

	return undefined;
}

function firstIn(node: SourceNode | undefined, isQuery: boolean): Placeholder | undefined {
	switch (node?.kind) {
		case 'scalar': {
			const isFound = typeof node.value === 'string' && (isQuery ? inQuery : placeholder).test(node.value);
			return isFound ? {source: node.source, text: String(node.value)} : undefined;
		}

		case 'list':
			return firstOf(node.items.map(item => [item, isQuery] as const));
		case 'map':
			return firstOf(
				[...node.entries].map(([key, entry]) => [entry.node, isQuery || /query|formula/i.test(key)] as const),
			);
		default:
			return undefined;
	}
}

function firstOf(nodes: readonly (readonly [SourceNode, boolean])[]): Placeholder | undefined {
	for (const [node, isQuery] of nodes) {
		const found = firstIn(node, isQuery);
		if (found !== undefined) {
			return found;
		}
	}

	return undefined;
}
