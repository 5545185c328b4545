import {dirname, isAbsolute, join} from 'node:path';
import {parseDuration} from '../experiment/duration.ts';
import type {Fault} from './describe-issues.ts';
import {type ParsedYaml, parseYaml} from './parse-yaml.ts';
import {readText, UnreadableError} from './read-text.ts';
import {type FaultLine, nodeAt, type Path, type Source, type SourceNode, scalar, withNode} from './source-tree.ts';

/** Largest YAML file that is read [bytes]. */
export const largestYaml = 1 << 20;

type Reference = {
	readonly path: Path;
	/** `kind` of the file that may stand there. */
	readonly kind: string;
	/** Words that are no path. */
	readonly words?: readonly string[];
};

/** The keys of an experiment that may name a file. */
export const references: readonly Reference[] = [
	{path: ['deployment', 'service'], kind: 'ServiceModel'},
	{path: ['deployment', 'startup'], kind: 'StartupModel'},
	{path: ['autoscaler'], kind: 'HorizontalPodAutoscaler', words: ['none']},
	{path: ['metrics'], kind: 'MetricsModel', words: ['ideal']},
	{path: ['prices'], kind: 'PriceBook'},
	{path: ['energy'], kind: 'EnergyModel'},
];

/** What became of a tree whose references were followed. */
export type Inlined = {
	readonly tree: SourceNode;
	/** At the references. */
	readonly faults: readonly Fault[];
	/** In the files themselves: their syntax. */
	readonly lines: readonly FaultLine[];
	/** Keys whose contents cannot be judged. */
	readonly broken: readonly Path[];
};

/** Files that references name, each read and parsed once however many profiles name it. */
export class ReferencedFiles {
	readonly #parsed = new Map<string, Promise<ParsedYaml>>();

	/** @throws {UnreadableError} when the file cannot be read */
	async parse(file: string): Promise<ParsedYaml> {
		const parsed =
			this.#parsed.get(file) ?? readText(file, largestYaml).then(text => parseYaml(text, file, {quotes: false}));
		this.#parsed.set(file, parsed);
		return parsed;
	}
}

/** The tree with the contents of a file in the place of each path, as far as the files can be read. */
export async function inlineReferences(
	tree: SourceNode,
	{only = references, files = new ReferencedFiles()}: {only?: readonly Reference[]; files?: ReferencedFiles} = {},
): Promise<Inlined> {
	let result: Inlined = {tree, faults: [], lines: [], broken: []};
	for (const reference of only) {
		result = await inlineReference(result, reference, files);
	}

	return result;
}

async function inlineReference(
	state: Inlined,
	{path, kind, words = []}: Reference,
	files: ReferencedFiles,
): Promise<Inlined> {
	const node = nodeAt(state.tree, path);
	const value = node?.kind === 'scalar' ? node.value : undefined;
	if (node === undefined || typeof value !== 'string' || value === '' || words.includes(value)) {
		return state;
	}

	if (kind === 'StartupModel' && isDuration(value)) {
		return {...state, tree: withNode(state.tree, path, constantTime(value, node.source), node.source)};
	}

	const broken = [...state.broken, path];
	const file = resolvePath(value, node.source);
	try {
		const {tree, faults} = await files.parse(file);
		const found = tree && kindOf(tree);
		if (tree !== undefined && found !== kind) {
			const got = `${value}, ${found === undefined ? 'a file without a kind' : `of kind ${found}`}`;
			return {...state, broken, faults: [...state.faults, {path, rule: `the path of a file of kind ${kind}`, got}]};
		}

		if (tree === undefined || faults.length > 0) {
			return {...state, broken, lines: [...state.lines, ...faults]};
		}

		return {...state, tree: withNode(state.tree, path, tree, node.source)};
	} catch (error) {
		if (!(error instanceof UnreadableError)) {
			throw error;
		}

		const rule = `the path of a file of kind ${kind}`;
		return {...state, broken, faults: [...state.faults, {path, rule, got: `${value} (${error.message})`}]};
	}
}

/** The kind that a file says it is of; what is no name of a kind is not told. */
function kindOf(tree: SourceNode): string | undefined {
	const node = nodeAt(tree, ['kind']);
	const kind = node?.kind === 'scalar' ? String(node.value) : '';
	return /^[A-Z][A-Za-z]{0,40}$/.test(kind) ? kind : undefined;
}

function isDuration(text: string): boolean {
	try {
		parseDuration(text);
		return true;
	} catch {
		return false;
	}
}

function constantTime(text: string, source: Source): SourceNode {
	const entry = (value: string) => ({keySource: source, node: scalar(value, source)});
	return {
		kind: 'map',
		source,
		entries: new Map([
			['distribution', entry('constant')],
			['value', entry(text)],
		]),
	};
}

/** A path is relative to the file that it stands in; one of an option, to the working directory. */
export function resolvePath(path: string, {file, line}: Source): string {
	return isAbsolute(path) ? path : line === undefined ? path : join(dirname(file), path);
}
