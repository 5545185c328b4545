import type {Deployment} from '../experiment/experiment.ts';
import {mostByOthers, podRequests} from '../experiment/pod-requests.ts';
import {fullSpeedOf} from '../experiment/threads.ts';
import type {Pod} from './pod.ts';

/** The nodes' capacity: where a pod fits, and how a node's CPU is shared among the pods that work on it. */
export type Nodes = {
	readonly count: number;
	/** Puts the pod on a node. @returns false where none has room for it */
	place(pod: Pod): boolean;
	/** Takes the pod off its node. */
	release(pod: Pod): void;
	/** Time that the pod's node takes before it can start containers, beside what the start-up model has [s]. */
	startDelay(pod: Pod): number;
	podsOn(node: number): readonly Pod[];
	/** Pods of each node that are not terminating: the ReplicaSet controller deletes from the fullest node first. */
	activeCounts(): number[];
	/** Takes a fraction of a node's CPU away; several add up, to the whole node at most. */
	press(node: number, by: number, fraction: number): void;
	/** Gives back what was taken. */
	relieve(node: number, by: number): void;
	/** Whether the pods of a node slow each other down: by what they want of its CPU together, or by working side by side. */
	isContended(node: number): boolean;
	/** Factor on the time that work takes in each of `working` pods side by side, whatever CPU they get. */
	slowdownAmong(working: number): number;
	/** Speed [cores] of a working pod among `working` equal ones of its node. */
	speedAmong(node: number, working: number): number;
};

/** A fixed number of nodes of one kind; of any number of pods where the experiment says nothing of nodes. */
export class FixedNodes implements Nodes {
	readonly #deployment: Deployment;
	readonly #cpuRequest: number;
	readonly #memoryRequest: number;
	/** Pods that a node has room for by resources other than CPU and memory. */
	readonly #mostByOthers: number;
	readonly #demand: number;
	readonly #perNeighbour: number;
	readonly #placed: Pod[][];
	/** Fraction of each node's CPU that something else takes, by who takes it. */
	readonly #pressures: Map<number, number>[];
	/** Their sums, at most 1. */
	readonly #taken: number[];

	constructor(deployment: Deployment) {
		this.#deployment = deployment;
		const requests = podRequests(deployment);
		this.#cpuRequest = requests.cpu;
		this.#memoryRequest = requests.memory;
		this.#mostByOthers = mostByOthers(requests, deployment.nodes);
		this.#demand = fullSpeedOf(deployment);
		const {nodes, service} = deployment;
		this.#perNeighbour = nodes !== undefined && service.kind === 'work' ? (service.perNeighbour ?? 0) : 0;
		const count = nodes?.count ?? 1;
		this.#placed = Array.from({length: count}, () => []);
		this.#pressures = Array.from({length: count}, () => new Map());
		this.#taken = this.#pressures.map(() => 0);
	}

	get count(): number {
		return this.#placed.length;
	}

	/** Puts the pod on the node with the most free CPU that has room for its requests. */
	place(pod: Pod): boolean {
		const {nodes} = this.#deployment;
		let best = -1;
		for (const [index, pods] of this.#placed.entries()) {
			const hasRoom =
				nodes === undefined ||
				(pods.length < this.#mostByOthers &&
					fits((pods.length + 1) * this.#cpuRequest, nodes.cpu) &&
					fits((pods.length + 1) * this.#memoryRequest, nodes.memory));
			if (hasRoom && (best === -1 || pods.length < this.#placed[best]!.length)) {
				best = index;
			}
		}

		if (best !== -1) {
			this.put(pod, best);
		}

		return best !== -1;
	}

	/** Puts the pod on the node that somebody else chose. */
	put(pod: Pod, node: number): void {
		pod.node = node;
		this.#placed[node]!.push(pod);
	}

	release(pod: Pod): void {
		const pods = this.#placed[pod.node];
		pods?.splice(pods.indexOf(pod), 1);
		pod.node = -1;
	}

	startDelay(_pod: Pod): number {
		return 0;
	}

	podsOn(node: number): readonly Pod[] {
		return this.#placed[node] ?? [];
	}

	activeCounts(): number[] {
		return this.#placed.map(pods => pods.reduce((count, {isTerminating}) => count + (isTerminating ? 0 : 1), 0));
	}

	press(node: number, by: number, fraction: number): void {
		this.#pressures[node]!.set(by, fraction);
		this.#addUp(node);
	}

	relieve(node: number, by: number): void {
		this.#pressures[node]!.delete(by);
		this.#addUp(node);
	}

	isContended(node: number): boolean {
		const {nodes} = this.#deployment;
		const {length} = this.podsOn(node);
		return (
			nodes !== undefined &&
			((this.#perNeighbour > 0 && length > 1) || length * this.#demand > this.#capacityOf(node, nodes.cpu))
		);
	}

	slowdownAmong(working: number): number {
		return 1 + this.#perNeighbour * Math.max(0, working - 1);
	}

	speedAmong(node: number, working: number): number {
		const {nodes} = this.#deployment;
		if (nodes === undefined) {
			return this.#capacityOf(node, this.#demand);
		}

		return Math.min(this.#demand, this.#capacityOf(node, nodes.cpu) / Math.max(1, working));
	}

	#addUp(node: number): void {
		this.#taken[node] = Math.min(1, sum([...this.#pressures[node]!.values()]));
	}

	#capacityOf(node: number, cpu: number): number {
		return cpu * (1 - (this.#taken[node] ?? 0));
	}
}

/** Sums of decimal fractions such as 6 × 0.15 must not fail by their last bit. */
function fits(wanted: number, available: number): boolean {
	return wanted <= available * (1 + 1e-9);
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
