import type {Waiting} from '../../experiment/experiment.ts';
import type {Balancer} from '../balancer.ts';
import type {PodServing} from '../contracts.ts';
import type {RequestPool} from '../request-pool.ts';
import type {Run} from '../run.ts';
import {TimedQueue} from './timed-queue.ts';

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
	readonly #requests: RequestPool;
	readonly #parts: Parts;
	readonly #connections: number;
	readonly #queue: TimedQueue;

	constructor(run: Run, waiting: Exclude<Waiting, {at: 'pod'}>, parts: Parts) {
		this.#requests = run.requests;
		this.#parts = parts;
		this.#connections = waiting.connections;
		this.#queue = new TimedQueue(run, {
			most: waiting.at === 'nowhere' ? 0 : (waiting.queue ?? Number.POSITIVE_INFINITY),
			timeout: (waiting.at === 'proxy' ? waiting.timeout : undefined) ?? Number.POSITIVE_INFINITY,
			refused: parts.refused,
		});
	}

	/**
	 * Gives a request to a pod, or lets it wait.
	 *
	 * @returns false when the proxy refuses it: no pod has a free connection and the queue is full (503)
	 */
	accept(request: number): boolean {
		return (this.#queue.isEmpty && this.#give(request)) || this.#queue.push(request);
	}

	/** A pod may have a free connection. */
	dispatch(): void {
		for (let next = this.#queue.peek(); next !== undefined && this.#give(next); next = this.#queue.peek()) {
			this.#queue.shift();
		}
	}

	/** The client of a request that waits here left. */
	abandon(request: number): void {
		this.#queue.abandon(request);
	}

	#give(request: number): boolean {
		const {balancer, serving, clientOf} = this.#parts;
		const draw = this.#requests.balancingDraw[request]!;
		const pod = balancer.pick(clientOf(request), draw, this.#connections);
		return pod !== undefined && serving.accept(pod, request);
	}
}
