import {existsSync, readdirSync, statSync} from 'node:fs';
import {join, relative, resolve, sep} from 'node:path';
import {kubectlYaml} from '../../autoscaler/kubectl-yaml.ts';
import {UserError} from '../../errors.ts';
import {ContainersSchema} from '../../experiment/container-schema.ts';
import {modelContainer} from '../../experiment/model-container.ts';
import {shellWord} from '../../printable.ts';
import {asFileFault} from '../disk/file-faults.ts';
import {readText, UnreadableError} from '../disk/read-text.ts';
import {writeFiles} from '../disk/write-atomically.ts';
import {autoscalersIn, scales} from '../manifests/choose-hpa.ts';
import {type ManifestObject, type ParsedManifests, parseManifests} from '../manifests/parse-manifests.ts';
import {budgetFor} from '../manifests/placement-of-manifest.ts';
import {readDeployment, workloadsIn} from '../manifests/read-deployment.ts';
import {faultTexts, nodeAt, plainValue, textAt} from '../yaml/source-tree.ts';
import {readExperiment} from './read-experiment.ts';
import {largestYaml} from './referenced-files.ts';

/** Experiment that was written around manifests: its path, and its assumptions, a sentence each. */
type WrittenExperiment = {readonly path: string; readonly assumed: readonly string[]};

type Found = ManifestObject & {readonly file: string};

/**
 * Writes `experiment.yaml` around manifests as they lie: the Deployment or StatefulSet among them and the HPA that scales
 * it stay where they are and are named.
 *
 * @param folder - where to; made where it is missing
 * @param from - files, and folders whose files are read
 * @throws {UserError} before anything is written, where there is such a file, or the manifests cannot be used
 */
export async function writeExperimentAround(folder: string, from: readonly string[]): Promise<WrittenExperiment> {
	const path = join(folder, 'experiment.yaml');
	if (existsSync(path)) {
		throw new UserError('E_FILE', `Expected ${path} to be absent, as nothing is overwritten, got a file`);
	}

	const files = await Promise.all(from.flatMap(filesIn).map(async file => ({file, manifests: await read(file)})));
	const objects = files.flatMap(({file, manifests}) => manifests.objects.map((object): Found => ({...object, file})));
	const hpas = autoscalersIn(objects);
	const workload = chooseWorkload(objects, hpas, from);
	const own = hpas.filter(hpa => workload.name !== undefined && scales(hpa, {...workload, name: workload.name}));
	const manifests = files.find(({file}) => file === workload.file)!.manifests;
	const nodes = nodesAmong(folder, objects, workload);
	const {experiment, assumed} = draft(folder, {workload, hpa: own[0], manifests, nodes});
	const head = [
		`What does the autoscaler of ${workload.kind} ${workload.name ?? ''} do as load comes and goes, and what does it cost?`,
		`  replicast run ${shellWord(path)}`,
		'The manifests do not say the following, so it is assumed. Put in what you know:',
		...assumed.map(sentence => `- ${sentence}`),
	];
	await tryOut(folder, kubectlYaml(experiment, head));
	writeFiles(folder, {'experiment.yaml': kubectlYaml(experiment, head)});
	return {path, assumed};
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
	const all = workloadsIn({objects}) as Found[];
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
		`Expected ${from.join(', ')} to hold one Deployment or StatefulSet that is meant, got ${got}`,
	);
}

type Draft = {
	readonly workload: Found;
	readonly hpa: Found | undefined;
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

function draft(folder: string, {workload, hpa, manifests, nodes}: Draft) {
	const assumed = [
		'The load: 0.05 requests/s, rising to 0.8 requests/s after 10 minutes, and down again (workload.arrivals).',
		'The time in service: 3 s in the mean, whatever the request, standard deviation 1.5 s (deployment.service); a service model, such as models/tinyllama.yaml of the package, makes it follow tokens and CPU.',
		'The start-up: as measured with Ollama on a kind cluster, images pulled before (deployment.startup).',
		nodes === undefined
			? 'The nodes: room for every pod (deployment.nodes).'
			: 'The nodes: instance types of AWS in us-east-1, what they cost and how long they take to come (nodeAutoscaler.instanceTypes, nodeAutoscaler.delays).',
		'The objective: 95 % of requests within 15 s, and 99 % answered (slo).',
	];
	const llm = servingOf(workload, manifests, assumed);
	if (hpa === undefined) {
		assumed.push('The autoscaler: none, as no HorizontalPodAutoscaler and no ScaledObject scales it.');
	}

	const isByClock = hpa !== undefined && hasCron(hpa);
	if (isByClock) {
		assumed.push(`The time of day: the run starts at ${monday} (startsAt).`);
	}

	const experiment = {
		name: nameOf(workload.name),
		duration: '25m',
		...(isByClock && {startsAt: monday}),
		workload: {
			arrivals: {
				process: 'poisson',
				interpolation: 'linear',
				rate: [
					{at: '0s', perSecond: 0.05},
					{at: '10m', perSecond: 0.8},
					{at: '15m', perSecond: 0.05},
				],
			},
		},
		deployment: {
			manifest: referenceTo(folder, workload),
			...(Object.keys(llm).length > 0 && {llm}),
			service: {distribution: 'lognormal', mean: '3s', cv: 0.5},
		},
		autoscaler: hpa === undefined ? 'none' : referenceTo(folder, hpa),
		...(nodes !== undefined && {nodeAutoscaler: nodes}),
		slo: {p95: '15s', availability: 0.99},
	};
	return {experiment, assumed};
}

const monday = '2026-01-05T08:00:00Z';

/** Whether a ScaledObject goes by the clock. */
function hasCron({tree}: Found): boolean {
	const triggers = nodeAt(tree, ['spec', 'triggers']);
	return triggers?.kind === 'list' && triggers.items.some(item => textAt(item, 'type') === 'cron');
}

/** Keys of the model's container beyond the manifest. */
function servingOf({file, name}: Found, manifests: ParsedManifests, assumed: string[]) {
	const found = readDeployment(manifests, {path: file, name});
	const tree = 'tree' in found ? found.tree : undefined;
	const node = nodeAt(tree, ['containers']);
	const parsed = ContainersSchema.safeParse(node && plainValue(node)).data ?? {};
	const containers = Object.entries(parsed).map(([name, container]) => ({name, ...container}));
	if (containers.length === 0) {
		return {};
	}

	const model = modelContainer(containers);
	const container = 'candidates' in model ? model.candidates[0]! : model.name;
	if ('candidates' in model) {
		assumed.push(
			`The model runs in container ${container}, where ${model.candidates.join(' and ')} request the same (deployment.llm.container).`,
		);
	}

	const {requests, limits} = containers.find(one => one.name === container)!;
	const isTold = limits.cpu !== undefined || nodeAt(tree, ['llm', 'threads']) !== undefined;
	const threads = Math.max(1, Math.ceil(requests.cpu ?? 1));
	if (!isTold) {
		assumed.push(
			`The threads of the model: ${threads}, as container ${container} has no CPU limit (deployment.llm.threads).`,
		);
	}

	return {...('candidates' in model && {container}), ...(!isTold && {threads})};
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
async function tryOut(folder: string, text: string): Promise<void> {
	await readExperiment(join(folder, 'experiment.yaml'), {text});
}
