import {onOneLine} from '../../printable.ts';

/** Place of a value: a file with a line and a column, both from 1, or an option without them. */
export type Source = {readonly file: string; readonly line?: number; readonly column?: number};

/** A value of a YAML file together with where each part of it stands. */
export type SourceNode =
	| {readonly kind: 'map'; readonly source: Source; readonly entries: ReadonlyMap<string, Entry>}
	| {readonly kind: 'list'; readonly source: Source; readonly items: readonly SourceNode[]}
	| {readonly kind: 'scalar'; readonly source: Source; readonly value: unknown};

export type Entry = {readonly keySource: Source; readonly node: SourceNode};
export type MapNode = Extract<SourceNode, {kind: 'map'}>;
export type Path = readonly PropertyKey[];

export function scalar(value: unknown, source: Source): SourceNode {
	return {kind: 'scalar', value, source};
}

/** A map that stands at one place; keys without a node are left out. */
export function mapNode(source: Source, nodes: Readonly<Record<string, SourceNode | undefined>>): SourceNode {
	const entries = Object.entries(nodes).flatMap(([key, node]): [string, Entry][] =>
		node === undefined ? [] : [[key, {keySource: source, node}]],
	);
	return {kind: 'map', source, entries: new Map(entries)};
}

/** The plain value without its positions. */
export function plainValue(node: SourceNode): unknown {
	switch (node.kind) {
		case 'scalar':
			return node.value;
		case 'list':
			return node.items.map(item => plainValue(item));
		case 'map':
			return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainValue(entry.node)]));
	}
}

/** The node at a path; `undefined` where there is none. */
export function nodeAt(node: SourceNode | undefined, path: Path): SourceNode | undefined {
	let current = node;
	for (const key of path) {
		current = childOf(current, key);
	}

	return current;
}

/** The text at a path; undefined where there is none. */
export function textAt(tree: SourceNode | undefined, ...path: readonly string[]): string | undefined {
	const node = nodeAt(tree, path);
	return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

function childOf(node: SourceNode | undefined, key: PropertyKey): SourceNode | undefined {
	if (node?.kind === 'map') {
		return node.entries.get(String(key))?.node;
	}

	return node?.kind === 'list' ? node.items[Number(key)] : undefined;
}

/** The tree with another node at the path. Maps on the way that are missing are made; `undefined` takes the key away. */
export function withNode(
	tree: SourceNode | undefined,
	path: Path,
	node: SourceNode | undefined,
	source: Source,
): SourceNode {
	const [key, ...rest] = path;
	if (key === undefined) {
		return node ?? {kind: 'map', source, entries: new Map()};
	}

	if (tree?.kind === 'list') {
		const items = [...tree.items];
		items[Number(key)] = withNode(items[Number(key)], rest, node, source);
		return {...tree, items};
	}

	const map: MapNode = tree?.kind === 'map' ? tree : {kind: 'map', source, entries: new Map()};
	const entries = new Map(map.entries);
	const name = String(key);
	if (rest.length === 0 && node === undefined) {
		entries.delete(name);
		return {...map, entries};
	}

	const present = entries.get(name);
	const keySource = present?.keySource ?? source;
	return {...map, entries: entries.set(name, {keySource, node: withNode(present?.node, rest, node, source)})};
}

/** The base with an overlay on it: maps merge, anything else replaces, and `null` takes a key away. */
export function overlaid(base: SourceNode, overlay: SourceNode): SourceNode {
	if (base.kind !== 'map' || overlay.kind !== 'map') {
		return overlay;
	}

	const entries = new Map(base.entries);
	for (const [key, {keySource, node}] of overlay.entries) {
		if (node.kind === 'scalar' && node.value === null) {
			entries.delete(key);
			continue;
		}

		const below = entries.get(key);
		entries.set(key, {keySource, node: below === undefined ? node : overlaid(below.node, node)});
	}

	return {...base, entries};
}

/**
 * Place of a fault at a path: the value, or the key if that is at fault; where there is none, the key of the map that
 * lacks it.
 */
export function sourceAt(tree: SourceNode, path: Path, part: 'key' | 'value' = 'value'): Source {
	let node = tree;
	let keySource = wholeOf(tree);
	for (const [depth, key] of path.entries()) {
		const child = childOf(node, key);
		if (child === undefined) {
			return keySource;
		}

		keySource = node.kind === 'map' ? node.entries.get(String(key))!.keySource : child.source;
		if (child.source.file !== node.source.file) {
			// The beginning of a file that is referred to.
			keySource = wholeOf(child);
		}

		node = child;
		if (depth === path.length - 1 && part === 'value') {
			return node.source;
		}
	}

	return keySource;
}

function wholeOf({source}: SourceNode): Source {
	return source.line === undefined ? source : {...source, line: 1, column: 1};
}

/** A sentence about what stands somewhere. */
export type FaultLine = {readonly source: Source; readonly message: string};

/** `FILE:LINE:COLUMN: message` for each fault, without repeats, each file's in the order of its lines. */
export function faultTexts(faults: readonly FaultLine[]): string[] {
	const files = [...new Set(faults.map(({source}) => source.file))];
	const lines = files.flatMap(file =>
		faults
			.filter(({source}) => source.file === file)
			.toSorted(
				(a, b) => (a.source.line ?? 0) - (b.source.line ?? 0) || (a.source.column ?? 0) - (b.source.column ?? 0),
			)
			.map(({source: {line, column}, message}) =>
				line === undefined ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`,
			),
	);
	return [...new Set(lines.map(line => faultLine(line)))];
}

/** The lines of {@link faultTexts} as one text. */
export function printFaults(faults: readonly FaultLine[]): string {
	return faultTexts(faults).join('\n');
}

/** A longer fault line is cut [characters]. */
const longestLine = 2000;

function faultLine(text: string): string {
	return onOneLine(text.length > longestLine ? `${text.slice(0, longestLine)}…` : text);
}
