import type {Simulation} from '../engine/simulation.ts';
import type {Deployment} from '../experiment/experiment.ts';
import {backendContainer} from '../experiment/model-container.ts';
import {requestWork} from '../experiment/serving/request-work.ts';
import {cpuLimitOf, fullSpeedOf} from '../experiment/threads.ts';
import {CpuSlices} from './cpu-slices.ts';
import type {Pod} from './pod.ts';
import type {RequestPool} from './request-pool.ts';
import type {Run} from './run.ts';

/** CPU, memory and busy time of the pods, and the progress of the requests that run: all follow from what a pod does. */
export class PodUse {
	/** Cores that a pod's runner uses when nothing else holds it back. */
	readonly fullSpeed: number;
	/** Whether a request takes a time, whatever its pod's speed. */
	readonly isTimed: boolean;
	readonly #simulation: Simulation;
	readonly #deployment: Deployment;
	readonly #requests: RequestPool;
	/** Most that the backend can use [cores]; 0 when the pod has no container but the LLM's. */
	readonly #backendSpeed: number;
	/** Part of the work that the requests of a pod's slots do together. */
	readonly #sharedBySlots: number;
	/** Part by which each further request that runs in a server's pod lengthens the CPU time of all. */
	readonly #contention: number;
	/** Slices of the CPU quota, where a request that is busy by the wall clock ends in one. */
	readonly #slices: CpuSlices | undefined;

	constructor({simulation, experiment: {deployment, workload}, requests}: Run) {
		this.#simulation = simulation;
		this.#deployment = deployment;
		this.#requests = requests;
		this.fullSpeed = fullSpeedOf(deployment);
		this.isTimed = deployment.service.kind === 'time' || requestWork(workload)?.kind === 'serviceSeconds';
		this.#slices = slicesOf(deployment, this.isTimed);
		this.#backendSpeed = backendSpeedOf(deployment);
		this.#sharedBySlots = deployment.service.kind === 'work' ? (deployment.service.sharedBySlots ?? 0) : 0;
		this.#contention = deployment.service.kind === 'server' ? (deployment.service.contention ?? 0) : 0;
	}

	/** Brings the pod's counters and its running requests up to now. */
	account(pod: Pod): void {
		const {now} = this.#simulation;
		const elapsed = now - pod.accountedAt;
		if (elapsed <= 0) {
			return;
		}

		if (pod.engine !== undefined) {
			pod.engine.advance(now);
		}

		if (pod.runningCount > 0) {
			this.#progress(pod, elapsed);
			pod.busySeconds += elapsed;
			pod.busyUntil = now;
		}

		pod.llmCpuSeconds +=
			this.#slices === undefined || pod.runningCount === 0
				? elapsed * this.#llmCpuOf(pod)
				: this.#slices.useBetween(pod.stretch, pod.accountedAt - pod.startedAt, now - pod.startedAt);
		this.#accountBackend(pod, elapsed);
		pod.memoryByteSeconds += elapsed * (pod.llmMemory + pod.backendMemory);
		pod.accountedAt = now;
	}

	/** Work that each running request of a pod gets done in a second. */
	rateOf(pod: Pod): number {
		if (this.isTimed) {
			return 1;
		}

		// One request of a server is on one thread; the threads of an LLM's runner work on each.
		const {runningCount} = pod;
		return this.#deployment.service.kind === 'server'
			? Math.min(1, pod.speed / runningCount) / (1 + this.#contention * (runningCount - 1))
			: pod.speed / (pod.slowdown * (runningCount - this.#sharedBySlots * (runningCount - 1)));
	}

	/**
	 * Work of a request that brings its own and starts in the pod now, in the unit of `remaining`.
	 *
	 * @param brought - [s]
	 */
	workOf(pod: Pod, brought: number): number {
		const {service} = this.#deployment;
		const overhead = service.kind === 'server' ? service.perRequest : 0;
		if (!this.isTimed) {
			return brought + overhead;
		}

		const wall = brought + overhead / Math.min(1, this.fullSpeed);
		if (this.#slices === undefined) {
			return wall;
		}

		const now = this.#simulation.now - pod.startedAt;
		if (pod.runningCount === 1) {
			pod.stretch = this.#slices.begin(now, {stretch: pod.stretch, end: pod.busyUntil - pod.startedAt});
		}

		return this.#slices.endAfter(pod.stretch, now + wall) - now;
	}

	/** Adds the backend's work for a request that has come. */
	addBackendWork(pod: Pod): void {
		const {service} = this.#deployment;
		if (service.kind === 'work') {
			pod.backendBacklog += service.backendPerRequest;
		}
	}

	/** Sets the memory of the LLM's container after its model's state or the number of requests served has changed. */
	setLlmMemory(pod: Pod): void {
		const {service, llm} = this.#deployment;
		if (service.kind === 'engine') {
			pod.llmMemory = service.memory;
		}

		if (service.kind !== 'work') {
			return;
		}

		const {server, weights, perContextToken, growth} = service.memory;
		const loaded = weights + perContextToken * llm.contextLength * llm.parallel;
		const grown = growth === undefined ? 0 : growth.bytes * (1 - Math.exp(-pod.servedCount / growth.requests));
		pod.llmMemory = pod.isModelLoaded || pod.isModelLoading ? server + loaded + grown : server;
	}

	/** Sets the memory that the requests take, in the backend's container or the server's, after the number of requests in the pod has changed. */
	setBackendMemory(pod: Pod): void {
		const {service} = this.#deployment;
		if (service.kind === 'server') {
			pod.llmMemory = service.memory.idle + service.memory.perRequest * pod.requestCount;
		} else if (service.kind === 'work' && this.#backendSpeed > 0) {
			pod.backendMemory = service.memory.backend + service.memory.backendPerRequest * pod.requestCount;
		}
	}

	/** Spreads the backend's work for requests by its CPU limit; it holds no request up. */
	#accountBackend(pod: Pod, elapsed: number): void {
		const {service} = this.#deployment;
		if (service.kind === 'work' && pod.startedAt <= this.#simulation.now) {
			const idle = elapsed * Math.min(service.idleCpu.backend, this.#backendSpeed);
			const work = Math.min(pod.backendBacklog, elapsed * this.#backendSpeed - idle);
			pod.backendBacklog -= work;
			pod.backendCpuSeconds += idle + work;
		}
	}

	#llmCpuOf(pod: Pod): number {
		const {service, startup} = this.#deployment;
		if (service.kind === 'engine' && !pod.isModelLoading) {
			const {idle, busy} = service.cpu;
			return pod.startedAt <= this.#simulation.now ? Math.min(pod.runningCount > 0 ? busy : idle, this.fullSpeed) : 0;
		}

		if (pod.runningCount > 0) {
			const speed = this.isTimed ? this.fullSpeed : pod.speed;
			return service.kind === 'server' ? Math.min(pod.runningCount, speed) : speed;
		}

		if (service.kind === 'server') {
			return pod.startedAt <= this.#simulation.now ? Math.min(service.idleCpu, this.fullSpeed) : 0;
		}

		if (pod.isModelLoading && startup.kind === 'stages') {
			return Math.min(startup.modelLoadCpu, this.fullSpeed);
		}

		return service.kind === 'work' && pod.startedAt <= this.#simulation.now ? service.idleCpu.llm : 0;
	}

	#progress(pod: Pod, elapsed: number): void {
		if (pod.engine !== undefined) {
			return;
		}

		const {remaining, afterFirstToken, firstTokenAt} = this.#requests;
		const rate = this.rateOf(pod);
		for (let slot = 0; slot < pod.slots.length; slot++) {
			const request = pod.slots[slot]!;
			if (request === -1) {
				continue;
			}

			const before = remaining[request]!;
			const after = before - elapsed * rate;
			if (Number.isNaN(firstTokenAt[request]!) && after <= afterFirstToken[request]!) {
				firstTokenAt[request] = pod.accountedAt + Math.max(0, (before - afterFirstToken[request]!) / rate);
			}

			remaining[request] = after;
		}
	}
}

/** Slices of a CPU quota below one core, where requests keep a single thread busy by the wall clock. */
function slicesOf({service, llm, containers}: Deployment, isTimed: boolean): CpuSlices | undefined {
	const limit = cpuLimitOf(llm.container, containers) ?? Number.POSITIVE_INFINITY;
	return service.kind === 'server' && isTimed && service.quotaPeriod !== undefined && service.threads === 1 && limit < 1
		? new CpuSlices(service.quotaPeriod, limit * service.quotaPeriod)
		: undefined;
}

/** CPU limit of the container beside the LLM's: the first there is. */
function backendSpeedOf(deployment: Deployment): number {
	const backend = backendContainer(deployment);
	return backend === undefined ? 0 : (backend.limits.cpu ?? Number.POSITIVE_INFINITY);
}
