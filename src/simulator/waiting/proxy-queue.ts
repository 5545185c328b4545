import type {Simulation} from '../../engine/simulation.ts';
import type {Waiting} from '../../experiment/experiment.ts';
import type {Balancer} from '../balancer.ts';
import {EventPriority, type PodServing} from '../contracts.ts';
import {NumberRing} from '../growing-columns.ts';
import {type RequestPool, RequestState} from '../request-pool.ts';
import type {Run} from '../run.ts';

type Parts = {
	readonly balancer: Balancer;
	readonly serving: PodServing;
	/** Called with a request that has waited too long. */
	readonly refused: (request: number) => void;
	readonly clientOf: (request: number) => number;
};

/**
 * Queue of a proxy in front of all pods, first in, first out: a pod is given no more requests at a time than its
 * connections, and a request waits for the first pod that has one free.
 */
export class ProxyQueue {
	readonly #simulation: Simulation;
	readonly #requests: RequestPool;
	readonly #parts: Parts;
	readonly #connections: number;
	readonly #longest: number;
	readonly #timeout: number;
	readonly #expiry: number;
	/** Requests in the order in which they came, and when they came. */
	readonly #queue = new NumberRing();
	readonly #since = new NumberRing();
	#waitingCount = 0;
	#isExpiryPlanned = false;

	constructor({simulation, requests}: Run, waiting: Exclude<Waiting, {at: 'pod'}>, parts: Parts) {
		this.#simulation = simulation;
		this.#requests = requests;
		this.#parts = parts;
		this.#connections = waiting.connections;
		this.#longest = waiting.at === 'nowhere' ? 0 : (waiting.queue ?? Number.POSITIVE_INFINITY);
		this.#timeout = (waiting.at === 'proxy' ? waiting.timeout : undefined) ?? Number.POSITIVE_INFINITY;
		this.#expiry = simulation.declare(EventPriority.timeout, () => this.#expire());
	}

	/**
	 * Gives a request to a pod, or lets it wait.
	 *
	 * @returns false when the proxy refuses it: no pod has a free connection and the queue is full (503)
	 */
	accept(request: number): boolean {
		if (this.#waitingCount === 0 && this.#give(request)) {
			return true;
		}

		if (this.#waitingCount >= this.#longest) {
			return false;
		}

		this.#requests.state[request] = RequestState.queued;
		this.#requests.pod[request] = -1;
		this.#queue.push(request);
		this.#since.push(this.#simulation.now);
		this.#waitingCount++;
		this.#planExpiry();
		return true;
	}

	/** A pod may have a free connection. */
	dispatch(): void {
		for (this.#dropAbandoned(); this.#waitingCount > 0 && this.#give(this.#queue.peek()); this.#dropAbandoned()) {
			this.#shift();
			this.#waitingCount--;
		}
	}

	/** The client of a request that waits here left. */
	abandon(request: number): void {
		this.#requests.state[request] = RequestState.abandoned;
		this.#waitingCount--;
		this.#dropAbandoned();
	}

	#give(request: number): boolean {
		const {balancer, serving, clientOf} = this.#parts;
		const draw = this.#requests.balancingDraw[request]!;
		const pod = balancer.pick(clientOf(request), draw, this.#connections);
		return pod !== undefined && serving.accept(pod, request);
	}

	#dropAbandoned(): void {
		while (this.#queue.length > 0 && this.#requests.state[this.#queue.peek()] === RequestState.abandoned) {
			this.#requests.release(this.#shift());
		}
	}

	#shift(): number {
		this.#since.shift();
		return this.#queue.shift();
	}

	/** One event is pending, for the request that has waited longest. */
	#planExpiry(): void {
		if (!this.#isExpiryPlanned && this.#queue.length > 0 && this.#timeout !== Number.POSITIVE_INFINITY) {
			this.#isExpiryPlanned = true;
			const at = Math.max(this.#simulation.now, this.#since.peek() + this.#timeout);
			this.#simulation.schedule(at, this.#expiry);
		}
	}

	#expire(): void {
		this.#isExpiryPlanned = false;
		this.#dropAbandoned();
		while (this.#queue.length > 0 && this.#since.peek() + this.#timeout <= this.#simulation.now) {
			const request = this.#shift();
			this.#waitingCount--;
			this.#parts.refused(request);
			this.#dropAbandoned();
		}

		this.#planExpiry();
	}
}
