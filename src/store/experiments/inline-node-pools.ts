import {UnreadableError} from '../disk/read-text.ts';
import type {ManifestObject} from '../manifests/parse-manifests.ts';
import type {Fault} from '../yaml/describe-issues.ts';
import {type FaultLine, nodeAt, type Path, type SourceNode, withNode} from '../yaml/source-tree.ts';
import {type ReferencedFiles, resolvePath} from './referenced-files.ts';

const poolsPath = ['nodeAutoscaler', 'nodePools'];
const rule = 'the path of a file with a NodePool of karpenter.sh/v1';

type InlinedPart = {
	readonly tree: SourceNode;
	readonly faults: readonly Fault[];
	readonly lines: readonly FaultLine[];
	readonly broken: readonly Path[];
};

/** The tree with the NodePools of each file in the place of its path: the other objects of the file are passed over. */
export async function inlineNodePools<S extends InlinedPart>(state: S, files: ReferencedFiles): Promise<S> {
	const node = nodeAt(state.tree, poolsPath);
	if (node === undefined || (node.kind !== 'list' && !isPath(node))) {
		return state;
	}

	const items = node.kind === 'list' ? node.items : [node];
	const pools: SourceNode[] = [];
	const faults: Fault[] = [];
	const lines: FaultLine[] = [];
	for (const [index, item] of items.entries()) {
		if (!isPath(item)) {
			pools.push(item);
			continue;
		}

		const found = await poolsIn(item, files);
		if ('lines' in found) {
			lines.push(...found.lines);
		} else if ('got' in found) {
			faults.push({path: node.kind === 'list' ? [...poolsPath, index] : poolsPath, rule, got: found.got});
		} else {
			pools.push(...found.pools.map(({tree}) => tree));
		}
	}

	return {
		...state,
		...(faults.length + lines.length === 0
			? {tree: withNode(state.tree, poolsPath, {kind: 'list', source: node.source, items: pools}, node.source)}
			: {broken: [...state.broken, poolsPath]}),
		faults: [...state.faults, ...faults],
		lines: [...state.lines, ...lines],
	};
}

function isPath(node: SourceNode): node is Extract<SourceNode, {kind: 'scalar'}> {
	return node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '';
}

async function poolsIn(
	{value, source}: Extract<SourceNode, {kind: 'scalar'}>,
	files: ReferencedFiles,
): Promise<
	{readonly pools: readonly ManifestObject[]} | {readonly lines: readonly FaultLine[]} | {readonly got: string}
> {
	try {
		const {objects, faults} = await files.manifests(resolvePath(String(value), source));
		if (faults.length > 0) {
			return {lines: faults};
		}

		const pools = objects.filter(({kind}) => kind === 'NodePool');
		return pools.length === 0 ? {got: `${String(value)}, a file without one`} : {pools};
	} catch (error) {
		if (error instanceof UnreadableError) {
			return {got: `${String(value)} (${error.message})`};
		}

		throw error;
	}
}
