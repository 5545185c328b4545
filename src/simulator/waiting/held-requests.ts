import type {Simulation} from '../../engine/simulation.ts';
import type {AtZero} from '../../experiment/experiment.ts';
import {EventPriority} from '../contracts.ts';
import {NumberRing} from '../growing-columns.ts';
import {type RequestPool, RequestState} from '../request-pool.ts';
import type {Run} from '../run.ts';

type Parts = {
	/** Sends a request to a pod, now that there is one. */
	readonly give: (request: number) => void;
	/** Called with a request that was held too long. */
	readonly refused: (request: number) => void;
};

/** Buffer of an activator: requests that come while no pod takes any, first in, first out, until one does. */
export class HeldRequests {
	readonly #simulation: Simulation;
	readonly #requests: RequestPool;
	readonly #parts: Parts;
	readonly #most: number;
	readonly #timeout: number;
	readonly #expiry: number;
	/** Requests in the order in which they came, and when they came. */
	readonly #queue = new NumberRing();
	readonly #since = new NumberRing();
	#count = 0;
	#isExpiryPlanned = false;

	constructor({simulation, requests}: Run, {queue, timeout}: AtZero, parts: Parts) {
		this.#simulation = simulation;
		this.#requests = requests;
		this.#parts = parts;
		this.#most = queue ?? Number.POSITIVE_INFINITY;
		this.#timeout = timeout ?? Number.POSITIVE_INFINITY;
		this.#expiry = simulation.declare(EventPriority.timeout, () => this.#expire());
	}

	/** @returns false when the buffer is full (503) */
	accept(request: number): boolean {
		if (this.#count >= this.#most) {
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

	/** Lets all requests go to the pods that there are now. */
	release(): void {
		while (this.#queue.length > 0) {
			const request = this.#shift();
			if (this.#requests.state[request] === RequestState.abandoned) {
				this.#requests.release(request);
			} else {
				this.#count--;
				this.#parts.give(request);
			}
		}
	}

	/** The client of a request that is held left. */
	abandon(request: number): void {
		this.#requests.state[request] = RequestState.abandoned;
		this.#count--;
	}

	#shift(): number {
		this.#since.shift();
		return this.#queue.shift();
	}

	/** One event is pending, for the request that has been held longest. */
	#planExpiry(): void {
		if (!this.#isExpiryPlanned && this.#queue.length > 0 && this.#timeout !== Number.POSITIVE_INFINITY) {
			this.#isExpiryPlanned = true;
			const at = Math.max(this.#simulation.now, this.#since.peek() + this.#timeout);
			this.#simulation.schedule(at, this.#expiry);
		}
	}

	#expire(): void {
		this.#isExpiryPlanned = false;
		while (this.#queue.length > 0 && this.#since.peek() + this.#timeout <= this.#simulation.now) {
			const request = this.#shift();
			if (this.#requests.state[request] === RequestState.abandoned) {
				this.#requests.release(request);
			} else {
				this.#count--;
				this.#parts.refused(request);
			}
		}

		this.#planExpiry();
	}
}
