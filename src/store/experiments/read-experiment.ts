import {join} from 'node:path';
import type {HpaIdentity} from '../../autoscaler/hpa-manifest.ts';
import {UserError} from '../../errors.ts';
import type {ModelProvenance} from '../../experiment/coefficient.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {shellWord} from '../../printable.ts';
import {packageRoot} from '../disk/package.ts';
import {readPinnedText, sha256Of, UnreadableError} from '../disk/read-text.ts';
import {manifestGiven} from '../manifests/manifest-given.ts';
import {otherForm} from '../yaml/file-form.ts';
import {type ParsedYaml, parseDocuments, parseYaml} from '../yaml/parse-yaml.ts';
import {
	type FaultLine,
	faultTexts,
	nodeAt,
	overlaid,
	plainValue,
	type SourceNode,
	scalar,
	textAt,
	withNode,
} from '../yaml/source-tree.ts';
import {treeOfValue} from '../yaml/tree-builder.ts';
import {checkExperiment, type NamedTrace} from './check-experiment.ts';
import {withManifest} from './inline-manifest.ts';
import {shippedPrometheus} from './inline-references.ts';
import {pinFiles} from './pin-files.ts';
import {faultsWithin, mostProfiles, overlaysOf, profileFaults} from './profiles.ts';
import {modelProvenanceOf} from './read-model.ts';
import {largestYaml, ReferencedFiles} from './referenced-files.ts';
import {applySetting} from './set-option.ts';

export type ReadOptions = {
	/** `path=value` each, applied in order after the profile. */
	readonly set?: readonly string[];
	/** Name of the overlay to merge. */
	readonly profile?: string;
	readonly seed?: number;
	readonly replications?: number;
	/** Instead of what stands in the file. */
	readonly text?: string;
};

/**
 * Reads an experiment file, every default filled in and every reference read.
 *
 * @param path - an experiment file; the paths in it are relative to it
 * @throws {UserError} with one line for each fault, `FILE:LINE:COLUMN: message`: E_FILE when the file cannot be read,
 *   E_CONFIG for faults in its contents
 */
export async function readExperiment(path: string, options: ReadOptions = {}): Promise<Experiment> {
	return (await readExperimentSource(path, options)).experiment;
}

/** An experiment, and the parts of its files that are not in it. */
export type ExperimentSource = {
	readonly path: string;
	readonly experiment: Experiment;
	/** Name and target of its own HorizontalPodAutoscaler, so that a recommended one replaces it. */
	readonly identity: HpaIdentity;
	/** Manifest of its ScaledObject; left out where it has none. */
	readonly scaledObject?: unknown;
	/** Models and price book that say where they come from. */
	readonly models: readonly ModelProvenance[];
	/** Trace that it names. */
	readonly trace?: NamedTrace;
};

/**
 * Reads an experiment file once for all that is in it.
 *
 * @param path - an experiment file; the paths in it are relative to it
 * @throws {UserError} as {@link readExperiment} does
 */
export async function readExperimentSource(path: string, options: ReadOptions = {}): Promise<ExperimentSource> {
	const {tree, faults: syntaxFaults, sha256} = await readTree(path, options.text);
	if (tree?.kind !== 'map') {
		throw configError([...syntaxFaults, ...(tree === undefined ? [] : [notAMap(tree)])]);
	}

	const other = otherForm(tree, 'Experiment');
	if (other !== undefined) {
		throw configError([other]);
	}

	const base = withNode(tree, ['profiles'], undefined, tree.source);
	const overlays = overlaysOf(tree);
	const overlay = overlays.get(options.profile ?? '');
	const files = new ReferencedFiles();
	const prepared = await prepare(overlay === undefined ? base : overlaid(base, overlay), options, files);
	const checked = await checkExperiment(prepared.tree, {profile: options.profile, files});
	const ownFaults = 'faults' in checked ? checked.faults : [];
	const faults = [...syntaxFaults, ...profileFaults(tree, options.profile), ...prepared.faults, ...ownFaults];
	for (const other of [...overlays.values()].slice(0, mostProfiles)) {
		if (other !== overlay) {
			const merged = await prepare(overlaid(base, other), {}, files);
			const inOther = await checkExperiment(merged.tree, {files});
			faults.push(...faultsWithin(other, 'faults' in inOther ? inOther.faults : [], faults));
		}
	}

	if (faults.length > 0 || 'faults' in checked) {
		throw configError(faults);
	}

	const {trace, tables} = checked;
	const date = textAt(checked.tree, 'prices', 'date') ?? 'no date';
	const {tree: whole, experiment: read} = prepared.hasAssumedPrices
		? withAssumption(
				checked,
				`Pods are billed by what they request, with the price book ${checked.experiment.prices.name} of ${date}, since the experiment names none. Its prices name yours.`,
			)
		: checked;
	const digests = new Map([...files.digests, [path, sha256]]);
	const origin = {...(await pinFiles(whole, {path, digests, trace, tables})), set: [...(options.set ?? [])]};
	const experiment = {...read, origin};
	const source = {path, experiment, identity: hpaIdentityOf(whole), models: modelProvenanceOf(whole)};
	const manifest = experiment.keda === undefined ? undefined : nodeAt(whole, ['autoscaler']);
	return {...source, ...(manifest && {scaledObject: plainValue(manifest)}), ...(trace && {trace})};
}

function configError(faults: readonly FaultLine[]): UserError {
	return new UserError('E_CONFIG', faultTexts(faults));
}

async function readTree(path: string, given: string | undefined): Promise<ParsedYaml & {readonly sha256: string}> {
	try {
		const pinned = given === undefined ? await readPinnedText(path, largestYaml) : undefined;
		const {text, sha256} = pinned ?? {text: given!, sha256: sha256Of(given!)};
		const parsed = parseYaml(text, path);
		if (pinned !== undefined && (parsed.tree === undefined || textAt(parsed.tree, 'kind') !== undefined)) {
			const manifest = manifestGiven(path, parseDocuments(text, path).trees);
			if (manifest !== undefined) {
				throw manifest;
			}
		}

		return {...parsed, sha256};
	} catch (error) {
		if (error instanceof UnreadableError) {
			const init = `; to write an experiment around the manifests in it: replicast init --from ${shellWord(path)}`;
			const fault = error.asFault(path, 'a readable experiment file');
			throw error.isFolder ? new UserError('E_FILE', `${fault.message}${init}`, {cause: error}) : fault;
		}

		throw error;
	}
}

function notAMap(tree: SourceNode): FaultLine {
	return {
		source: {...tree.source, line: 1, column: 1},
		message: `Expected the file to be a map, got ${tree.kind === 'list' ? 'a list' : 'a single value'}`,
	};
}

/** The models that hold where none is named. */
const shipped = {
	'deployment.startup': 'models/startup-kind.yaml',
	metrics: 'models/metrics-pipeline.yaml',
	prices: 'models/prices-gke-autopilot.yaml',
	energy: 'models/energy-cloud.yaml',
	'nodeAutoscaler.instanceTypes': 'models/instances/aws-us-east-1.yaml',
};

/** The tree of an experiment with the shipped models where it names none. */
export function withShippedModels(given: SourceNode): SourceNode {
	let tree = given;
	for (const [key, file] of Object.entries(shipped)) {
		const path = key.split('.');
		const parent = nodeAt(tree, path.slice(0, -1));
		if (key === 'prices' && nodeAt(tree, ['nodeAutoscaler']) !== undefined) {
			continue; // the nodes are what is paid for
		}

		if (parent?.kind === 'map' && nodeAt(tree, path) === undefined) {
			tree = withNode(tree, path, scalar(join(packageRoot(), file), parent.source), parent.source);
		}
	}

	return tree;
}

/** The tree with the shipped models where none is named, and with the options of the command line. */
async function prepare(given: SourceNode, {set = [], seed, replications}: ReadOptions, files: ReferencedFiles) {
	const withDeployment = withManifest(given);
	const assumedService = withDeployment === given ? undefined : nodeAt(withDeployment, ['deployment', 'service']);
	let tree = withShippedModels(withDeployment);
	const faults: FaultLine[] = [];
	if (set.some(text => text.startsWith('prometheus.')) && nodeAt(tree, ['prometheus']) === undefined) {
		tree = withNode(tree, ['prometheus'], scalar(shippedPrometheus(), tree.source), tree.source);
	}

	for (const text of set) {
		const setting = await applySetting(tree, text, files);
		tree = setting.tree;
		faults.push(...setting.faults);
	}

	if (assumedService !== undefined && nodeAt(tree, ['deployment', 'service']) !== assumedService) {
		tree = withNode(tree, ['deployment', 'assumed'], undefined, tree.source);
	}

	for (const [key, value] of Object.entries({seed, replications})) {
		if (value !== undefined) {
			const source = {file: `--${key}`};
			tree = withNode(tree, [key], scalar(value, source), source);
		}
	}

	const prices = nodeAt(tree, ['prices']);
	return {tree, faults, hasAssumedPrices: nodeAt(given, ['prices']) === undefined && isShipped(prices)};
}

/** Whether a node is the shipped model or its path, perhaps with changed values. */
function isShipped(node: SourceNode | undefined): boolean {
	const path = join(packageRoot(), shipped.prices);
	return node?.kind === 'scalar' ? node.value === path : node?.source.file === path;
}

/** An experiment and its tree with a further assumption. */
function withAssumption(
	{experiment, tree}: {readonly experiment: Experiment; readonly tree: SourceNode},
	text: string,
) {
	const assumed = [...(experiment.deployment.assumed ?? []), text];
	const {source} = tree;
	return {
		experiment: {...experiment, deployment: {...experiment.deployment, assumed}},
		tree: withNode(tree, ['deployment', 'assumed'], treeOfValue(assumed, source), source),
	};
}

function hpaIdentityOf(tree: SourceNode): HpaIdentity {
	const own = (...keys: string[]) => textAt(tree, 'autoscaler', ...keys);
	const target = (key: string) => own('spec', 'scaleTargetRef', key) ?? own('scaleTargetRef', key);
	const name = own('metadata', 'name');
	const namespace = own('metadata', 'namespace');
	return {
		metadata: {
			name: name ?? 'llm',
			...(name === undefined ? {namespace: 'replicast'} : namespace !== undefined && {namespace}),
		},
		scaleTargetRef: {
			apiVersion: target('apiVersion') ?? 'apps/v1',
			kind: target('kind') ?? 'Deployment',
			name: target('name') ?? 'llm',
		},
	};
}
