import type {Simulation} from '../engine/simulation.ts';
import type {Deployment} from '../experiment/experiment.ts';
import {fullSpeedOf} from '../experiment/threads.ts';
import {clientNumber} from './client-number.ts';
import {EventPriority} from './event-priority.ts';
import {History} from './history.ts';
import {IdleUnload} from './idle-unload.ts';
import type {Nodes} from './nodes.ts';
import type {Pod} from './pod.ts';
import {type RequestPool, RequestState} from './request-pool.ts';

/** What the rest of the simulator does when a pod is done with a request, or has nothing left to do. */
export type ServingListener = {
	readonly completed: (request: number) => void;
	readonly failed: (request: number) => void;
	readonly drained: (pod: Pod) => void;
	/** A request found the model unloaded: it is to be loaded. */
	readonly modelWanted: (pod: Pod) => void;
};

/**
 * How pods serve: parallel slots and a first-in, first-out queue without bound once the model is loaded; before that a
 * bounded queue. The requests that run share their pod's speed evenly. CPU use follows from that, and is accounted here.
 */
export class Serving {
	readonly #simulation: Simulation;
	readonly #deployment: Deployment;
	readonly #requests: RequestPool;
	readonly #nodes: Nodes;
	readonly #listener: ServingListener;
	readonly #pods: readonly (Pod | undefined)[];
	readonly #completion: number;
	readonly #idleUnload: IdleUnload;
	readonly #fullSpeed: number;
	/** Most that the backend can use [cores]; 0 when the pod has no container but the LLM's. */
	readonly #backendSpeed: number;
	/** A service time does not depend on the pod's speed. */
	readonly #isTimed: boolean;

	constructor(options: {
		simulation: Simulation;
		deployment: Deployment;
		requests: RequestPool;
		nodes: Nodes;
		pods: readonly (Pod | undefined)[];
		listener: ServingListener;
	}) {
		this.#simulation = options.simulation;
		this.#deployment = options.deployment;
		this.#requests = options.requests;
		this.#nodes = options.nodes;
		this.#pods = options.pods;
		this.#listener = options.listener;
		this.#fullSpeed = fullSpeedOf(options.deployment);
		this.#backendSpeed = backendSpeedOf(options.deployment);
		this.#isTimed = options.deployment.service.kind === 'time';
		this.#completion = options.simulation.declare(EventPriority.completion, (ordinal, stamp) => {
			this.#complete(ordinal, stamp);
		});
		this.#idleUnload = new IdleUnload({
			simulation: options.simulation,
			keepAlive: options.deployment.llm.keepAlive,
			pods: options.pods,
			unload: pod => this.setModel(pod, 'unloaded'),
		});
	}

	/**
	 * Hands a request to a pod.
	 *
	 * @returns false when the pod refuses it: the model is not loaded and the queue is full (503)
	 */
	accept(pod: Pod, request: number): boolean {
		if (!pod.isModelLoaded && pod.waitingCount >= this.#deployment.llm.maxQueue) {
			return false;
		}

		this.account(pod);
		this.#idleUnload.stop(pod);
		const {service} = this.#deployment;
		if (service.kind === 'work') {
			pod.backendBacklog += service.backendPerRequest;
		}

		this.#requests.pod[request] = pod.ordinal;
		if (pod.isModelLoaded && pod.runningCount < pod.slots.length) {
			this.#start(pod, request);
			this.#replan(pod);
		} else {
			this.#requests.state[request] = RequestState.waiting;
			pod.queue.push(request);
			pod.waitingCount++;
			if (!pod.isModelLoaded && !pod.isModelLoading) {
				this.#listener.modelWanted(pod);
			}
		}

		this.#setBackendMemory(pod);
		return true;
	}

	/** The client left: its request no longer waits, or its slot is freed. The caller reports the outcome. */
	abandon(request: number): void {
		const pod = this.#pods[this.#requests.pod[request]!]!;
		this.account(pod);
		if (this.#requests.state[request] === RequestState.waiting) {
			this.#requests.state[request] = RequestState.abandoned;
			pod.waitingCount--;
			this.#dropAbandoned(pod);
		} else {
			this.#vacate(pod, pod.slots.indexOf(request));
			this.#requests.release(request);
			this.#startWaiting(pod);
			this.#replan(pod);
		}

		this.#setBackendMemory(pod);
		this.#noticeIdle(pod);
	}

	/** Everything that the pod holds fails: its container or the pod itself is gone. */
	failAll(pod: Pod): void {
		this.account(pod);
		for (let slot = 0; slot < pod.slots.length; slot++) {
			const request = pod.slots[slot]!;
			if (request !== -1) {
				this.#vacate(pod, slot);
				this.#listener.failed(request);
				this.#requests.release(request);
			}
		}

		while (pod.queue.length > 0) {
			const request = pod.queue.shift();
			if (this.#requests.state[request] === RequestState.waiting) {
				pod.waitingCount--;
				this.#listener.failed(request);
			}

			this.#requests.release(request);
		}

		this.#replan(pod);
		this.#setBackendMemory(pod);
		if (!pod.isTerminating) {
			this.#noticeIdle(pod);
		}
	}

	/** The model's state and with it the pod's memory; what waits begins once it is loaded. */
	setModel(pod: Pod, state: 'unloaded' | 'loading' | 'loaded'): void {
		this.account(pod);
		pod.loadStamp++;
		this.#idleUnload.stop(pod);
		pod.isModelLoaded = state === 'loaded';
		pod.isModelLoading = state === 'loading';
		pod.servedCount = 0;
		this.#setLlmMemory(pod);
		if (state === 'loaded') {
			this.#startWaiting(pod);
			this.#replan(pod);
			this.#noticeIdle(pod);
		} else {
			pod.cachedClients.fill(-1);
		}

		this.#setBackendMemory(pod);
	}

	/** Brings the pod's counters and its running requests up to now. */
	account(pod: Pod): void {
		const {now} = this.#simulation;
		const elapsed = now - pod.accountedAt;
		if (elapsed <= 0) {
			return;
		}

		if (pod.runningCount > 0) {
			this.#progress(pod, elapsed);
			pod.busySeconds += elapsed;
		}

		pod.llmCpuSeconds += elapsed * this.#llmCpuOf(pod);
		this.#accountBackend(pod, elapsed);
		pod.memoryByteSeconds += elapsed * (pod.llmMemory + pod.backendMemory);
		pod.accountedAt = now;
	}

	/** What the backend does for requests is spread by its CPU limit; it holds no request up. */
	#accountBackend(pod: Pod, elapsed: number): void {
		const {service} = this.#deployment;
		if (service.kind === 'work' && pod.startedAt <= this.#simulation.now) {
			const idle = elapsed * Math.min(service.idleCpu.backend, this.#backendSpeed);
			const work = Math.min(pod.backendBacklog, elapsed * this.#backendSpeed - idle);
			pod.backendBacklog -= work;
			pod.backendCpuSeconds += idle + work;
		}
	}

	/** Plans the completions of a node's pods anew, after its capacity or what is on it has changed. */
	reshare(node: number): void {
		const pods = this.#nodes.podsOn(node);
		const working = pods.reduce((count, {runningCount}) => count + (runningCount > 0 ? 1 : 0), 0);
		const speed = this.#nodes.speedAmong(node, working);
		const slowdown = this.#nodes.slowdownAmong(working);
		for (const pod of pods) {
			if (pod.runningCount > 0 && (pod.speed !== speed || pod.slowdown !== slowdown)) {
				this.account(pod);
				pod.speed = speed;
				pod.slowdown = slowdown;
				this.#schedule(pod);
			}
		}
	}

	#llmCpuOf(pod: Pod): number {
		if (pod.runningCount > 0) {
			return this.#isTimed ? this.#fullSpeed : pod.speed;
		}

		const {service, startup} = this.#deployment;
		if (pod.isModelLoading && startup.kind === 'stages') {
			return Math.min(startup.modelLoadCpu, this.#fullSpeed);
		}

		return service.kind === 'work' && pod.startedAt <= this.#simulation.now ? service.idleCpu.llm : 0;
	}

	#progress(pod: Pod, elapsed: number): void {
		const {remaining, afterFirstToken, firstTokenAt} = this.#requests;
		const rate = this.#rateOf(pod);
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

	/** What each running request gets done in a second. */
	#rateOf(pod: Pod): number {
		return this.#isTimed ? 1 : pod.speed / (pod.slowdown * pod.runningCount);
	}

	#start(pod: Pod, request: number): void {
		const slot = this.#slotFor(pod, request);
		pod.slots[slot] = request;
		pod.runningCount++;
		const requests = this.#requests;
		requests.state[request] = RequestState.running;
		requests.startedAt[request] = this.#simulation.now;
		const draw = requests.serviceDraw[request]!;
		const output = requests.outputTokens[request]!;
		const {service} = this.#deployment;
		if (service.kind === 'time') {
			requests.remaining[request] = draw;
			requests.afterFirstToken[request] = draw - draw / output;
		} else {
			const prompt = this.#tokensToRead(pod, request, slot);
			const decode = draw * service.perOutputToken * (output - 1);
			requests.afterFirstToken[request] = decode;
			requests.remaining[request] =
				decode + draw * (service.perRequest + service.perPromptToken * prompt + service.perOutputToken);
		}

		if (!Number.isNaN(requests.serviceTime[request]!)) {
			this.#takeGivenTime(request);
		}
	}

	/** The request lasts as long as it is said to when nothing else slows its pod; its parts keep their proportion. */
	#takeGivenTime(request: number): void {
		const {remaining, afterFirstToken, serviceTime} = this.#requests;
		const whole = serviceTime[request]! * (this.#isTimed ? 1 : this.#fullSpeed);
		const share = remaining[request]! > 0 ? afterFirstToken[request]! / remaining[request]! : 0;
		remaining[request] = whole;
		afterFirstToken[request] = whole * share;
	}

	/** A free slot: one whose cache holds the conversation if there is one, else the first. */
	#slotFor(pod: Pod, request: number): number {
		const client = this.#deployment.llm.history > 0 ? this.#clientOf(request) : -1;
		let first = -1;
		for (let slot = 0; slot < pod.slots.length; slot++) {
			if (pod.slots[slot] === -1) {
				if (pod.cachedClients[slot] === client) {
					return slot;
				}

				first = first === -1 ? slot : first;
			}
		}

		return first;
	}

	/** Prompt tokens that are not in the slot's cache, the conversation's kept turns included, cut to the context. */
	#tokensToRead(pod: Pod, request: number, slot: number): number {
		const {contextLength, history} = this.#deployment.llm;
		const prompt = Math.min(contextLength, this.#requests.promptTokens[request]!);
		if (history === 0) {
			return prompt;
		}

		const client = this.#clientOf(request);
		const conversation = historyOf(pod, client);
		pod.slotHistories[slot] = conversation;
		const {dropped, tokens} = conversation;
		const whole = prompt + tokens;
		// The cache serves what begins as the last time: not once an earlier turn has been left out, or cut off.
		const isCached =
			pod.cachedClients[slot] === client && pod.cachedDropped[slot] === dropped && whole <= contextLength;
		pod.cachedClients[slot] = client;
		pod.cachedDropped[slot] = dropped;
		return isCached ? prompt : Math.min(contextLength, whole);
	}

	#clientOf(request: number): number {
		return clientNumber(this.#requests.tenant[request]!, this.#requests.conversation[request]!);
	}

	#remember(pod: Pod, slot: number): void {
		const {history} = this.#deployment.llm;
		if (history > 0 && !this.#isTimed) {
			const {promptTokens, outputTokens} = this.#requests;
			const request = pod.slots[slot]!;
			pod.slotHistories[slot]!.add(promptTokens[request]! + outputTokens[request]!, history);
		}
	}

	#complete(ordinal: number, stamp: number): void {
		const pod = this.#pods[ordinal];
		if (pod === undefined || pod.completionStamp !== stamp) {
			return;
		}

		this.account(pod);
		const slot = this.#nextSlot(pod);
		const request = pod.slots[slot]!;
		if (Number.isNaN(this.#requests.firstTokenAt[request]!)) {
			this.#requests.firstTokenAt[request] = this.#simulation.now;
		}

		this.#remember(pod, slot);
		this.#vacate(pod, slot);
		pod.servedCount++;
		this.#setLlmMemory(pod);
		this.#listener.completed(request);
		this.#requests.release(request);
		this.#startWaiting(pod);
		this.#replan(pod);
		this.#setBackendMemory(pod);
		this.#noticeIdle(pod);
	}

	/** The slot whose request is done first, −1 when none runs. */
	#nextSlot(pod: Pod): number {
		let next = -1;
		for (let slot = 0; slot < pod.slots.length; slot++) {
			const request = pod.slots[slot]!;
			if (
				request !== -1 &&
				(next === -1 || this.#requests.remaining[request]! < this.#requests.remaining[pod.slots[next]!]!)
			) {
				next = slot;
			}
		}

		return next;
	}

	#vacate(pod: Pod, slot: number): void {
		pod.slots[slot] = -1;
		pod.runningCount--;
	}

	#startWaiting(pod: Pod): void {
		while (pod.isModelLoaded && pod.runningCount < pod.slots.length && pod.queue.length > 0) {
			const request = pod.queue.shift();
			if (this.#requests.state[request] === RequestState.abandoned) {
				this.#requests.release(request);
			} else {
				pod.waitingCount--;
				this.#start(pod, request);
			}
		}
	}

	/** Frees the abandoned requests at the head of the queue, so that a stalled pod's queue holds no more than it must. */
	#dropAbandoned(pod: Pod): void {
		while (pod.queue.length > 0 && this.#requests.state[pod.queue.peek()] === RequestState.abandoned) {
			this.#requests.release(pod.queue.shift());
		}
	}

	/** Plans the next completion after the set of running requests has changed. */
	#replan(pod: Pod): void {
		if (!this.#isTimed && this.#nodes.isContended(pod.node)) {
			pod.speed = 0;
			this.#schedule(pod);
			this.reshare(pod.node);
			return;
		}

		pod.speed = this.#nodes.speedAmong(pod.node, 1);
		pod.slowdown = 1;
		this.#schedule(pod);
	}

	#schedule(pod: Pod): void {
		pod.completionStamp++;
		if (pod.runningCount > 0) {
			const request = pod.slots[this.#nextSlot(pod)]!;
			const rate = this.#rateOf(pod);
			const left = rate > 0 ? Math.max(0, this.#requests.remaining[request]!) / rate : Number.POSITIVE_INFINITY;
			this.#simulation.schedule(this.#simulation.now + left, this.#completion, pod.ordinal, pod.completionStamp);
		}
	}

	#setLlmMemory(pod: Pod): void {
		const {service, llm} = this.#deployment;
		if (service.kind !== 'work') {
			return;
		}

		const {server, weights, perContextToken, growth} = service.memory;
		const loaded = weights + perContextToken * llm.contextLength * llm.parallel;
		const grown = growth === undefined ? 0 : growth.bytes * (1 - Math.exp(-pod.servedCount / growth.requests));
		pod.llmMemory = pod.isModelLoaded || pod.isModelLoading ? server + loaded + grown : server;
	}

	#setBackendMemory(pod: Pod): void {
		const {service} = this.#deployment;
		if (service.kind === 'work' && this.#backendSpeed > 0) {
			pod.backendMemory = service.memory.backend + service.memory.backendPerRequest * pod.requestCount;
		}
	}

	#noticeIdle(pod: Pod): void {
		if (pod.requestCount > 0) {
			return;
		}

		if (pod.isTerminating) {
			this.#listener.drained(pod);
		} else if (pod.isModelLoaded) {
			this.#idleUnload.idle(pod);
		}
	}
}

/** What the pod keeps of a client's conversation, nothing yet where it has none. */
function historyOf({history}: Pod, client: number): History {
	let conversation = history.get(client);
	if (conversation === undefined) {
		conversation = new History();
		history.set(client, conversation);
	}

	return conversation;
}

/** CPU limit of the container beside the LLM's: the first there is. */
function backendSpeedOf({llm, containers}: Deployment): number {
	const backend = containers.find(({name}) => name !== llm.container);
	return backend === undefined ? 0 : (backend.limits.cpu ?? Number.POSITIVE_INFINITY);
}
