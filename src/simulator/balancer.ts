import type {Deployment, Workload} from '../experiment/experiment.ts';
import type {Pod} from './pod.ts';

/** The Service: which endpoint a client's next request, or connection, goes to. */
export class Balancer {
	readonly #balancing: Deployment['balancing'];
	readonly #isSticky: boolean;
	readonly #endpoints: Pod[] = [];
	readonly #connections = new Map<number, Pod>();
	#turn = 0;

	constructor({balancing}: Deployment, {connections}: Workload) {
		this.#balancing = balancing;
		this.#isSticky = connections === 'keep-alive';
	}

	add(pod: Pod): void {
		this.#endpoints.push(pod);
	}

	remove(pod: Pod): void {
		this.#endpoints.splice(this.#endpoints.indexOf(pod), 1);
	}

	/**
	 * The pod for a request.
	 *
	 * @param client - number of the client; with keep-alive it stays on its pod while that is an endpoint
	 * @param draw - uniform in [0, 1), this request's own
	 * @returns undefined when there is no endpoint
	 */
	pick(client: number, draw: number): Pod | undefined {
		if (!this.#isSticky) {
			return this.#choose(draw);
		}

		const connected = this.#connections.get(client);
		if (connected?.isEndpoint) {
			return connected;
		}

		const chosen = this.#choose(draw);
		if (chosen === undefined) {
			this.#connections.delete(client);
		} else {
			this.#connections.set(client, chosen);
		}

		return chosen;
	}

	#choose(draw: number): Pod | undefined {
		const {length} = this.#endpoints;
		switch (this.#balancing) {
			case 'random':
				return this.#endpoints[Math.floor(draw * length)];
			case 'round-robin':
				return length === 0 ? undefined : this.#endpoints[this.#turn++ % length];
			case 'least-requests':
				return this.#leastLoaded(Math.floor(draw * length));
		}
	}

	/** The endpoint with the fewest requests; the first from `offset` on among equals. */
	#leastLoaded(offset: number): Pod | undefined {
		const {length} = this.#endpoints;
		let least: Pod | undefined;
		for (let step = 0; step < length; step++) {
			const pod = this.#endpoints[(offset + step) % length]!;
			if (least === undefined || pod.requestCount < least.requestCount) {
				least = pod;
			}
		}

		return least;
	}
}
