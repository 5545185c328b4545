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
import {nodePlan, nodeWords} from './node-plan.ts';

type Preparing = {
	readonly manifests: Manifests;
	cluster?: Cluster;
	kwok?: string;
	image?: string;
	controller?: Software['controller'];
};

/** Replays on emulated nodes and pods: the control plane is real, the load and the service are the simulator's. */
export class EmulatedEngine implements ReplayEngine {
	readonly kind = 'emulated';
	readonly #kwokImage: string | undefined;

	/** @param kwokImage - instead of the published one */
	constructor({kwokImage}: {readonly kwokImage?: string | undefined} = {}) {
		this.#kwokImage = kwokImage;
	}

	needsOf(): string {
		return ''; // every run has the same
	}

	async prepare(_run: ReplayRun, options: PrepareOptions): Promise<ReadyEngine> {
		const made: Preparing = {manifests: await readManifests()};
		const pattern: readonly Manifest[] = await readManifestObjects('kwok/workload.yaml');
		await runSteps(this.#steps(made, options), options.onProgress);
		const {cluster, kwok = '', image = '', controller} = made;
		return {
			versions: {kubernetes: controller!.gitVersion, node: process.version, kwokImage: kwok, metricsImage: image},
			models: {},
			controller: controller!,
			notesOf: ({experiment}) => [emulatedNote(experiment)],
			steps: (run, {journal, signal}) => emulatedSteps(run, {cluster: cluster!, pattern, journal, signal}),
		};
	}

	async leave(cluster: Cluster): Promise<void> {
		await removeWorkload(cluster, AbortSignal.timeout(60_000));
		await removeService(cluster.api);
		await removeEmulation(cluster.api);
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
				run: async () => (made.kwok = await startKwok(made.cluster!, {image: this.#kwokImage, signal})),
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
	const plan = nodePlan(experiment);
	const nodes = `${nodeWords(plan)} each${plan.isGiven ? '' : ', which is assumed: deployment.nodes says otherwise'}`;
	return `emulated: ${nodes}; the control plane is real, load, service and use of the pods are the simulator's`;
}
