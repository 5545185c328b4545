import type {RandomStream} from '../../engine/random-stream.ts';
import {type Sampler, samplerOf} from '../../experiment/draw-distribution.ts';
import type {Distribution} from '../../experiment/experiment.ts';
import {EventPriority} from '../contracts.ts';
import {RequestState} from '../request-pool.ts';
import type {Run} from '../run.ts';

/** Patience of clients: one whose request has not begun to be served when it ends leaves. */
export class Patience {
	readonly #run: Run;
	readonly #draw: Sampler;
	readonly #event: number;

	/** @param leave - called with a request that waits still */
	constructor(run: Run, patience: Distribution, leave: (request: number) => void) {
		const {simulation, requests} = run;
		this.#run = run;
		this.#draw = samplerOf(patience);
		this.#event = simulation.declare(EventPriority.timeout, (request, serial) => {
			const state = requests.state[request];
			const waits = state !== RequestState.running && state !== RequestState.abandoned && state !== RequestState.free;
			if (requests.serial[request] === serial && waits) {
				leave(request);
			}
		});
	}

	/** A client begins to wait. */
	begin(request: number, stream: RandomStream): void {
		const {simulation, requests} = this.#run;
		const patience = this.#draw(stream);
		if (requests.state[request] !== RequestState.running) {
			simulation.schedule(simulation.now + patience, this.#event, request, requests.serial[request]!);
		}
	}
}
