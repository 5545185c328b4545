import {dirname, resolve} from 'node:path';
import {readText, UnreadableError} from '../../disk/read-text.ts';
import {largestYaml} from '../../experiments/referenced-files.ts';
import {parseDocuments} from '../../yaml/parse-yaml.ts';
import {nodeAt, type SourceNode, textAt} from '../../yaml/source-tree.ts';
import {listAt, type PatchTarget, targetsOfPatch, targetsOfReplacement} from './patch-target.ts';

/** A kustomization, as far as it says which files are objects, and which objects it patches. */
export type Kustomization = {
	/** Folder as it was found. */
	readonly folder: string;
	readonly file: string;
	readonly isComponent: boolean;
	/** Files and folders of its objects, as absolute paths. */
	readonly includes: readonly string[];
	/** Objects that it names in other repositories. */
	readonly remotes: readonly string[];
	/** Files of its patches, as absolute paths. */
	readonly patchFiles: readonly string[];
	readonly targets: readonly PatchTarget[];
	readonly prefix: string;
	readonly suffix: string;
	/** Whether it renders Helm charts. */
	readonly hasCharts: boolean;
};

/**
 * Reads a kustomization and its patches.
 *
 * @returns undefined where it is none
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export async function readKustomization(file: string): Promise<Kustomization | undefined> {
	const tree = (await treesAt(file))?.[0];
	if (tree?.kind !== 'map') {
		return undefined;
	}

	const folder = dirname(file);
	const named = (key: string) =>
		listAt(nodeAt(tree, [key])).flatMap(item =>
			item.kind === 'scalar' && typeof item.value === 'string' && !/[\n:]\s/.test(item.value) ? [item.value] : [],
		);
	const paths = (key: string) => named(key).map(path => resolve(folder, path));
	const objects = ['resources', 'bases', 'components'].flatMap(named);
	const patches = await patchesOf(tree, folder);
	const written = await replacementsOf(tree, folder);
	return {
		folder,
		file,
		isComponent: textAt(tree, 'kind') === 'Component',
		includes: objects.filter(path => !isRemote(path)).map(path => resolve(folder, path)),
		remotes: objects.filter(isRemote),
		patchFiles: [
			...[...patches, ...written].flatMap(({path}) => (path === undefined ? [] : [path])),
			...['transformers', 'generators', 'validators', 'configurations', 'crds'].flatMap(paths),
		],
		targets: [...patches, ...written].flatMap(({targets}) => targets),
		prefix: textAt(tree, 'namePrefix') ?? '',
		suffix: textAt(tree, 'nameSuffix') ?? '',
		hasCharts:
			listAt(nodeAt(tree, ['helmCharts'])).length + listAt(nodeAt(tree, ['helmChartInflationGenerator'])).length > 0,
	};
}

/** Whether kustomize would fetch it: an address, or a path with a question after it. */
function isRemote(path: string): boolean {
	return /^[\w+.-]+:|^[\w.-]+@|^(?:github|gitlab|bitbucket)\.[\w.]+\/|\?(?:ref|version|timeout|submodules)=/.test(path);
}

type Change = {readonly path?: string; readonly targets: readonly PatchTarget[]};

async function patchesOf(tree: SourceNode, folder: string): Promise<Change[]> {
	const changes: Change[] = [];
	for (const item of [...listAt(nodeAt(tree, ['patches'])), ...listAt(nodeAt(tree, ['patchesJson6902']))]) {
		changes.push(
			await patchAt(folder, {
				path: textAt(item, 'path'),
				text: textAt(item, 'patch'),
				target: nodeAt(item, ['target']),
			}),
		);
	}

	for (const item of listAt(nodeAt(tree, ['patchesStrategicMerge']))) {
		const text = item.kind === 'scalar' ? String(item.value) : '';
		changes.push(await patchAt(folder, /[\n:{]/.test(text) ? {text} : {path: text}));
	}

	return changes;
}

type Patch = {
	readonly path?: string | undefined;
	readonly text?: string | undefined;
	readonly target?: SourceNode | undefined;
};

async function patchAt(folder: string, {path, text, target}: Patch): Promise<Change> {
	if (path === undefined) {
		return {targets: targetsOfPatch(text, target)};
	}

	const found = resolve(folder, path);
	return {path: found, targets: targetsOfPatch(await textOrNothing(found), target)};
}

async function replacementsOf(tree: SourceNode, folder: string): Promise<Change[]> {
	const changes: Change[] = [];
	for (const item of listAt(nodeAt(tree, ['replacements']))) {
		const path = textAt(item, 'path');
		if (path === undefined) {
			changes.push({targets: targetsOfReplacement(item)});
			continue;
		}

		const found = resolve(folder, path);
		const trees = (await treesAt(found)) ?? [];
		const all = trees.flatMap(each => (each.kind === 'list' ? each.items : [each]));
		changes.push({path: found, targets: all.flatMap(targetsOfReplacement)});
	}

	return changes;
}

async function treesAt(file: string): Promise<readonly SourceNode[] | undefined> {
	const text = await textOrNothing(file);
	return text === undefined ? undefined : parseDocuments(text, file).trees;
}

async function textOrNothing(file: string): Promise<string | undefined> {
	try {
		return await readText(file, largestYaml);
	} catch (error) {
		if (error instanceof UnreadableError) {
			return undefined;
		}

		throw error;
	}
}
