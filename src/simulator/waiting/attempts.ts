import type {RandomStream} from '../../engine/random-stream.ts';
import type {Simulation} from '../../engine/simulation.ts';
import type {Retries} from '../../experiment/experiment.ts';
import {EventPriority} from '../contracts.ts';
import {type RequestPool, RequestState} from '../request-pool.ts';
import {type Run, streamOf} from '../run.ts';

/** Further attempts of requests that were refused: each comes after a wait, longer from one to the next. */
export class Attempts {
	readonly #simulation: Simulation;
	readonly #requests: RequestPool;
	readonly #retries: Retries;
	readonly #stream: RandomStream;
	readonly #event: number;

	/** @param attempt - called with a request whose wait is over */
	constructor(run: Run, retries: Retries, attempt: (request: number) => void) {
		const {simulation, requests} = run;
		this.#simulation = simulation;
		this.#requests = requests;
		this.#retries = retries;
		this.#stream = streamOf(run, 'retries');
		this.#event = simulation.declare(EventPriority.arrival, (request, serial) => {
			if (requests.serial[request] === serial && requests.state[request] === RequestState.backingOff) {
				requests.balancingDraw[request] = this.#stream.uniform();
				attempt(request);
			}
		});
	}

	/**
	 * Plans the next attempt of a request that was refused.
	 *
	 * @returns false when none is left
	 */
	plan(request: number): boolean {
		const made = this.#requests.retries[request]!;
		if (made >= this.#retries.attempts) {
			return false;
		}

		this.#requests.retries[request] = made + 1;
		this.#requests.state[request] = RequestState.backingOff;
		this.#simulation.schedule(
			this.#simulation.now + this.#waitAfter(made),
			this.#event,
			request,
			this.#requests.serial[request]!,
		);
		return true;
	}

	/** Wait before the next attempt when so many further ones have been made [s]. */
	#waitAfter(made: number): number {
		const {backoff, factor, longest, jitter} = this.#retries;
		let wait = backoff;
		for (let step = 0; step < made && wait < longest; step++) {
			wait *= factor;
		}

		const whole = Math.min(longest, wait);
		return jitter === 0 ? whole : whole * (1 - jitter * this.#stream.uniform());
	}
}
