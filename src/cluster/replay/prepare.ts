import type {Experiment} from '../../experiment/experiment.ts';
import {backendContainer} from '../../experiment/model-container.ts';
import type {Arm} from '../../records/record.ts';
import {installKeda, kedaRelease, kedaVersion} from '../keda/install-keda.ts';
import {prometheusImage} from '../keda/install-prometheus.ts';
import {needsKeda} from '../keda/needs.ts';
import {Observation} from '../observe/observation.ts';
import {apply, installMetricsServer, removeWorkload} from '../setup/apply.ts';
import type {Cluster, Manifest} from '../setup/cluster.ts';
import {describeFailure} from '../setup/describe-failure.ts';
import {describeSoftware, type Software} from '../setup/describe-software.ts';
import {openForeignCluster} from '../setup/foreign-cluster.ts';
import {holdCluster} from '../setup/hold-cluster.ts';
import {type Builds, buildImage, imagesOf, loadImage, planImages} from '../setup/images.ts';
import {ensureKindCluster, openKindCluster} from '../setup/kind-cluster.ts';
import {type Manifests, readManifests} from '../setup/read-manifests.ts';
import {type Images, renderManifests} from '../setup/render-manifests.ts';
import {waitReady} from '../setup/wait-ready.ts';
import {type OnStepProgress, runSteps, type Step} from './step.ts';

/** Cluster of a replay: a kind cluster, made if there is none of that name, or an existing cluster. */
export type Place = (
	| {readonly kind: 'kind'; readonly name: string}
	| {readonly kind: 'foreign'; readonly context: string; readonly address?: string; readonly images: Images}
) & {
	/** File with the manifest of KEDA, for an experiment with a ScaledObject; the published one when left out. */
	readonly keda?: string;
	/** Image of Prometheus, for the same. */
	readonly prometheusImage?: string;
};

/** Surroundings of the preparation of a cluster. */
export type PrepareOptions = {
	readonly place: Place;
	readonly scratch: string;
	readonly signal: AbortSignal;
	readonly onProgress: OnStepProgress;
	/** Called with the cluster as soon as it is there, so that it can be removed whatever comes. */
	readonly onCluster: (cluster: Cluster) => void;
};

type RealOptions = PrepareOptions & {
	/** Called when KEDA was installed for this. */
	readonly onKeda: () => void;
};

/** A cluster with everything in it that the replays of one experiment need. */
export type Prepared = {
	readonly cluster: Cluster;
	readonly manifests: Manifests;
	readonly images: Images;
	readonly software: Software;
	readonly prometheusImage?: string | undefined;
};

type Preparing = {-readonly [part in keyof Prepared]?: Prepared[part]} & Pick<Prepared, 'manifests'> & {
		kedaVersions?: Readonly<Record<string, string>>;
	};

/** Experiment and arm whose replays follow. */
type Prepares = {readonly experiment: Experiment; readonly arm: Arm};

/** Makes the cluster ready for the replays of an experiment. */
export async function prepare({experiment, arm}: Prepares, options: RealOptions): Promise<Prepared> {
	const {place, signal} = options;
	const made: Preparing = {
		manifests: await readManifests(),
		...(place.kind === 'foreign' && {images: place.images}),
		...(place.prometheusImage !== undefined && {prometheusImage: place.prometheusImage}),
	};
	const steps: Step[] = [
		clusterStep(made, options),
		...(place.kind === 'foreign' ? [] : imageSteps(experiment, made, signal)),
		{
			title: 'metrics-server',
			run: async () => installMetricsServer(made.cluster!, made.manifests.metricsServer, signal),
		},
		...(needsKeda(experiment, arm) ? [kedaStep(made, options)] : []),
		{
			title: 'Software',
			async run(report) {
				const {cluster, images, manifests} = made;
				const asking = {cluster: cluster!, images: images!, manifests, signal, report};
				const software = await askSoftware(experiment, asking);
				made.software = {...software, versions: {...software.versions, ...made.kedaVersions}};
				const {kubernetes, ollama} = software.versions;
				return `Kubernetes ${kubernetes}, Ollama ${ollama}, ${experiment.deployment.llm.model}`;
			},
		},
	];
	await runSteps(steps, options.onProgress);
	const {cluster, images, software, kedaVersions: _, ...rest} = made;
	return {cluster: cluster!, images: images!, software: software!, ...rest};
}

/** Opens the cluster, which is then this replay's alone, and puts it into `made`. */
export function clusterStep(
	made: {cluster?: Cluster; manifests: Pick<Manifests, 'base'>},
	options: PrepareOptions,
): Step {
	const {place, signal, onCluster} = options;
	return {
		title: `Cluster ${place.kind === 'kind' ? place.name : place.context}`,
		async run() {
			const opened = await openCluster(options);
			if (opened.isOurs) {
				onCluster(opened); // from now on it is removed, whatever comes
			}

			await apply(opened, namespacesOf(made.manifests), signal);
			made.cluster = {...opened, release: await holdCluster(opened)};
			onCluster(made.cluster);
			return made.cluster.isOurs ? 'made' : 'there';
		},
	};
}

/** Installs KEDA; its Prometheus is started by each replay, without memory of the one before. */
function kedaStep(made: Preparing, {place, signal, onKeda}: RealOptions): Step {
	return {
		title: 'KEDA',
		async run() {
			const cluster = made.cluster!;
			const done = await installKeda(cluster, {manifest: place.keda, signal});
			if (done === 'installed') {
				onKeda();
			}

			const version = (await kedaVersion(cluster)) ?? kedaRelease;
			const prometheus = prometheusImage(made.manifests.prometheus, place.prometheusImage);
			made.kedaVersions = {keda: version, prometheus};
			return `${version}, ${done}`;
		},
	};
}

function namespacesOf({base}: Pick<Manifests, 'base'>): Manifest[] {
	return base.filter(({kind}) => kind === 'Namespace');
}

async function openCluster({place, scratch, signal}: PrepareOptions): Promise<Cluster> {
	if (place.kind === 'foreign') {
		return openForeignCluster({...place, scratch});
	}

	const isMade = await ensureKindCluster({name: place.name, scratch, signal});
	return openKindCluster({name: place.name, scratch}, isMade);
}

function imageSteps(experiment: Experiment, made: Preparing, signal: AbortSignal): Step[] {
	let builds: Builds | undefined;
	const image = (which: keyof Builds): Step => ({
		title: `Image of ${which}`,
		async run(report) {
			builds ??= await planImages(experiment.deployment.llm.model);
			made.images = imagesOf(builds);
			const built = await buildImage(builds[which], signal);
			report(`${builds[which].image} ${built}`);
			const loaded = await loadImage(builds[which].image, made.cluster!, signal);
			return `${builds[which].image}, ${built === 'built' ? 'built, ' : ''}${loaded}`;
		},
	});
	return [image('backend'), image('ollama')];
}

type Asking = Omit<Prepared, 'software'> & {readonly signal: AbortSignal; readonly report: (text: string) => void};

/**
 * Starts one pod, asks it for its versions, and removes it again: the replays begin with pods that have had no request.
 */
async function askSoftware(
	experiment: Experiment,
	{cluster, images, manifests, signal, report}: Asking,
): Promise<Software> {
	const {deployment} = experiment;
	await removeWorkload(cluster, signal);
	const {base} = renderManifests(manifests, experiment, {arm: 'dynamic', images, replicas: 1, isBare: true});
	const backend = backendContainer(deployment)!.name;
	const observation = new Observation(cluster, {backend, write: () => undefined});
	try {
		await apply(cluster, base, signal);
		await waitReady(observation, {replicas: 1, signal, report});
		const [pod = ''] = observation.pods.keys();
		const {container: llmContainer, model} = deployment.llm;
		return await describeSoftware(cluster, {pod, llmContainer, model, signal});
	} catch (error) {
		throw await describeFailure(cluster.api, error);
	} finally {
		await observation.stop();
	}
}
