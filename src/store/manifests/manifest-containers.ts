import {nodeAt, type SourceNode, textAt} from '../yaml/source-tree.ts';
import {commandWords, itemsAt} from './command-line.ts';

/** Container of a workload as its manifest writes it. */
export type ManifestContainer = {
	readonly name: string;
	readonly image?: string;
	/** Names of its environment variables. */
	readonly variables: readonly string[];
	/** Words of its command and its arguments, variables of its environment put in. */
	readonly words: readonly string[];
	/** Names of the resources that it requests or limits. */
	readonly resources: readonly string[];
	/** Time before its readiness probe first looks [s]. */
	readonly readinessDelay: number;
};

/**
 * The containers of a workload.
 *
 * @param tree - a Deployment or a StatefulSet
 */
export function manifestContainers(tree: SourceNode): ManifestContainer[] {
	return itemsAt(nodeAt(tree, ['spec', 'template', 'spec']), 'containers').map((container, index) => {
		const image = textAt(container, 'image');
		const delay = nodeAt(container, ['readinessProbe', 'initialDelaySeconds']);
		const seconds = delay?.kind === 'scalar' ? Number(delay.value) : 0;
		return {
			name: textAt(container, 'name') ?? `[${index}]`,
			...(image !== undefined && {image}),
			variables: itemsAt(container, 'env').flatMap(variable => textAt(variable, 'name') ?? []),
			words: commandWords(container).map(({text}) => text),
			resources: ['requests', 'limits'].flatMap(key => keysOf(nodeAt(container, ['resources', key]))),
			readinessDelay: seconds > 0 && seconds < 86_400 ? seconds : 0,
		};
	});
}

function keysOf(node: SourceNode | undefined): string[] {
	return node?.kind === 'map' ? [...node.entries.keys()] : [];
}
