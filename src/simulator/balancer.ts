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

	get isEmpty(): boolean {
		return this.#endpoints.length === 0;
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
	 * @param draw - uniform in [0, 1), this request's own; from 1 on the pod's ordinal and 1, while that is an endpoint
	 * @param most - only a pod with fewer requests is chosen
	 * @returns undefined when there is no such endpoint
	 */
	pick(client: number, draw: number, most = Number.POSITIVE_INFINITY): Pod | undefined {
		if (!this.#isSticky) {
			return this.#choose(draw, most);
		}

		const connected = this.#connections.get(client);
		if (connected?.isEndpoint && connected.requestCount < most) {
			return connected;
		}

		const chosen = this.#choose(draw, most);
		if (chosen === undefined) {
			this.#connections.delete(client);
		} else {
			this.#connections.set(client, chosen);
		}

		return chosen;
	}

	/** The endpoint with an ordinal, if it is one still. */
	withOrdinal(ordinal: number): Pod | undefined {
		return this.#endpoints.find(pod => pod.ordinal === ordinal);
	}

	#choose(draw: number, most: number): Pod | undefined {
		if (most !== Number.POSITIVE_INFINITY) {
			return this.#chooseBelow(draw, most);
		}

		const {length} = this.#endpoints;
		if (draw >= 1) {
			return this.withOrdinal(draw - 1) ?? this.#endpoints[(draw - 1) % length];
		}

		switch (this.#balancing) {
			case 'random':
				return this.#endpoints[Math.floor(draw * length)];
			case 'round-robin':
				return length === 0 ? undefined : this.#endpoints[this.#turn++ % length];
			case 'least-requests':
				return this.#leastLoaded(Math.floor(draw * length));
		}
	}

	/** As without a limit, among the endpoints with fewer requests than `most`. */
	#chooseBelow(draw: number, most: number): Pod | undefined {
		if (this.#balancing === 'random') {
			const free = this.#endpoints.filter(pod => pod.requestCount < most);
			return free[Math.floor(draw * free.length)];
		}

		const {length} = this.#endpoints;
		if (this.#balancing === 'least-requests') {
			const least = this.#leastLoaded(Math.floor(draw * length));
			return least !== undefined && least.requestCount < most ? least : undefined;
		}

		for (let step = 0; step < length; step++) {
			const pod = this.#endpoints[(this.#turn + step) % length]!;
			if (pod.requestCount < most) {
				this.#turn += step + 1;
				return pod;
			}
		}

		return undefined;
	}

	/** The endpoint with the fewest requests; the first from `offset` on among equals. */
	#leastLoaded(offset: number): Pod | undefined {
		const {length} = this.#endpoints;
		let least: Pod | undefined;
		let fewest = Number.POSITIVE_INFINITY;
		for (let step = 0; step < length; step++) {
			const pod = this.#endpoints[(offset + step) % length]!;
			const {requestCount} = pod;
			if (requestCount === 0) {
				return pod; // none has fewer
			}

			if (requestCount < fewest) {
				fewest = requestCount;
				least = pod;
			}
		}

		return least;
	}
}
