import {clusterStep, type PrepareOptions} from '../replay/prepare.ts';
import type {ReadyEngine, ReplayEngine} from '../replay/replay-engine.ts';
import type {ReplayRun} from '../replay/replay-run.ts';
import {runSteps, type Step} from '../replay/step.ts';
import {removeWorkload} from '../setup/apply.ts';
import type {Cluster, Manifest} from '../setup/cluster.ts';
import {readControllerFlags} from '../setup/controller-settings.ts';
import type {Software} from '../setup/describe-software.ts';
import {buildImage, loadImage, planBackend} from '../setup/images.ts';
import {type Manifests, readManifestObjects, readManifests} from '../setup/read-manifests.ts';
import {emulatedSteps} from './emulated-steps.ts';
import {refuseOtherMetrics, removeEmulation, removeService, startKwok, startMetricsApi} from './emulation-objects.ts';
import {karpenterOf} from './karpenter/karpenter-objects.ts';
import {prepareKarpenter, removeKarpenter} from './karpenter/start-karpenter.ts';
import {nodesInWords} from './node-plan.ts';

type Preparing = {
	readonly manifests: Manifests;
	cluster?: Cluster;
	kwok?: string;
	karpenter?: string;
	image?: string;
	controller?: Software['controller'];
};

/** Images of an emulated cluster, instead of the ones that the manifests name. */
export type EmulatedImages = {readonly kwokImage?: string | undefined; readonly karpenterImage?: string | undefined};

/** Replays on emulated nodes and pods: the control plane is real, the load and the service are the simulator's. */
export class EmulatedEngine implements ReplayEngine {
	readonly kind = 'emulated';
	readonly #images: EmulatedImages;

	/** @param images - instead of the ones that the manifests name */
	constructor(images: EmulatedImages = {}) {
		this.#images = images;
	}

	needsOf({experiment}: ReplayRun): string {
		return karpenterOf(experiment) === undefined ? '' : 'karpenter';
	}

	async prepare({experiment}: ReplayRun, options: PrepareOptions): Promise<ReadyEngine> {
		const made: Preparing = {manifests: await readManifests()};
		const pattern: readonly Manifest[] = await readManifestObjects('kwok/workload.yaml');
		const steps = [
			...this.#steps(made, options),
			...(karpenterOf(experiment) === undefined ? [] : [this.#karpenterStep(made, options)]),
		];
		await runSteps(steps, options.onProgress);
		const {cluster, kwok = '', image = '', karpenter, controller} = made;
		return {
			versions: {
				...{kubernetes: controller!.gitVersion, node: process.version, kwokImage: kwok, metricsImage: image},
				...(karpenter !== undefined && {karpenterImage: karpenter}),
			},
			models: {},
			controller: controller!,
			notesOf: ({experiment}) => [emulatedNote(experiment), ...limitNotes(experiment)],
			steps: (run, {journal, signal}) =>
				emulatedSteps(run, {cluster: cluster!, pattern, journal, signal, karpenterImage: karpenter}),
		};
	}

	async leave(cluster: Cluster): Promise<void> {
		await removeWorkload(cluster, AbortSignal.timeout(60_000));
		await removeService(cluster.api);
		await removeKarpenter(cluster.api);
		await removeEmulation(cluster.api);
	}

	#karpenterStep(made: Preparing, {signal}: PrepareOptions): Step {
		const {karpenterImage: image} = this.#images;
		return {
			title: 'Karpenter',
			run: async () => (made.karpenter = await prepareKarpenter(made.cluster!, {image, signal})),
		};
	}

	#steps(made: Preparing, options: PrepareOptions): Step[] {
		const {signal} = options;
		return [
			clusterStep(made, options),
			{
				title: 'Image of the metrics API',
				async run(report) {
					await refuseOtherMetrics(made.cluster!);
					const build = await planBackend();
					made.image = build.image;
					const built = await buildImage(build, signal);
					report(`${build.image} ${built}`);
					const loaded = await loadImage(build.image, made.cluster!, signal);
					return `${build.image}, ${built === 'built' ? 'built, ' : ''}${loaded}`;
				},
			},
			{
				title: 'KWOK',
				run: async () => (made.kwok = await startKwok(made.cluster!, {image: this.#images.kwokImage, signal})),
			},
			{
				title: 'Metrics API',
				async run() {
					await startMetricsApi(made.cluster!, {image: made.image!, signal});
					const {api} = made.cluster!;
					const {gitVersion} = await api.get<{gitVersion: string}>('/version');
					made.controller = {gitVersion, flags: await readControllerFlags(api)};
					return `Kubernetes ${gitVersion}`;
				},
			},
		];
	}
}

/** Note of a record on what it is of, and on nodes that the experiment does not name. */
function emulatedNote(experiment: ReplayRun['experiment']): string {
	const {deployment, nodeAutoscaler} = experiment;
	const isAssumed = deployment.nodes === undefined && nodeAutoscaler === undefined;
	const each = nodeAutoscaler === undefined ? ' each' : '';
	const nodes = `${nodesInWords(experiment)}${each}${isAssumed ? ', which is assumed: deployment.nodes says otherwise' : ''}`;
	return `emulated: ${nodes}; the control plane is real, load, service and use of the pods are the simulator's`;
}

/** Notes on limits that Karpenter's provider for KWOK does not count as a cloud would. */
function limitNotes(experiment: ReplayRun['experiment']): string[] {
	const pools = karpenterOf(experiment)?.pools ?? [];
	return pools.flatMap(({name, limits}) => {
		const counted = Object.keys(limits).filter(resource => resource !== 'nodes');
		return counted.length === 0
			? []
			: [
					`limits of ${counted.join(', ')} of NodePool ${name} are counted by what pods request, not by the nodes' capacity`,
				];
	});
}
