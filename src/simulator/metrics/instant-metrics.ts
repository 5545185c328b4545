import type {PodMetricsView} from '../../autoscaler/reconcile.ts';
import type {Simulation} from '../../engine/simulation.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {containerIndices} from '../../experiment/model-container.ts';
import type {MetricSource, Recorder} from '../contracts.ts';
import type {DeploymentController} from '../deployment-controller.ts';
import type {Pod} from '../pod.ts';
import type {PodUse} from '../pod-use.ts';
import type {Run} from '../run.ts';

type Reading = {at: number; llm: number; backend: number};

/**
 * Metrics without delay (`metrics: ideal`): at each reconcile every started pod's mean use since the last one, or since
 * it became Ready if that was later.
 */
export class InstantMetrics implements MetricSource {
	readonly #simulation: Simulation;
	readonly #experiment: Experiment;
	readonly #controller: DeploymentController;
	readonly #use: PodUse;
	readonly #recorder: Recorder;
	readonly #readings = new Map<Pod, Reading>();
	readonly #served = new Set<Pod>();
	readonly #llmContainer: number;
	readonly #backendContainer: number;
	#outageUntil = Number.NEGATIVE_INFINITY;

	constructor(
		{simulation, experiment, recorder}: Run,
		{controller, use}: {controller: DeploymentController; use: PodUse},
	) {
		this.#simulation = simulation;
		this.#experiment = experiment;
		this.#controller = controller;
		this.#use = use;
		this.#recorder = recorder;
		const {llm, backend} = containerIndices(experiment.deployment);
		this.#llmContainer = llm;
		this.#backendContainer = backend;
	}

	read(): PodMetricsView[] {
		const isOut = this.#simulation.now < this.#outageUntil;
		return this.#controller.pods.flatMap(pod => {
			const view = isOut ? undefined : this.#readPod(pod);
			if (view !== undefined) {
				this.#served.add(pod);
			} else if (this.#served.delete(pod)) {
				for (const {container} of pod.meters) {
					this.#recorder.sampleLost(pod.name, container);
				}
			}

			return view ?? [];
		});
	}

	containerStarted(pod: Pod): void {
		this.#use.account(pod);
		this.#readings.set(pod, this.#readingOf(pod));
	}

	containerStopped(pod: Pod): void {
		this.#readings.delete(pod);
	}

	/** A pod's use during its start does not represent its load. */
	podReady(pod: Pod): void {
		this.containerStarted(pod);
	}

	gone(pod: Pod): void {
		this.#readings.delete(pod);
		this.#served.delete(pod);
	}

	startOutage(duration: number): void {
		this.#outageUntil = Math.max(this.#outageUntil, this.#simulation.now + duration);
	}

	#readingOf(pod: Pod): Reading {
		return {at: this.#simulation.now, llm: pod.llmCpuSeconds, backend: pod.backendCpuSeconds};
	}

	#readPod(pod: Pod): PodMetricsView | undefined {
		const before = this.#readings.get(pod);
		const window = before === undefined ? 0 : this.#simulation.now - before.at;
		if (before === undefined || window === 0) {
			return undefined;
		}

		this.#use.account(pod);
		const after = this.#readingOf(pod);
		this.#readings.set(pod, after);
		const uses = [
			{cpuSeconds: after.llm - before.llm, memory: pod.llmMemory},
			{cpuSeconds: after.backend - before.backend, memory: pod.backendMemory},
		];
		const containers = this.#experiment.deployment.containers.map(({name}, index) => {
			const order = index === this.#llmContainer ? 0 : index === this.#backendContainer ? 1 : 2;
			const {cpuSeconds, memory} = uses[order] ?? {cpuSeconds: 0, memory: 0};
			const nanocores = Math.floor((cpuSeconds / window) * 1e9);
			const point = {nanocores, memory: Math.round(memory), sampledSeconds: after.at, windowSeconds: window};
			this.#recorder.sample(pod.name, index, point);
			return {name, usage: {cpu: Math.ceil(nanocores / 1e6), memory: point.memory * 1000}};
		});
		return {name: pod.name, timestamp: Math.floor(after.at), window, containers};
	}
}
