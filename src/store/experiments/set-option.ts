import type {Fault} from '../yaml/describe-issues.ts';
import {faultLines, nameOf} from '../yaml/describe-issues.ts';
import {parseYaml} from '../yaml/parse-yaml.ts';
import {
	type FaultLine,
	nodeAt,
	type Path,
	type Source,
	type SourceNode,
	scalar,
	withNode,
} from '../yaml/source-tree.ts';
import {inlineNodePools} from './inline-node-pools.ts';
import {inlineReferences, references} from './inline-references.ts';
import {ReferencedFiles} from './referenced-files.ts';

type ChangedTree = {readonly tree: SourceNode; readonly faults: readonly FaultLine[]};

/**
 * The tree with one `--set path=value` applied. A file that the path leads through is read into the tree first.
 *
 * @param text - `workload.arrivals.rate.0.perSecond=2`; the value is YAML
 * @param files - files that were read already
 */
export async function applySetting(
	tree: SourceNode,
	text: string,
	files = new ReferencedFiles(),
): Promise<ChangedTree> {
	const source: Source = {file: `--set ${text}`};
	const equals = text.indexOf('=');
	const keys = keysIn(text.slice(0, Math.max(0, equals)));
	if (keys.some(key => key.trim() === '' || key === '__proto__')) {
		return {tree, faults: [{source, message: 'Expected path=value, a path being names or numbers with dots between'}]};
	}

	const value = parsedValue(text.slice(equals + 1), source);
	if (value === undefined) {
		return {tree, faults: [{source, message: `Expected ${keys.join('.')} to be valid YAML, got something else`}]};
	}

	const reference = references.find(
		({path}) => path.length < keys.length && path.every((key, index) => key === keys[index]),
	);
	const bare = {tree, faults: [], lines: [], broken: []};
	const isInPools = keys.length > 2 && keys[0] === 'nodeAutoscaler' && keys[1] === 'nodePools';
	const inlined =
		reference === undefined
			? isInPools
				? await inlineNodePools(bare, files)
				: bare
			: await inlineReferences(tree, {only: [reference], files});
	if (inlined.broken.length > 0) {
		return {tree, faults: [...inlined.lines, ...faultLines(inlined.tree, inlined.faults)]};
	}

	const path = settledPath(inlined.tree, keys, reference?.path);
	const fault = faultOnTheWay(inlined.tree, path);
	return fault === undefined
		? {tree: withNode(inlined.tree, path, value, source), faults: []}
		: {tree, faults: [{source, message: `Expected ${nameOf(fault.path)} to be ${fault.rule}, got ${fault.got}`}]};
}

/** The names of a path; dots in the name of a resource such as `nvidia.com/gpu` divide nothing, and `rate[0]` is `rate.0`. */
function keysIn(given: string): string[] {
	const path = given.replaceAll(/\[(\d{1,6})\]/g, '.$1');
	const [, above, resource] = /^(.+\.(?:requests|limits|nodes))\.([^/]+\/.+)$/.exec(path) ?? [];
	return above === undefined || resource === undefined ? path.split('.') : [...above.split('.'), resource];
}

function parsedValue(text: string, source: Source): SourceNode | undefined {
	if (text.trim() === '') {
		return scalar('', source);
	}

	const {tree, faults} = parseYaml(text, source.file);
	return tree === undefined || faults.length > 0 ? undefined : relocated(tree, source);
}

/** Moves a value of the command line to its option as the source. */
function relocated(node: SourceNode, source: Source): SourceNode {
	switch (node.kind) {
		case 'scalar':
			return {...node, source};
		case 'list':
			return {...node, source, items: node.items.map(item => relocated(item, source))};
		case 'map': {
			const entries = [...node.entries].map(
				([key, entry]) => [key, {keySource: source, node: relocated(entry.node, source)}] as const,
			);
			return {...node, source, entries: new Map(entries)};
		}
	}
}

/** List indices as numbers; `spec` of a manifest may be left out or given; a coefficient stands for its value. */
function settledPath(tree: SourceNode, keys: readonly string[], reference: Path | undefined): Path {
	const start = reference?.length ?? 0;
	const isHpa = reference?.[0] === 'autoscaler';
	const hasSpec = isHpa && nodeAt(tree, ['autoscaler', 'spec']) !== undefined;
	const manifestKeys = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];
	const rest = keys.slice(start);
	const spelt =
		hasSpec && !manifestKeys.includes(rest[0]!)
			? ['spec', ...rest]
			: isHpa && !hasSpec && rest[0] === 'spec'
				? rest.slice(1)
				: rest;
	const path: PropertyKey[] = [];
	for (const key of [...keys.slice(0, start), ...spelt]) {
		path.push(nodeAt(tree, path)?.kind === 'list' && /^\d{1,6}$/.test(key) ? Number(key) : key);
	}

	return isCoefficient(nodeAt(tree, path)) ? [...path, 'value'] : path;
}

function isCoefficient(node: SourceNode | undefined): boolean {
	return node?.kind === 'map' && ['value', 'unit', 'source'].every(key => node.entries.has(key));
}

function faultOnTheWay(tree: SourceNode, path: Path): (Fault & {got: string}) | undefined {
	for (let depth = 0; depth < path.length; depth++) {
		const above = path.slice(0, depth);
		const node = nodeAt(tree, above);
		const key = path[depth]!;
		if (node?.kind === 'scalar') {
			return {path: above, rule: 'a map or a list', got: JSON.stringify(node.value) ?? 'nothing'};
		}

		if (node?.kind === 'list' && !(typeof key === 'number' && key <= node.items.length)) {
			return {path: above, rule: `a list with an item ${String(key)}`, got: `one of ${node.items.length}`};
		}
	}

	return undefined;
}
