import type {RandomStream} from '../../engine/random-stream.ts';
import type {Simulation} from '../../engine/simulation.ts';
import type {MetricsModel} from '../../experiment/experiment.ts';
import {containerIndices} from '../../experiment/model-container.ts';
import {EventPriority} from '../contracts.ts';
import type {DeploymentController} from '../deployment-controller.ts';
import type {Pod} from '../pod.ts';
import type {PodUse} from '../pod-use.ts';
import {type Run, streamOf} from '../run.ts';
import type {ContainerMeter, MeterPoint} from './container-meter.ts';

/**
 * The kubelet's cAdvisor: reads the counters of each container on a jittered beat of its own.
 *
 * @see cadvisor v0.52 manager/container.go, housekeeping
 */
export class Housekeeping {
	readonly #run: Run;
	readonly #simulation: Simulation;
	readonly #model: MetricsModel['housekeeping'];
	readonly #controller: DeploymentController;
	readonly #use: PodUse;
	readonly #containerCount: number;
	readonly #llmContainer: number;
	readonly #backendContainer: number;
	readonly #event: number;
	readonly #podStreams = new Map<Pod, RandomStream>();

	constructor(run: Run, model: MetricsModel, {controller, use}: {controller: DeploymentController; use: PodUse}) {
		this.#run = run;
		this.#simulation = run.simulation;
		this.#model = model.housekeeping;
		this.#controller = controller;
		this.#use = use;
		const {deployment} = run.experiment;
		const {llm, backend} = containerIndices(deployment);
		this.#containerCount = deployment.containers.length;
		this.#llmContainer = llm;
		this.#backendContainer = backend;
		this.#event = run.simulation.declare(EventPriority.housekeeping, (subject, stamp) =>
			this.#keepHouse(subject, stamp),
		);
	}

	containerStarted(pod: Pod, container: number): void {
		const meter = pod.meters[container]!;
		this.#use.account(pod);
		meter.start(Math.min(this.#simulation.now, pod.startedAt), this.#cpuSecondsOf(pod, container));
		if (!this.#podStreams.has(pod)) {
			this.#podStreams.set(pod, streamOf(this.#run, 'housekeeping', pod.ordinal));
		}

		if (pod.restarts > 0) {
			meter.startedAt = this.#simulation.now;
		}

		const isInitial = meter.startedAt < this.#simulation.now;
		const delay = isInitial ? this.#podStreams.get(pod)!.uniform() * this.#model.period : 0;
		const subject = this.#subjectOf(pod, meter);
		this.#simulation.schedule(this.#simulation.now + delay, this.#event, subject, meter.stamp);
	}

	containerStopped(pod: Pod, container: number): void {
		pod.meters[container]!.stop();
	}

	gone(pod: Pod): void {
		for (const meter of pod.meters) {
			meter.stop();
		}

		this.#podStreams.delete(pod);
	}

	#subjectOf(pod: Pod, meter: ContainerMeter): number {
		return pod.ordinal * this.#containerCount + meter.container;
	}

	#keepHouse(subject: number, stamp: number): void {
		const pod = this.#controller.podByOrdinal[Math.floor(subject / this.#containerCount)];
		const meter = pod?.meters[subject % this.#containerCount];
		if (pod === undefined || meter === undefined || meter.stamp !== stamp) {
			return;
		}

		this.#use.account(pod);
		const before = meter.newest;
		const cpuSeconds = this.#cpuSecondsOf(pod, meter.container) - meter.cpuAtStart;
		const point: MeterPoint = {at: this.#simulation.now, cpuSeconds, memory: this.#memoryOf(pod, meter.container)};
		meter.before = before;
		meter.newest = point;
		const {period, idlePeriod, jitter} = this.#model;
		const isIdle = before !== undefined && before.cpuSeconds === cpuSeconds && before.memory === point.memory;
		const wait = (isIdle ? idlePeriod : period) * (1 + jitter * this.#podStreams.get(pod)!.uniform());
		this.#simulation.schedule(this.#simulation.now + wait, this.#event, subject, stamp);
	}

	/** CPU time of a container since the pod began; a third container uses none. */
	#cpuSecondsOf(pod: Pod, container: number): number {
		if (container === this.#llmContainer) {
			return pod.llmCpuSeconds;
		}

		return container === this.#backendContainer ? pod.backendCpuSeconds : 0;
	}

	#memoryOf(pod: Pod, container: number): number {
		if (container === this.#llmContainer) {
			return pod.llmMemory;
		}

		return container === this.#backendContainer ? pod.backendMemory : 0;
	}
}
