import type {Simulation} from '../engine/simulation.ts';
import type {Deployment} from '../experiment/experiment.ts';
import {Completions} from './completions.ts';
import type {PodServing, ServingListener} from './contracts.ts';
import {IdleUnload} from './idle-unload.ts';
import type {Pod} from './pod.ts';
import type {PodUse} from './pod-use.ts';
import {PromptCache} from './prompt-cache.ts';
import {type RequestPool, RequestState} from './request-pool.ts';
import type {Run} from './run.ts';

/**
 * Serving of requests in pods: parallel slots and a first-in, first-out queue, without bound where the experiment sets none; while the
 * model loads, the LLM server's own. The requests that run share their pod's speed evenly, less what they do together.
 */
export class Serving implements PodServing {
	readonly #simulation: Simulation;
	readonly #deployment: Deployment;
	readonly #requests: RequestPool;
	readonly #use: PodUse;
	readonly #prompts: PromptCache;
	readonly #completions: Completions;
	readonly #idleUnload: IdleUnload;
	readonly #listener: ServingListener;
	readonly #pods: readonly (Pod | undefined)[];
	/** Requests that wait at most in a pod whose model is loaded. */
	readonly #longestQueue: number;

	/** @param options - `pods` by ordinal, undefined once gone */
	constructor(run: Run, options: {use: PodUse; pods: readonly (Pod | undefined)[]; listener: ServingListener}) {
		const {use, pods, listener} = options;
		this.#simulation = run.simulation;
		this.#deployment = run.experiment.deployment;
		const {waiting} = run.experiment.deployment;
		this.#longestQueue = waiting?.at === 'pod' ? waiting.queue : Number.POSITIVE_INFINITY;
		this.#requests = run.requests;
		this.#use = use;
		this.#pods = pods;
		this.#listener = listener;
		this.#prompts = new PromptCache(run);
		this.#completions = new Completions(run, {use, pods, completed: (pod, slot) => this.#complete(pod, slot)});
		this.#idleUnload = new IdleUnload({
			simulation: run.simulation,
			keepAlive: run.experiment.deployment.llm.keepAlive,
			pods,
			unload: pod => this.setModel(pod, 'unloaded'),
		});
	}

	/**
	 * Gives a request to a pod.
	 *
	 * @returns false when the pod refuses it: its queue is full (503)
	 */
	accept(pod: Pod, request: number): boolean {
		if (
			pod.waitingCount >= (pod.isModelLoaded ? this.#longestQueue : this.#deployment.llm.maxQueue) &&
			!this.#canStart(pod)
		) {
			return false;
		}

		this.#use.account(pod);
		this.#idleUnload.stop(pod);
		this.#use.addBackendWork(pod);
		this.#requests.pod[request] = pod.ordinal;
		this.#listener.accepted?.(pod, request);
		if (this.#canStart(pod)) {
			this.#start(pod, request);
			this.#completions.plan(pod);
		} else {
			this.#requests.state[request] = RequestState.waiting;
			pod.queue.push(request);
			pod.waitingCount++;
			if (!pod.isModelLoaded && !pod.isModelLoading) {
				this.#listener.modelWanted(pod);
			}
		}

		this.#use.setBackendMemory(pod);
		return true;
	}

	/** The client left: its request no longer waits, or its slot is freed. The caller reports the outcome. */
	abandon(request: number): void {
		const pod = this.#pods[this.#requests.pod[request]!]!;
		this.#use.account(pod);
		if (this.#requests.state[request] === RequestState.waiting) {
			this.#requests.state[request] = RequestState.abandoned;
			pod.waitingCount--;
			this.#dropAbandoned(pod);
		} else {
			this.#vacate(pod, pod.slots.indexOf(request));
			this.#requests.release(request);
			this.#startWaiting(pod);
			this.#completions.plan(pod);
		}

		this.#use.setBackendMemory(pod);
		this.#noticeIdle(pod);
		this.#listener.freed?.();
	}

	/** Fails all requests of the pod: its container or the pod itself is gone. */
	failAll(pod: Pod): void {
		this.#use.account(pod);
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

		this.#completions.plan(pod);
		this.#use.setBackendMemory(pod);
		if (!pod.isTerminating) {
			this.#noticeIdle(pod);
			this.#listener.freed?.();
		}
	}

	/** The model's state and with it the pod's memory; what waits begins once it is loaded. */
	setModel(pod: Pod, state: 'unloaded' | 'loading' | 'loaded'): void {
		this.#use.account(pod);
		pod.loadStamp++;
		this.#idleUnload.stop(pod);
		pod.isModelLoaded = state === 'loaded';
		pod.isModelLoading = state === 'loading';
		pod.servedCount = 0;
		this.#use.setLlmMemory(pod);
		if (state === 'loaded') {
			this.#startWaiting(pod);
			this.#completions.plan(pod);
			this.#noticeIdle(pod);
		} else {
			pod.cachedClients.fill(-1);
		}

		this.#use.setBackendMemory(pod);
	}

	/** Plans the completions of a node's pods again, after its capacity or what is on it has changed. */
	reshare(node: number): void {
		this.#completions.reshare(node);
	}

	#canStart(pod: Pod): boolean {
		return pod.isModelLoaded && pod.runningCount < pod.slots.length;
	}

	#start(pod: Pod, request: number): void {
		const slot = this.#prompts.slotFor(pod, request);
		pod.slots[slot] = request;
		pod.runningCount++;
		const requests = this.#requests;
		requests.state[request] = RequestState.running;
		requests.startedAt[request] = this.#simulation.now;
		const draw = requests.serviceDraw[request]!;
		const output = requests.outputTokens[request]!;
		const {service} = this.#deployment;
		if (service.kind === 'server') {
			requests.remaining[request] = this.#use.workOf(pod, draw);
			requests.afterFirstToken[request] = Number.NaN;
		} else if (service.kind !== 'work') {
			requests.remaining[request] = draw;
			requests.afterFirstToken[request] = draw - draw / output;
		} else {
			const prompt = this.#prompts.tokensToRead(pod, request, slot);
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
		const whole = serviceTime[request]! * (this.#use.isTimed ? 1 : this.#use.fullSpeed);
		const share = remaining[request]! > 0 ? afterFirstToken[request]! / remaining[request]! : 0;
		remaining[request] = whole;
		afterFirstToken[request] = whole * share;
	}

	#complete(pod: Pod, slot: number): void {
		const request = pod.slots[slot]!;
		if (this.#deployment.service.kind !== 'server' && Number.isNaN(this.#requests.firstTokenAt[request]!)) {
			this.#requests.firstTokenAt[request] = this.#simulation.now;
		}

		this.#prompts.remember(pod, slot);
		this.#vacate(pod, slot);
		pod.servedCount++;
		this.#use.setLlmMemory(pod);
		this.#listener.completed(request);
		this.#requests.release(request);
		this.#startWaiting(pod);
		this.#completions.plan(pod);
		this.#use.setBackendMemory(pod);
		this.#noticeIdle(pod);
		this.#listener.freed?.();
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
