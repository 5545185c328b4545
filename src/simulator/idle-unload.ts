import type {Simulation} from '../engine/simulation.ts';
import {EventPriority} from './contracts.ts';
import type {Pod} from './pod.ts';

/**
 * Unloads the model of a pod that has been idle for as long as it is kept.
 *
 * A pod has at most one such event pending, however often it turns idle: one that fires too early is rescheduled. Otherwise the
 * events of pods that are idle for moments would fill the queue.
 */
export class IdleUnload {
	readonly #simulation: Simulation;
	readonly #keepAlive: number;
	readonly #event: number;

	/** @param options - `keepAlive` [s], Infinity for ever; `unload` is called with a pod that is idle and has its model loaded */
	constructor(options: {
		simulation: Simulation;
		keepAlive: number;
		pods: readonly (Pod | undefined)[];
		unload: (pod: Pod) => void;
	}) {
		const {simulation, keepAlive, pods, unload} = options;
		this.#simulation = simulation;
		this.#keepAlive = keepAlive;
		this.#event = simulation.declare(EventPriority.lifecycle, ordinal => {
			const pod = pods[ordinal];
			if (pod === undefined) {
				return;
			}

			pod.isUnloadPlanned = false;
			if (pod.unloadAt <= simulation.now) {
				unload(pod);
			} else {
				this.#plan(pod);
			}
		});
	}

	/** The pod has nothing to do from now on, and its model is loaded. */
	idle(pod: Pod): void {
		// At time 0 the model is loaded: what passed before does not count as idle.
		pod.unloadAt = Math.max(0, this.#simulation.now) + this.#keepAlive;
		this.#plan(pod);
	}

	/** The pod has something to do, or its model is no longer loaded. */
	stop(pod: Pod): void {
		pod.unloadAt = Number.POSITIVE_INFINITY;
	}

	#plan(pod: Pod): void {
		if (!pod.isUnloadPlanned && pod.unloadAt !== Number.POSITIVE_INFINITY) {
			pod.isUnloadPlanned = true;
			this.#simulation.schedule(pod.unloadAt, this.#event, pod.ordinal);
		}
	}
}
