import {createHash} from 'node:crypto';
import {basename, dirname, isAbsolute, relative, resolve, sep} from 'node:path';
import type {ExperimentOrigin, PinnedFile} from '../../experiment/experiment.ts';
import {packageRoot} from '../disk/package.ts';
import {readPinnedText} from '../disk/read-text.ts';
import {readPieces} from '../traces/read-pieces.ts';
import {nodeAt, plainValue, type SourceNode, scalar, textAt, withNode} from '../yaml/source-tree.ts';
import type {NamedTrace} from './check-experiment.ts';
import {references} from './inline-references.ts';
import {type NamedTable, withTablePaths} from './named-tables.ts';
import {largestYaml} from './referenced-files.ts';

/** Kind under which tables of rates and of recorded replicas are pinned. */
export const tableKind = 'Table';

type Surroundings = {
	/** The experiment's file. */
	readonly path: string;
	/** SHA-256 in hex of each file that was read, by its path. */
	readonly digests: ReadonlyMap<string, string>;
	readonly trace: NamedTrace | undefined;
	readonly tables: readonly NamedTable[];
};

/**
 * The files that an experiment is made of, by their contents.
 *
 * @param tree - of an experiment without faults, every file in the place of its path
 * @throws {UnreadableError} when its trace can be read no more
 */
export async function pinFiles(
	tree: SourceNode,
	{path, digests, trace, tables}: Surroundings,
): Promise<Pick<ExperimentOrigin, 'files' | 'document'>> {
	const models = modelsIn(tree);
	const used = sourceFiles(tree);
	const pinned = [...digests]
		.filter(([file]) => file !== path && used.has(file))
		.map(([file, sha256]): PinnedFile => {
			const model = models.get(file) ?? {kind: 'Manifest'};
			return {...model, file: shownPath(file, path), sha256};
		})
		.sort((a, b) => (a.kind === b.kind ? compare(a.file, b.file) : compare(a.kind, b.kind)));
	const own = {kind: 'Experiment', name: textAt(tree, 'name') ?? '', file: basename(path), sha256: digests.get(path)!};
	const traces = trace === undefined ? [] : [await pinnedTrace(trace, path)];
	const numbers = tables.map(table => ({kind: tableKind, file: shownPath(table.path, path), sha256: table.sha256}));
	const document = plainValue(withTablePaths(withTracePath(tree, trace), tables));
	return {files: [own, ...pinned, ...traces, ...numbers], document};
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** Head of each model file, by its path. */
function modelsIn(tree: SourceNode): Map<string, Omit<PinnedFile, 'file' | 'sha256'>> {
	const models = references.flatMap(({path, kind}) => {
		const node = nodeAt(tree, path);
		const isModel = kind !== 'HorizontalPodAutoscaler' && textAt(node, 'kind') === kind;
		const [name, date, status] = ['name', 'date', 'status'].map(key => textAt(node, key));
		const head = {
			kind,
			...(name !== undefined && {name}),
			...(date !== undefined && {date}),
			...(status !== undefined && {status}),
		};
		return node === undefined || !isModel ? [] : [[node.source.file, head] as const];
	});
	return new Map(models);
}

/** Paths of the files that the nodes of a tree stand in. */
function sourceFiles(node: SourceNode, found = new Set<string>()): Set<string> {
	found.add(node.source.file);
	const below =
		node.kind === 'map' ? [...node.entries.values()].map(entry => entry.node) : node.kind === 'list' ? node.items : [];
	for (const child of below) {
		sourceFiles(child, found);
	}

	return found;
}

/**
 * A file of the command line by its content.
 *
 * @throws {UnreadableError} when it cannot be read
 */
export async function pinFile(path: string, head: Pick<PinnedFile, 'kind' | 'name'>): Promise<PinnedFile> {
	const {sha256} = await readPinnedText(path, largestYaml);
	return {...head, file: shownPath(path), sha256};
}

/**
 * Path of a file for people: the same wherever the package and the folder stand.
 *
 * @param from - a file in the folder that it is relative to; that of the working directory when left out
 */
function shownPath(file: string, from = 'file'): string {
	const inPackage = relative(packageRoot(), resolve(file));
	const isShipped = !inPackage.startsWith('..') && !isAbsolute(inPackage) && inPackage.startsWith(`models${sep}`);
	const shown = isShipped ? `replicast/${inPackage}` : relative(dirname(resolve(from)), resolve(file));
	return shown.split(sep).join('/');
}

async function pinnedTrace({path}: NamedTrace, experiment: string): Promise<PinnedFile> {
	return {kind: 'Trace', file: shownPath(path, experiment), sha256: await pinTrace(path)};
}

/** Digest of a file of any length, in hex. @throws {UnreadableError} when it cannot be read */
export async function pinTrace(path: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const bytes of readPieces(path)) {
		hash.update(bytes);
	}

	return hash.digest('hex');
}

/** The tree with the trace's path from the working directory, since it leaves the file in which it stood. */
function withTracePath(tree: SourceNode, trace: NamedTrace | undefined): SourceNode {
	return trace === undefined
		? tree
		: withNode(tree, ['workload', 'arrivals', 'file'], scalar(trace.path, tree.source), tree.source);
}
