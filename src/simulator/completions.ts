import type {Simulation} from '../engine/simulation.ts';
import {EventPriority} from './contracts.ts';
import type {Nodes} from './nodes.ts';
import type {Pod} from './pod.ts';
import type {PodUse} from './pod-use.ts';
import type {RequestPool} from './request-pool.ts';
import type {Run} from './run.ts';

/** Plans when each pod's next request is done, at the speed that its node leaves it. */
export class Completions {
	readonly #simulation: Simulation;
	readonly #nodes: Nodes;
	readonly #requests: RequestPool;
	readonly #use: PodUse;
	readonly #event: number;

	/** @param options - `completed` is called with a pod, accounted up to now, and the slot whose request is done */
	constructor(
		{simulation, nodes, requests}: Run,
		options: {
			use: PodUse;
			pods: readonly (Pod | undefined)[];
			completed: (pod: Pod, slot: number) => void;
		},
	) {
		const {use, pods, completed} = options;
		this.#simulation = simulation;
		this.#nodes = nodes;
		this.#requests = requests;
		this.#use = use;
		this.#event = simulation.declare(EventPriority.completion, (ordinal, stamp) => {
			const pod = pods[ordinal];
			if (pod !== undefined && pod.completionStamp === stamp) {
				use.account(pod);
				completed(pod, this.#nextSlot(pod));
			}
		});
	}

	/** Plans the next completion after the set of running requests has changed. */
	plan(pod: Pod): void {
		if (!this.#use.isTimed && this.#nodes.isContended(pod.node)) {
			pod.speed = 0;
			this.#schedule(pod);
			this.reshare(pod.node);
			return;
		}

		pod.speed = this.#nodes.speedAmong(pod.node, 1);
		pod.slowdown = 1;
		this.#schedule(pod);
	}

	/** Plans the completions of a node's pods again, after its capacity or what is on it has changed. */
	reshare(node: number): void {
		const pods = this.#nodes.podsOn(node);
		const working = pods.reduce((count, {runningCount}) => count + (runningCount > 0 ? 1 : 0), 0);
		const speed = this.#nodes.speedAmong(node, working);
		const slowdown = this.#nodes.slowdownAmong(working);
		for (const pod of pods) {
			if (pod.runningCount > 0 && (pod.speed !== speed || pod.slowdown !== slowdown)) {
				this.#use.account(pod);
				pod.speed = speed;
				pod.slowdown = slowdown;
				this.#schedule(pod);
			}
		}
	}

	#schedule(pod: Pod): void {
		pod.completionStamp++;
		if (pod.runningCount > 0) {
			const request = pod.slots[this.#nextSlot(pod)]!;
			const rate = this.#use.rateOf(pod);
			const left = rate > 0 ? Math.max(0, this.#requests.remaining[request]!) / rate : Number.POSITIVE_INFINITY;
			this.#simulation.schedule(this.#simulation.now + left, this.#event, pod.ordinal, pod.completionStamp);
		}
	}

	/** Slot whose request is done first, −1 when none runs. */
	#nextSlot(pod: Pod): number {
		let next = -1;
		for (let slot = 0; slot < pod.slots.length; slot++) {
			const request = pod.slots[slot]!;
			if (
				request !== -1 &&
				(next === -1 || this.#requests.remaining[request]! < this.#requests.remaining[pod.slots[next]!]!)
			) {
				next = slot;
			}
		}

		return next;
	}
}
