import {removeKeda} from '../keda/install-keda.ts';
import {removePrometheus} from '../keda/install-prometheus.ts';
import {needsKeda} from '../keda/needs.ts';
import {removeWorkload} from '../setup/apply.ts';
import type {Cluster} from '../setup/cluster.ts';
import {type PrepareOptions, prepare} from './prepare.ts';
import type {ReadyEngine, ReplayEngine} from './replay-engine.ts';
import type {ReplayRun} from './replay-run.ts';
import {replaySteps} from './replay-steps.ts';

/** Replays on pods of a backend and Ollama, which get the requests. */
export class RealEngine implements ReplayEngine {
	readonly kind = 'measured';
	/** Manifest of the KEDA that was installed for this. */
	#keda: {readonly manifest: string | undefined} | undefined;

	needsOf({experiment, arm}: ReplayRun): string {
		const {model, container} = experiment.deployment.llm;
		return `${container} ${model}${needsKeda(experiment, arm) ? ' with KEDA' : ''}`;
	}

	async prepare(run: ReplayRun, options: PrepareOptions): Promise<ReadyEngine> {
		const prepared = await prepare(run, {
			...options,
			onKeda: () => {
				this.#keda = {manifest: options.place.keda};
			},
		});
		const {software, images} = prepared;
		const {versions, models, controller} = software;
		return {
			versions: {...versions, backendImage: images.backend, ollamaImage: images.ollama},
			...{models, controller, notesOf: () => []},
			steps: (run, surroundings) => replaySteps(run, {prepared, ...surroundings}),
		};
	}

	async leave(cluster: Cluster, {keeps}: {readonly keeps: boolean}): Promise<void> {
		await removeWorkload(cluster, AbortSignal.timeout(60_000));
		if (this.#keda !== undefined && !keeps) {
			await removePrometheus(cluster);
			await removeKeda(cluster, this.#keda.manifest);
		}
	}
}
