import {
	type Alias,
	type Document,
	isAlias,
	isMap,
	isPair,
	isScalar,
	isSeq,
	LineCounter,
	type Node,
	parseDocument,
	visit,
} from 'yaml';
import {faultLine, type Source, type SourceNode} from './source-tree.ts';

/** A file's tree, as far as its syntax holds, and what is wrong with the syntax. */
export type ParsedYaml = {readonly tree?: SourceNode; readonly faults: readonly string[]};

const mostNodes = 200_000;
const deepest = 64;

/**
 * The tree of a YAML text with the position of every key and value, aliases followed.
 *
 * @param text - one document
 * @param file - name of the file in fault lines
 */
export function parseYaml(text: string, file: string): ParsedYaml {
	const lineCounter = new LineCounter();
	const document = parse(text, lineCounter);
	if (document === undefined) {
		return {faults: [faultLine({file, line: 1, column: 1}, `Expected at most ${deepest} levels, got more`)]};
	}

	const positionAt = (offset: number): Source => {
		const {line, col} = lineCounter.linePos(offset);
		return {file, line: Math.max(1, line), column: Math.max(1, col)};
	};
	const [problem] = [...document.errors, ...document.warnings];
	if (problem !== undefined) {
		const what =
			problem.code === 'MULTIPLE_DOCS' ? 'one document, got a second one' : `valid YAML: ${sentence(problem.message)}`;
		return {faults: [faultLine(positionAt(problem.pos[0]), `Expected ${what}`)]};
	}

	if (document.contents === null) {
		return {faults: [faultLine({file, line: 1, column: 1}, 'Expected a map, got an empty file')]};
	}

	return new TreeBuilder(document, positionAt).build(document.contents);
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
	try {
		const options = {lineCounter, prettyErrors: false, strict: true, uniqueKeys: false, logLevel: 'silent'} as const;
		return parseDocument(text, options);
	} catch (error) {
		// The parser calls itself for each level.
		if (error instanceof RangeError) {
			return undefined;
		}

		throw error;
	}
}

/** The parser's words, on one line and without a full stop. */
function sentence(message: string): string {
	return message.replaceAll(/\s+/g, ' ').trim().replace(/[.:]$/, '');
}

class TooMuchError extends Error {}

/** Turns parsed YAML into a tree; keeps count, so that aliases cannot blow it up. */
class TreeBuilder {
	readonly #anchors = new Map<string, Node[]>();
	readonly #positionAt: (offset: number) => Source;
	readonly #faults: string[] = [];
	#nodeCount = 0;

	constructor(document: Document.Parsed, positionAt: (offset: number) => Source) {
		this.#positionAt = positionAt;
		visit(document, {
			Node: (_, node) => {
				if (!isAlias(node) && node.anchor !== undefined) {
					this.#anchors.set(node.anchor, [...(this.#anchors.get(node.anchor) ?? []), node]);
				}
			},
		});
	}

	build(contents: Node): ParsedYaml {
		try {
			const tree = this.#nodeOf(contents, [], this.#positionAt(0));
			return {tree, faults: [...new Set(this.#faults)]};
		} catch (error) {
			if (error instanceof TooMuchError) {
				return {faults: [...new Set(this.#faults), error.message]};
			}

			throw error;
		}
	}

	#nodeOf(node: unknown, parents: readonly unknown[], fallback: Source): SourceNode {
		const source = this.#sourceOf(node) ?? fallback;
		this.#nodeCount++;
		if (this.#nodeCount > mostNodes) {
			throw new TooMuchError(
				faultLine(source, `Expected at most ${mostNodes} values once aliases are followed, got more`),
			);
		}

		if (parents.length > deepest) {
			throw new TooMuchError(faultLine(source, `Expected at most ${deepest} levels, got more`));
		}

		if (isAlias(node)) {
			const target = this.#targetOf(node);
			if (target === undefined || parents.includes(target)) {
				throw new TooMuchError(
					faultLine(source, `Expected the alias ${node.source} to name an anchor before it, got none`),
				);
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
		const entries = new Map<string, {keySource: Source; node: SourceNode}>();
		for (const item of items) {
			if (!isPair(item)) {
				continue;
			}

			const keyNode = isAlias(item.key) ? this.#targetOf(item.key) : item.key;
			const keySource = this.#sourceOf(item.key) ?? source;
			if (!isScalar(keyNode) || keyNode.value === null || typeof keyNode.value === 'object') {
				this.#faults.push(faultLine(keySource, 'Expected a key to be text, got something else'));
				continue;
			}

			const key = String(keyNode.value);
			if (key === '__proto__') {
				this.#faults.push(faultLine(keySource, 'Expected a known key, got __proto__'));
				continue;
			}

			if (entries.has(key)) {
				this.#faults.push(faultLine(keySource, `Expected ${key} to be given once, got it twice`));
				continue;
			}

			entries.set(key, {keySource, node: this.#nodeOf(item.value, parents, keySource)});
		}

		return {kind: 'map', source, entries};
	}

	/** The last node of the alias's name before it. */
	#targetOf(alias: Alias): Node | undefined {
		return this.#anchors.get(alias.source)?.findLast(node => startOf(node) < startOf(alias));
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
	return typeof value === 'object' && value !== null
		? String(value)
		: typeof value === 'bigint'
			? Number(value)
			: value;
}
