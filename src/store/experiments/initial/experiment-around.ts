import {readdirSync, statSync} from 'node:fs';
import {join, relative, resolve, sep} from 'node:path';
import {isOfQueue} from '../../../autoscaler/keda/queue-triggers.ts';
import {kubectlYaml} from '../../../autoscaler/kubectl-yaml.ts';
import {UserError} from '../../../errors.ts';
import {batchesRequests} from '../../../experiment/model-container.ts';
import {shellWord} from '../../../printable.ts';
import {asFileFault} from '../../disk/file-faults.ts';
import {readText, UnreadableError} from '../../disk/read-text.ts';
import {refusePresent, writeNewFiles} from '../../disk/write-new.ts';
import {autoscalersIn, scales} from '../../manifests/choose-hpa.ts';
import {manifestContainers} from '../../manifests/manifest-containers.ts';
import {type ManifestObject, type ParsedManifests, parseManifests} from '../../manifests/parse-manifests.ts';
import {budgetFor} from '../../manifests/placement-of-manifest.ts';
import {workloadsIn} from '../../manifests/read-deployment.ts';
import {faultTexts, nodeAt, plainValue, textAt} from '../../yaml/source-tree.ts';
import {readExperiment} from '../read-experiment.ts';
import {largestYaml} from '../referenced-files.ts';
import {type Draft, type DraftParts, modelDraft, servingContainer} from './draft-experiment.ts';
import {engineDraft} from './engine-draft.ts';
import {shippedModel} from './first-experiment.ts';
import {kserveText, withKserveFile} from './kserve-file.ts';
import {serverDraft} from './server-draft.ts';
import {type ServiceKind, whatServes} from './what-serves.ts';

/** Experiment that was written around manifests: its path first, those of its models, and its assumptions, a sentence each. */
type WrittenExperiment = {readonly paths: readonly string[]; readonly assumed: readonly string[]};

type Found = ManifestObject & {readonly file: string};

type AroundOptions = {
	/** Kind of the service; what the manifests say when left out. */
	readonly service?: ServiceKind | undefined;
	/**
	 * Sources of the metrics that an autoscaler goes by and nobody knows by name, with a sentence on each that was guessed.
	 *
	 * @param document - the autoscaler's manifest
	 */
	readonly metricSources?: (document: unknown) => {
		readonly sources: Readonly<Record<string, string>>;
		readonly assumed: readonly string[];
	};
};

/**
 * Writes `experiment.yaml` around manifests as they lie: the Deployment or StatefulSet among them and the HPA that scales
 * it stay where they are and are named.
 *
 * @param folder - where to; made where it is missing
 * @param from - files, and folders whose files are read
 * @throws {UserError} before anything is written, where there is such a file, or the manifests cannot be used
 */
export async function writeExperimentAround(
	folder: string,
	from: readonly string[],
	options: AroundOptions = {},
): Promise<WrittenExperiment> {
	refusePresent(join(folder, 'experiment.yaml'));
	const files = await Promise.all(from.flatMap(filesIn).map(async file => ({file, manifests: await read(file)})));
	const kserve = kserveText(files.flatMap(({manifests}) => manifests.objects));
	return kserve === undefined
		? writeAround(folder, {from, files, told: []}, options)
		: withKserveFile(folder, kserve.text, async file => {
				const made = {file, manifests: await read(file)};
				const written = await writeAround(folder, {from, files: [...files, made], told: kserve.assumed}, options);
				return {...written, paths: [...written.paths, file]};
			});
}

/** Manifests that were read, and what is assumed of them already, a sentence each. */
type ReadManifests = {
	readonly from: readonly string[];
	readonly files: readonly {readonly file: string; readonly manifests: ParsedManifests}[];
	readonly told: readonly string[];
};

async function writeAround(
	folder: string,
	{from, files, told}: ReadManifests,
	options: AroundOptions,
): Promise<WrittenExperiment> {
	const path = join(folder, 'experiment.yaml');
	const objects = files.flatMap(({file, manifests}) => manifests.objects.map((object): Found => ({...object, file})));
	const hpas = autoscalersIn(objects);
	const workload = chooseWorkload(objects, hpas, from);
	const own = hpas.filter(hpa => workload.name !== undefined && scales(hpa, {...workload, name: workload.name}));
	const manifests = files.find(({file}) => file === workload.file)!.manifests;
	const nodes = nodesAmong(folder, objects, workload);
	const {experiment, trial, models, ...draft} = await draftOf(
		folder,
		{workload, hpa: own[0], others: hpas, manifests, nodes},
		options,
	);
	const assumed = [...told, ...draft.assumed];
	const head = [
		`What does the autoscaler of ${workload.kind} ${workload.name ?? ''} do as load comes and goes, and what does it cost?`,
		`  replicast run ${shellWord(path)}`,
		'The manifests do not say the following, so it is assumed. Put in what you know:',
		...assumed.map(sentence => `- ${sentence}`),
	];
	const beside = Object.entries(models ?? {}).map(
		([file, model]) => [file, shippedModel(model.path, model.schema, folder)] as const,
	);
	await tryOut(folder, kubectlYaml(trial ?? experiment, head));
	writeNewFiles(folder, {...Object.fromEntries(beside), 'experiment.yaml': kubectlYaml(experiment, head)});
	return {paths: [path, ...beside.map(([file]) => join(folder, file))], assumed};
}

function filesIn(path: string): string[] {
	try {
		return statSync(path).isDirectory()
			? readdirSync(path)
					.filter(name => /\.(?:ya?ml|json)$/.test(name))
					.sort()
					.map(name => join(path, name))
			: [path];
	} catch (error) {
		throw asFileFault(path, error);
	}
}

async function read(file: string): Promise<ParsedManifests> {
	try {
		const parsed = parseManifests(await readText(file, largestYaml), file);
		if (parsed.faults.length > 0) {
			throw new UserError('E_CONFIG', faultTexts(parsed.faults));
		}

		return parsed;
	} catch (error) {
		if (error instanceof UnreadableError) {
			throw error.asFault(file);
		}

		throw error;
	}
}

/** The only workload, or the only one that an HPA scales. */
function chooseWorkload(objects: readonly Found[], hpas: readonly Found[], from: readonly string[]): Found {
	const all = workloadsIn({objects});
	const scaled = all.filter(one => hpas.some(hpa => one.name !== undefined && scales(hpa, {...one, name: one.name})));
	const [only, ...more] = all.length === 1 ? all : scaled;
	if (only !== undefined && more.length === 0) {
		return only;
	}

	const names = (scaled.length > 0 ? scaled : all).map(({kind, name}) => `${kind} ${name ?? 'without a name'}`);
	const kinds = [...new Set(objects.map(({kind}) => kind))];
	const got = all.length > 0 ? names.join(', ') : kinds.length > 0 ? `only ${kinds.join(', ')}` : 'no manifest';
	throw new UserError(
		'E_CONFIG',
		`Expected ${from.join(', ')} to hold one Deployment, StatefulSet or Rollout that is meant, got ${got}`,
	);
}

type Chosen = {
	readonly workload: Found;
	readonly hpa: Found | undefined;
	/** Autoscalers among the manifests, whatever they scale. */
	readonly others: readonly Found[];
	readonly manifests: ParsedManifests;
	readonly nodes: ReturnType<typeof nodesAmong>;
};

/** Karpenter with the NodePools among the manifests, and the disruption budget of the workload; undefined without any. */
function nodesAmong(folder: string, objects: readonly Found[], workload: Found) {
	const files = [...new Set(objects.filter(({kind}) => kind === 'NodePool').map(({file}) => file))];
	const paths = files.map(file => referenceTo(folder, {file, name: undefined}));
	const budget = budgetFor(workload, objects);
	return paths.length === 0
		? undefined
		: {
				kind: 'karpenter',
				nodePools: paths.length === 1 ? paths[0]! : paths,
				...(budget !== undefined && {podDisruptionBudget: plainValue(budget)}),
			};
}

/** A draft, and the same with its models where they lie before they are copied. */
type DraftToTry = Draft & {readonly trial?: object};

async function draftOf(
	folder: string,
	{workload, hpa, others, manifests, nodes}: Chosen,
	{service, metricSources}: AroundOptions,
): Promise<DraftToTry> {
	const told = whatServes(workload.tree);
	const kind = service ?? told.kind;
	const asked = (hpa && metricSources?.(plainValue(hpa.tree))) ?? {sources: {}, assumed: []};
	const types = hpa === undefined ? [] : triggerTypes(hpa);
	const isByClock = types.includes('cron');
	const parts = {
		name: nameOf(workload.name),
		manifest: referenceTo(folder, workload),
		autoscaler: hpa === undefined ? 'none' : referenceTo(folder, hpa),
		...(isByClock && {startsAt: monday}),
		...(Object.keys(asked.sources).length > 0 && {metricSources: asked.sources}),
		...(nodes !== undefined && {nodeAutoscaler: nodes}),
		isQueued: types.some(type => isOfQueue(type)),
	};
	const {assumed, ...draft} = await (kind === 'llm' ? draftOfModel : draftOfServer)(folder, parts, {
		workload,
		manifests,
	});
	return {
		...draft,
		assumed: [
			...(service === undefined && told.assumed !== undefined ? [told.assumed] : []),
			...(hpa === undefined ? [withoutAutoscaler(others)] : []),
			...assumed,
			...asked.assumed,
			...(isByClock ? [`The time of day: the run starts at ${monday} (startsAt).`] : []),
		],
	};
}

type Workload = Pick<Chosen, 'workload' | 'manifests'>;

async function draftOfModel(folder: string, parts: DraftParts, {workload, manifests}: Workload): Promise<DraftToTry> {
	const {name, candidates, untoldThreads: threads} = servingContainer(manifests, workload);
	const isChoice = candidates.length > 0;
	const written = manifestContainers(workload.tree).find(container => container.name === name);
	const {assumed, ...draft} =
		written !== undefined && batchesRequests(written)
			? await engineDraft({...parts, ...(isChoice && name !== undefined && {container: name}), written}, async trial =>
					tryOut(folder, kubectlYaml(trial)),
				)
			: modelDraft(parts, {
					llm: {...(isChoice && {container: name}), ...(threads !== undefined && {threads})},
					...(threads !== undefined && {
						threads: `The threads of the model: ${threads}, as container ${name} has no CPU limit (deployment.llm.threads).`,
					}),
				});
	return {
		...draft,
		assumed: [...assumed, ...(isChoice ? [`The model runs in ${sameRequests(name, candidates)}`] : [])],
	};
}

async function draftOfServer(folder: string, parts: DraftParts, {workload, manifests}: Workload): Promise<DraftToTry> {
	const {name, candidates} = servingContainer(manifests, workload);
	const isChoice = candidates.length > 0;
	const written = manifestContainers(workload.tree).find(container => container.name === name);
	const {experiment, assumed} = await serverDraft(
		{...parts, ...(isChoice && name !== undefined && {container: name}), written},
		async draft => tryOut(folder, kubectlYaml(draft)),
	);
	return {
		experiment,
		assumed: [...assumed, ...(isChoice ? [`Requests are served by ${sameRequests(name, candidates)}`] : [])],
	};
}

function sameRequests(container = '', candidates: readonly string[]): string {
	return `container ${container}, where ${candidates.join(' and ')} request the same (deployment.llm.container).`;
}

/** Sentence on a workload that no autoscaler scales, with what others scale. */
function withoutAutoscaler(others: readonly Found[]): string {
	const [other] = others;
	const target = other && textAt(other.tree, 'spec', 'scaleTargetRef', 'name');
	return `The autoscaler: none, as no HorizontalPodAutoscaler and no ScaledObject scales it${
		target === undefined ? '' : `: ${other!.kind} ${other!.name ?? 'without a name'} scales ${target}`
	}.`;
}

const monday = '2026-01-05T08:00:00Z';

/** Types of the triggers of a ScaledObject. */
function triggerTypes({tree}: Found): string[] {
	const triggers = nodeAt(tree, ['spec', 'triggers']);
	return triggers?.kind === 'list' ? triggers.items.flatMap(item => textAt(item, 'type') ?? []) : [];
}

function nameOf(name = 'mine'): string {
	const plain = name.replaceAll('.', '-').slice(0, 60).replace(/-+$/, '');
	return /^[a-z]/.test(plain) ? plain : `of-${plain}`;
}

function referenceTo(folder: string, {file, name}: Pick<Found, 'file' | 'name'>): string {
	const path = relative(resolve(folder), resolve(file)).split(sep).join('/');
	return name === undefined ? path : `${path}#${name}`;
}

/** Reads the text before it is written, so that faults in the manifests are reported with their places. */
async function tryOut(folder: string, text: string) {
	return readExperiment(join(folder, 'experiment.yaml'), {text});
}
