import {type Alias, type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, type Scalar, visit} from 'yaml';
import {isOctalInDoubt, kubectlScalar} from '../../autoscaler/kubectl-scalar.ts';
import {UserError} from '../../errors.ts';
import {type Entry, type FaultLine, faultTexts, type Source, type SourceNode, scalar} from './source-tree.ts';

const mostNodes = 200_000;

/** Most levels of maps and lists. */
export const deepest = 64;

/** The tree cannot be built. */
export class TooMuchError extends Error {
	readonly fault: FaultLine;

	constructor(source: Source, message: string) {
		super(message);
		this.fault = {source, message};
	}
}

export type TreeRules = {
	readonly positionAt: (offset: number) => Source;
	/** `core`: YAML 1.2; `kubectl`: as kubectl reads manifests, keys that merge among it. */
	readonly reading: 'core' | 'kubectl';
	/** Values that were built so far, over all documents of a file. */
	readonly count: {nodes: number};
};

/** Turns parsed YAML into a tree; keeps count, so that aliases cannot blow it up. */
export class TreeBuilder {
	readonly faults: FaultLine[] = [];
	readonly #anchors = new Map<string, Node[]>();
	readonly #rules: TreeRules;

	constructor(document: Document.Parsed, rules: TreeRules) {
		this.#rules = rules;
		visit(document, {
			Node: (_, node) => {
				if (!isAlias(node) && node.anchor !== undefined) {
					const nodes = this.#anchors.get(node.anchor) ?? [];
					nodes.push(node);
					this.#anchors.set(node.anchor, nodes);
				}
			},
		});
	}

	/** @throws {TooMuchError} when it gets too large or too deep, or an alias leads nowhere */
	build(contents: Node): SourceNode {
		return this.#nodeOf(contents, [], this.#rules.positionAt(0));
	}

	#nodeOf(node: unknown, parents: readonly unknown[], fallback: Source): SourceNode {
		const source = this.#sourceOf(node) ?? fallback;
		this.#rules.count.nodes++;
		if (this.#rules.count.nodes > mostNodes) {
			throw new TooMuchError(source, `Expected at most ${mostNodes} values once aliases are followed, got more`);
		}

		if (parents.length > deepest) {
			throw new TooMuchError(source, `Expected at most ${deepest} levels, got more`);
		}

		if (isAlias(node)) {
			const target = this.#targetOf(node);
			if (target === undefined || parents.includes(target)) {
				throw new TooMuchError(source, 'Expected an alias to name an anchor before it, got none');
			}

			return this.#nodeOf(target, parents, source);
		}

		if (isMap(node)) {
			return this.#mapOf(node.items, [...parents, node], source);
		}

		if (isSeq(node)) {
			const items = node.items.map(item => this.#nodeOf(item, [...parents, node], source));
			return {kind: 'list', source, items};
		}

		return {kind: 'scalar', source, value: isScalar(node) ? this.#valueOf(node, source) : null};
	}

	#valueOf(node: Scalar, source: Source): unknown {
		const isPlain = node.type === 'PLAIN' && node.source !== undefined;
		if (this.#rules.reading === 'kubectl') {
			return isPlain || typedTags.has(node.tag ?? '') ? typedValue(node) : jsonScalar(node.value);
		}

		if (isPlain && node.tag === undefined && isOctalInDoubt(node.source!)) {
			const message = `Expected a number without a leading zero, got ${node.source}, which is ${kubectlScalar(node.source!)} to kubectl`;
			this.faults.push({source, message});
		}

		return jsonScalar(node.value);
	}

	#mapOf(items: readonly unknown[], parents: readonly unknown[], source: Source): SourceNode {
		const entries = new Map<string, Entry>();
		const given = new Set<string>();
		for (const item of items) {
			if (!isPair(item)) {
				continue;
			}

			const keySource = this.#sourceOf(item.key) ?? source;
			if (this.#rules.reading === 'kubectl' && isMergeKey(item.key)) {
				this.#merge(entries, this.#nodeOf(item.value, parents, keySource));
				continue;
			}

			const key = this.#keyOf(item.key, keySource);
			if (key !== undefined && given.has(key)) {
				this.faults.push({source: keySource, message: `Expected ${key} to be given once, got it twice`});
			} else if (key !== undefined) {
				given.add(key);
				entries.set(key, {keySource, node: this.#nodeOf(item.value, parents, keySource)});
			}
		}

		return {kind: 'map', source, entries};
	}

	/**
	 * Adds what `<<` refers to. As with kubectl a map replaces what stands before it, a key after it replaces what is
	 * merged, and of several maps the first wins.
	 *
	 * See kubernetes-sigs/yaml v1.4, goyaml.v2/decode.go, merge.
	 */
	#merge(entries: Map<string, Entry>, merged: SourceNode): void {
		const maps = merged.kind === 'list' ? merged.items.toReversed() : [merged];
		for (const map of maps) {
			if (map.kind !== 'map') {
				this.faults.push({
					source: map.source,
					message: 'Expected << to merge a map or a list of maps, got something else',
				});
				return;
			}

			for (const [key, entry] of map.entries) {
				entries.set(key, entry);
			}
		}
	}

	#keyOf(node: unknown, source: Source): string | undefined {
		const target = isAlias(node) ? this.#targetOf(node) : node;
		const value = isScalar(target) ? target.value : undefined;
		if (value === null || value === undefined || typeof value === 'object') {
			this.faults.push({
				source,
				message: `Expected a key to be text, got ${isScalar(target) ? 'nothing' : 'a map or a list'}`,
			});
			return undefined;
		}

		const key = String(this.#rules.reading === 'kubectl' && isScalar(target) ? this.#valueOf(target, source) : value);
		if (key === '__proto__') {
			this.faults.push({source, message: `Expected ${key} to be a known key, got ${JSON.stringify(key)}`});
			return undefined;
		}

		return key;
	}

	/** The last node of the alias's name before it. */
	#targetOf(alias: Alias): Node | undefined {
		const nodes = this.#anchors.get(alias.source) ?? []; // in the order of the text
		let [low, high] = [0, nodes.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if (startOf(nodes[middle]) < startOf(alias)) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}

		return nodes[low - 1];
	}

	#sourceOf(node: unknown): Source | undefined {
		const start = startOf(node);
		return start === -1 ? undefined : this.#rules.positionAt(start);
	}
}

function startOf(node: unknown): number {
	const range = typeof node === 'object' && node !== null && 'range' in node ? (node as Node).range : undefined;
	return range?.[0] ?? -1;
}

const typedTags = new Set(['int', 'float', 'bool', 'null'].map(name => `tag:yaml.org,2002:${name}`));

function typedValue({tag, value, source}: Scalar): unknown {
	return tag === undefined || typedTags.has(tag) ? kubectlScalar(source ?? String(value)) : jsonScalar(value);
}

function isMergeKey(node: unknown): boolean {
	return isScalar(node) && node.type === 'PLAIN' && node.source === '<<' && node.tag === undefined;
}

/** Converts a scalar to a JSON value: a time to its text in UTC, `!!binary` to text, a big integer to a number. */
function jsonScalar(value: unknown): unknown {
	if (typeof value === 'bigint') {
		return Number(value);
	}

	if (value instanceof Date && !Number.isNaN(value.getTime())) {
		return value.toISOString(); // the same in every time zone
	}

	return typeof value === 'object' && value !== null ? String(value) : value;
}

/**
 * The tree of a value that a program made, all of it standing at one place.
 *
 * @param value - maps, lists and scalars; keys that hold undefined are left out
 * @throws {UserError} E_CONFIG when it has more levels than a file may have, as one that holds itself
 */
export function treeOfValue(value: unknown, source: Source): SourceNode {
	return nodeOf(value, source, 0);
}

function nodeOf(value: unknown, source: Source, level: number): SourceNode {
	if (level > deepest) {
		const message = `Expected at most ${deepest} levels, got more`;
		throw new UserError('E_CONFIG', faultTexts([{source, message}]));
	}

	if (Array.isArray(value)) {
		return {kind: 'list', source, items: value.map(item => nodeOf(item, source, level + 1))};
	}

	if (typeof value !== 'object' || value === null) {
		return scalar(value, source);
	}

	const entries = Object.entries(value)
		.filter(([, item]) => item !== undefined)
		.map(([key, item]): [string, Entry] => [key, {keySource: source, node: nodeOf(item, source, level + 1)}]);
	return {kind: 'map', source, entries: new Map(entries)};
}
