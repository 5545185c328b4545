import type {AtZero} from '../../experiment/experiment.ts';
import type {Run} from '../run.ts';
import {TimedQueue} from './timed-queue.ts';

type Parts = {
	/** Sends a request to a pod, now that there is one. */
	readonly give: (request: number) => void;
	/** Called with a request that was held too long. */
	readonly refused: (request: number) => void;
};

/** Buffer of an activator: requests that come while no pod takes any, first in, first out, until one does. */
export class HeldRequests {
	readonly #queue: TimedQueue;
	readonly #give: Parts['give'];

	constructor(run: Run, {queue, timeout}: AtZero, {give, refused}: Parts) {
		const none = Number.POSITIVE_INFINITY;
		this.#queue = new TimedQueue(run, {most: queue ?? none, timeout: timeout ?? none, refused});
		this.#give = give;
	}

	/** @returns false when the buffer is full (503) */
	accept(request: number): boolean {
		return this.#queue.push(request);
	}

	/** Lets all requests go to the pods that there are now. */
	release(): void {
		while (this.#queue.peek() !== undefined) {
			this.#give(this.#queue.shift());
		}
	}

	/** The client of a request that is held left. */
	abandon(request: number): void {
		this.#queue.abandon(request);
	}
}
