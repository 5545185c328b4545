import type {Simulation} from '../../engine/simulation.ts';
import {EventPriority} from '../contracts.ts';
import {NumberRing} from '../growing-columns.ts';
import {type RequestPool, RequestState} from '../request-pool.ts';
import type {Run} from '../run.ts';

type Limits = {
	/** Requests that wait at most. */
	readonly most: number;
	/** Longest wait [s]. */
	readonly timeout: number;
	/** Called with a request that has waited too long. */
	readonly refused: (request: number) => void;
};

/** Requests that wait before any pod, first in, first out. */
export class TimedQueue {
	readonly #simulation: Simulation;
	readonly #requests: RequestPool;
	readonly #limits: Limits;
	readonly #expiry: number;
	/** Requests in the order in which they came, and when they came. */
	readonly #queue = new NumberRing();
	readonly #since = new NumberRing();
	#count = 0;
	#isExpiryPlanned = false;

	constructor({simulation, requests}: Run, limits: Limits) {
		this.#simulation = simulation;
		this.#requests = requests;
		this.#limits = limits;
		this.#expiry = simulation.declare(EventPriority.timeout, () => this.#expire());
	}

	get isEmpty(): boolean {
		return this.#count === 0;
	}

	/** @returns false when the queue is full */
	push(request: number): boolean {
		if (this.#count >= this.#limits.most) {
			return false;
		}

		this.#requests.state[request] = RequestState.queued;
		this.#requests.pod[request] = -1;
		this.#queue.push(request);
		this.#since.push(this.#simulation.now);
		this.#count++;
		this.#planExpiry();
		return true;
	}

	/** The request that has waited longest; undefined when none waits. */
	peek(): number | undefined {
		this.#dropAbandoned();
		return this.#queue.length > 0 ? this.#queue.peek() : undefined;
	}

	/** Takes the request that `peek` gave. */
	shift(): number {
		this.#count--;
		return this.#remove();
	}

	/** The client of a request that waits here left. */
	abandon(request: number): void {
		this.#requests.state[request] = RequestState.abandoned;
		this.#count--;
		this.#dropAbandoned();
	}

	#dropAbandoned(): void {
		while (this.#queue.length > 0 && this.#requests.state[this.#queue.peek()] === RequestState.abandoned) {
			this.#requests.release(this.#remove());
		}
	}

	#remove(): number {
		this.#since.shift();
		return this.#queue.shift();
	}

	/** One event is pending, for the request that has waited longest. */
	#planExpiry(): void {
		const {timeout} = this.#limits;
		if (!this.#isExpiryPlanned && this.#queue.length > 0 && timeout !== Number.POSITIVE_INFINITY) {
			this.#isExpiryPlanned = true;
			const at = Math.max(this.#simulation.now, this.#since.peek() + timeout);
			this.#simulation.schedule(at, this.#expiry);
		}
	}

	#expire(): void {
		this.#isExpiryPlanned = false;
		const {timeout, refused} = this.#limits;
		while (this.peek() !== undefined && this.#since.peek() + timeout <= this.#simulation.now) {
			refused(this.shift());
		}

		this.#planExpiry();
	}
}
