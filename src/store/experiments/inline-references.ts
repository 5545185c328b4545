import {join} from 'node:path';
import {parseDuration} from '../../experiment/duration.ts';
import {packageRoot} from '../disk/package.ts';
import {UnreadableError} from '../disk/read-text.ts';
import type {ScaleTarget} from '../manifests/choose-hpa.ts';
import {type FoundReference, presentHpa, readHpa, splitName} from '../manifests/read-hpa.ts';
import type {Fault} from '../yaml/describe-issues.ts';
import type {ParsedYaml} from '../yaml/parse-yaml.ts';
import {
	type FaultLine,
	nodeAt,
	type Path,
	type Source,
	type SourceNode,
	scalar,
	textAt,
	withNode,
} from '../yaml/source-tree.ts';
import {inlineManifest, withServing} from './inline-manifest.ts';
import {inlineNodePools} from './inline-node-pools.ts';
import {bookName, opencostBook} from './opencost-prices.ts';
import {ReferencedFiles, resolvePath} from './referenced-files.ts';

type Reference = {
	readonly path: Path;
	/** `kind` of the file that may stand there. */
	readonly kind: string;
	/** Other kinds that may stand there. */
	readonly orKinds?: readonly string[];
	/** Words that are no path. */
	readonly words?: readonly string[];
};

/** The keys of an experiment that may name a file. */
export const references: readonly Reference[] = [
	{path: ['deployment', 'service'], kind: 'ServiceModel', orKinds: ['ServerModel', 'EngineModel']},
	{path: ['deployment', 'startup'], kind: 'StartupModel'},
	{path: ['autoscaler'], kind: 'HorizontalPodAutoscaler', orKinds: ['ScaledObject'], words: ['none']},
	{path: ['metrics'], kind: 'MetricsModel', words: ['ideal']},
	{path: ['prometheus'], kind: 'PrometheusModel'},
	{path: ['prices'], kind: 'PriceBook'},
	{path: ['energy'], kind: 'EnergyModel'},
	{path: ['nodeAutoscaler', 'instanceTypes'], kind: 'InstanceCatalogue'},
];

/** Result of following the references of a tree. */
type Inlined = {
	readonly tree: SourceNode;
	/** At the references. */
	readonly faults: readonly Fault[];
	/** In the files themselves: their syntax. */
	readonly lines: readonly FaultLine[];
	/** Keys whose contents cannot be judged. */
	readonly broken: readonly Path[];
	/** Object in the deployment's manifest, which identifies its HPA. */
	readonly target?: ScaleTarget;
};

/** The tree with the contents of a file in the place of each path, as far as the files can be read. */
export async function inlineReferences(
	tree: SourceNode,
	{only = references, files = new ReferencedFiles()}: {only?: readonly Reference[]; files?: ReferencedFiles} = {},
): Promise<Inlined> {
	let result: Inlined = {tree, faults: [], lines: [], broken: []};
	if (only === references) {
		result = await inlineNodePools(await inlineManifest(result, files), files);
	}

	for (const reference of only) {
		const state = reference.kind === 'PrometheusModel' ? {...result, tree: withPrometheus(result.tree)} : result;
		result = await inlineReference(state, reference, files);
	}

	return {...result, tree: withServing(result.tree, tree)};
}

/** The tree with the shipped Prometheus model where it asks for or maps metrics beyond CPU and memory, and names none. */
function withPrometheus(tree: SourceNode): SourceNode {
	const isAsked = [['autoscaler'], ['autoscaler', 'spec']].some(path => {
		const metrics = nodeAt(tree, [...path, 'metrics']);
		const types = metrics?.kind === 'list' ? metrics.items.map(item => textAt(item, 'type') ?? '') : [];
		return types.some(type => ['Pods', 'Object', 'External'].includes(type));
	});
	const triggers = nodeAt(tree, ['autoscaler', 'spec', 'triggers']);
	const isKedas = triggers?.kind === 'list' && triggers.items.some(asksForMetrics);
	return (isAsked || isKedas || nodeAt(tree, ['metricSources']) !== undefined) &&
		nodeAt(tree, ['prometheus']) === undefined
		? withNode(tree, ['prometheus'], scalar(shippedPrometheus(), tree.source), tree.source)
		: tree;
}

/** Whether a trigger of a ScaledObject gets its value from what the service exports. */
function asksForMetrics(trigger: SourceNode): boolean {
	const isHttp = nodeAt(trigger, ['metadata', 'httpScaledObject']) !== undefined;
	return !isHttp && ['prometheus', 'metrics-api', 'external', 'external-push'].includes(textAt(trigger, 'type') ?? '');
}

/** Path of the Prometheus model that holds where none is named. */
export function shippedPrometheus(): string {
	return join(packageRoot(), 'models/prometheus.yaml');
}

async function inlineReference(state: Inlined, reference: Reference, files: ReferencedFiles): Promise<Inlined> {
	const {path, kind, orKinds = [], words = []} = reference;
	const kinds = [kind, ...orKinds];
	const node = nodeAt(state.tree, path);
	const isHpa = kind === 'HorizontalPodAutoscaler';
	if (isHpa && node?.kind === 'map') {
		return withFound(state, reference, presentHpa(node));
	}

	const value = node?.kind === 'scalar' ? node.value : undefined;
	if (node === undefined || typeof value !== 'string' || value === '' || words.includes(value)) {
		return state;
	}

	if (kind === 'StartupModel' && isDuration(value)) {
		return {...state, tree: withNode(state.tree, path, constantTime(value, node.source), node.source)};
	}

	try {
		const read = isHpa
			? referredHpa(value, node.source, {files, target: state.target})
			: referredModel(value, kinds, node.source, files);
		return withFound(state, reference, await read);
	} catch (error) {
		if (!(error instanceof UnreadableError)) {
			throw error;
		}

		return withFound(state, reference, {
			rule: `the path of a file of kind ${kinds.join(' or ')}`,
			got: `${value} (${error.message})`,
		});
	}
}

function withFound(state: Inlined, {path}: Reference, found: FoundReference): Inlined {
	if ('tree' in found) {
		return {...state, tree: withNode(state.tree, path, found.tree, nodeAt(state.tree, path)!.source)};
	}

	const broken = [...state.broken, path];
	return 'lines' in found
		? {...state, broken, lines: [...state.lines, ...found.lines]}
		: {...state, broken, faults: [...state.faults, {path, ...found}]};
}

async function referredModel(
	value: string,
	kinds: readonly string[],
	source: Source,
	files: ReferencedFiles,
): Promise<FoundReference> {
	const {tree, faults} = asKind(await files.parse(resolvePath(value, source)), kinds[0]!);
	const found = tree && kindOf(tree);
	if (tree !== undefined && !kinds.includes(found ?? '')) {
		const got = `${value}, ${found === undefined ? 'a file without a kind' : `of kind ${found}`}`;
		return {rule: `the path of a file of kind ${kinds.join(' or ')}`, got};
	}

	return tree === undefined || faults.length > 0 ? {lines: faults} : {tree};
}

async function referredHpa(
	value: string,
	source: Source,
	{files, target}: {readonly files: ReferencedFiles; readonly target: ScaleTarget | undefined},
): Promise<FoundReference> {
	const {path, name} = splitName(value);
	if (name !== undefined) {
		try {
			return readHpa(await files.manifests(resolvePath(value, source)), {path: value, target});
		} catch (error) {
			if (!(error instanceof UnreadableError)) {
				throw error;
			}
		}
	}

	return readHpa(await files.manifests(resolvePath(path, source)), {path, name, target});
}

/** A file as what is wanted of it: custom prices of OpenCost as a price book. */
export function asKind(parsed: ParsedYaml, kind: string): ParsedYaml {
	const {tree, faults} = parsed;
	const book =
		kind === 'PriceBook' && tree !== undefined && faults.length === 0
			? opencostBook(tree, bookName(tree.source))
			: undefined;
	return book === undefined ? parsed : {faults: [], ...book};
}

/** Kind that a file declares; undefined when it is no name of a kind. */
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
