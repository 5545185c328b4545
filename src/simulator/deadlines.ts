import type {Simulation} from '../engine/simulation.ts';
import {EventPriority} from './contracts.ts';
import {NumberRing} from './growing-columns.ts';
import type {RequestPool} from './request-pool.ts';
import type {Run} from './run.ts';

/**
 * Deadlines of the requests under way. All clients wait equally long, so that they stand in a queue and one event is pending,
 * for the first of them.
 */
export class Deadlines {
	readonly #simulation: Simulation;
	readonly #requests: RequestPool;
	/** How long a client waits [s]. */
	readonly #timeout: number;
	readonly #passed: (request: number) => void;
	readonly #event: number;
	/** Requests in the order of their deadlines, each as place and serial. */
	readonly #queue = new NumberRing();
	readonly #serials = new NumberRing();
	#isPlanned = false;

	/** @param passed - called with a request that is under way at its deadline */
	constructor({simulation, requests, experiment}: Run, passed: (request: number) => void) {
		this.#simulation = simulation;
		this.#requests = requests;
		this.#timeout = experiment.workload.timeout;
		this.#passed = passed;
		this.#event = simulation.declare(EventPriority.timeout, () => this.#look());
	}

	/** Adds a request that has just been sent. */
	add(request: number): void {
		this.#queue.push(request);
		this.#serials.push(this.#requests.serial[request]!);
		if (!this.#isPlanned) {
			this.#isPlanned = true;
			this.#simulation.schedule(this.#simulation.now + this.#timeout, this.#event);
		}
	}

	#look(): void {
		const {now} = this.#simulation;
		const {arrivedAt, serial} = this.#requests;
		this.#isPlanned = false;
		while (this.#queue.length > 0) {
			const request = this.#queue.peek();
			if (serial[request] === this.#serials.peek()) {
				const deadline = arrivedAt[request]! + this.#timeout;
				if (deadline > now) {
					this.#isPlanned = true;
					this.#simulation.schedule(deadline, this.#event);
					return;
				}

				this.#passed(request);
			}

			this.#queue.shift();
			this.#serials.shift();
		}
	}
}
