import {UnreadableError} from '../disk/read-text.ts';
import type {ScaleTarget} from '../manifests/choose-hpa.ts';
import {type FoundDeployment, readDeployment} from '../manifests/read-deployment.ts';
import {splitName} from '../manifests/read-hpa.ts';
import type {Fault} from '../yaml/describe-issues.ts';
import {
	type FaultLine,
	nodeAt,
	overlaid,
	type Path,
	type Source,
	type SourceNode,
	textAt,
	withNode,
} from '../yaml/source-tree.ts';
import {treeOfValue} from '../yaml/tree-builder.ts';
import {type ReferencedFiles, resolvePath} from './referenced-files.ts';

type InlinedPart = {
	readonly tree: SourceNode;
	readonly faults: readonly Fault[];
	readonly lines: readonly FaultLine[];
	readonly broken: readonly Path[];
	readonly target?: ScaleTarget;
};

const manifestPath = ['deployment', 'manifest'];

/** Time in service of a deployment that is the path of a manifest and nothing else. */
const assumedService = {
	service: {distribution: 'lognormal', mean: '3s', cv: 0.5},
	assumed: [
		'A request takes 3 s in service in the mean, standard deviation 1.5 s: the experiment says nothing of it, and it decides latency, CPU and cost. Say it with deployment: {manifest: PATH, service: …}.',
	],
} as const;

/** The tree with `deployment: PATH` as `deployment: {manifest: PATH}` and the service that is assumed. */
export function withManifest(tree: SourceNode): SourceNode {
	const node = nodeAt(tree, ['deployment']);
	return node?.kind === 'scalar' && typeof node.value === 'string' && node.value !== ''
		? withNode(tree, ['deployment'], treeOfValue({manifest: node.value, ...assumedService}, node.source), node.source)
		: tree;
}

/** The deployment that a manifest describes, with what the experiment says of it laid over it. */
export async function inlineManifest<S extends InlinedPart>(state: S, files: ReferencedFiles): Promise<S> {
	const node = nodeAt(state.tree, manifestPath);
	const own = nodeAt(state.tree, ['deployment']);
	if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.value === '' || own === undefined) {
		return state;
	}

	const found = await referredDeployment(node.value, node.source, files);
	const broken = [...state.broken, ['deployment']];
	if ('lines' in found) {
		return {...state, broken, lines: [...state.lines, ...found.lines]};
	}

	if ('rule' in found) {
		const {rule, got} = found;
		return {...state, broken, faults: [...state.faults, {path: manifestPath, rule, got}]};
	}

	const rest = withNode(own, ['manifest'], undefined, own.source);
	const deployment = {...overlaid(found.tree, rest), source: own.source};
	const tree = withNodes(withNode(state.tree, ['deployment'], deployment, own.source), found.nodes);
	return {...state, tree, ...(found.target !== undefined && {target: found.target})};
}

/** The tree with what a manifest says of its pods' nodes, below what the experiment says of them itself. */
function withNodes(tree: SourceNode, nodes: SourceNode | undefined): SourceNode {
	const own = nodeAt(tree, ['nodeAutoscaler']);
	if (own?.kind !== 'map' || nodes?.kind !== 'map') {
		return tree;
	}

	const budget = 'podDisruptionBudget';
	const below = own.entries.has(budget) ? withNode(nodes, [budget], undefined, nodes.source) : nodes;
	return withNode(tree, ['nodeAutoscaler'], {...overlaid(below, own), source: own.source}, own.source);
}

async function referredDeployment(value: string, source: Source, files: ReferencedFiles): Promise<FoundDeployment> {
	const {path, name} = splitName(value);
	try {
		return readDeployment(await files.manifests(resolvePath(path, source)), {path, name});
	} catch (error) {
		if (!(error instanceof UnreadableError)) {
			throw error;
		}

		return {
			rule: 'the path of a file with a Deployment, a StatefulSet or a Rollout',
			got: `${value} (${error.message})`,
		};
	}
}

/**
 * The tree without what a manifest says of how a model is served, where its service has no such setting: arguments such as
 * `--threads` are also those of other servers, and an engine has a batch in the place of slots.
 *
 * @param given - the tree before its manifest was read
 */
export function withServing(tree: SourceNode, given: SourceNode): SourceNode {
	const kind = textAt(tree, 'deployment', 'service', 'kind');
	const without = {ServerModel: ['llm', 'engine'], EngineModel: ['llm']}[kind ?? ''] ?? ['engine'];
	return without
		.map(key => ['deployment', key])
		.filter(path => nodeAt(tree, path) !== undefined)
		.reduce((left, path) => withNode(left, path, nodeAt(given, path), tree.source), tree);
}
