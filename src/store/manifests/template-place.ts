import type {SourceNode} from '../yaml/source-tree.ts';

/** Message for a file of a chart that is not rendered. */
export const templateWords =
	'Expected YAML, got an unrendered Helm template; render it first: helm template NAME CHART > manifests.yaml';

const action = /^[^"'#\n]*?(\{\{(?:-|\/\*|[^{}\n]*\}\}))/m;

/**
 * Position of the first action of a Go template outside quotes in a text that is no YAML; undefined when there is none.
 */
export function templatePlace(text: string): {readonly line: number; readonly column: number} | undefined {
	const found = action.exec(text);
	if (found === null) {
		return undefined;
	}

	const start = found.index + found[0].length - found[1]!.length;
	const before = text.slice(0, start).split('\n');
	return {line: before.length, column: before.at(-1)!.length + 1};
}

/** The first value in a tree, keys among them, that is still an action of a Go template, as one in quotes is. */
export function templateIn(node: SourceNode | undefined): SourceNode | undefined {
	switch (node?.kind) {
		case 'scalar':
			return typeof node.value === 'string' && /\{\{.*\}\}/s.test(node.value) ? node : undefined;
		case 'list':
			return firstOf(node.items);
		case 'map':
			return firstOf([...node.entries.values()].map(entry => entry.node));
		default:
			return undefined;
	}
}

function firstOf(nodes: readonly SourceNode[]): SourceNode | undefined {
	for (const node of nodes) {
		const found = templateIn(node);
		if (found !== undefined) {
			return found;
		}
	}

	return undefined;
}
