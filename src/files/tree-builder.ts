import {type Alias, type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, visit} from 'yaml';
import type {Entry, FaultLine, Source, SourceNode} from './source-tree.ts';

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

/** Turns parsed YAML into a tree; keeps count, so that aliases cannot blow it up. */
export class TreeBuilder {
	readonly faults: FaultLine[] = [];
	readonly #anchors = new Map<string, Node[]>();
	readonly #positionAt: (offset: number) => Source;
	#nodeCount = 0;

	constructor(document: Document.Parsed, positionAt: (offset: number) => Source) {
		this.#positionAt = positionAt;
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
		return this.#nodeOf(contents, [], this.#positionAt(0));
	}

	#nodeOf(node: unknown, parents: readonly unknown[], fallback: Source): SourceNode {
		const source = this.#sourceOf(node) ?? fallback;
		this.#nodeCount++;
		if (this.#nodeCount > mostNodes) {
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

		return {kind: 'scalar', source, value: isScalar(node) ? jsonScalar(node.value) : null};
	}

	#mapOf(items: readonly unknown[], parents: readonly unknown[], source: Source): SourceNode {
		const entries = new Map<string, Entry>();
		for (const item of items) {
			if (!isPair(item)) {
				continue;
			}

			const keySource = this.#sourceOf(item.key) ?? source;
			const key = this.#keyOf(item.key, keySource);
			if (key !== undefined && entries.has(key)) {
				this.faults.push({source: keySource, message: `Expected ${key} to be given once, got it twice`});
			} else if (key !== undefined) {
				entries.set(key, {keySource, node: this.#nodeOf(item.value, parents, keySource)});
			}
		}

		return {kind: 'map', source, entries};
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

		const key = String(value);
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
		return start === -1 ? undefined : this.#positionAt(start);
	}
}

function startOf(node: unknown): number {
	const range = typeof node === 'object' && node !== null && 'range' in node ? (node as Node).range : undefined;
	return range?.[0] ?? -1;
}

/** What JSON can hold; `!!binary` and big integers become their text. */
function jsonScalar(value: unknown): unknown {
	if (typeof value === 'bigint') {
		return Number(value);
	}

	return typeof value === 'object' && value !== null ? String(value) : value;
}
