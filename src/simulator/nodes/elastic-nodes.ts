import type {Deployment} from '../../experiment/experiment.ts';
import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import {fullSpeedOf} from '../../experiment/threads.ts';
import type {Nodes} from '../nodes.ts';
import type {Pod} from '../pod.ts';
import {KubeScheduler} from './kube-scheduler.ts';
import type {Node} from './node.ts';
import {appForm, ResourceSpace, spareForm, take} from './resource-space.ts';

/** Called as pods find nodes or do not. */
type NodesListener = {
	/** A pod, or a spare one, found no room. */
	readonly pending: () => void;
	/** A pod found a node after so long [s]. */
	readonly waited: (seconds: number) => void;
	/** A pod was placed on the node or has left it. */
	readonly changed: (node: Node) => void;
	/** The node has its first pod. @returns time until images and weights are on it [s] */
	readonly warmUp: (node: Node) => number;
	/** A pod has left its node. */
	readonly left: (node: Node) => void;
};

/** Nodes that come and go: who is on them, and how their CPU is shared among the pods that work on them. */
export class ElasticNodes implements Nodes {
	readonly space: ResourceSpace;
	/** Nodes that are there or on their way, in the order of their launch. */
	readonly all: Node[] = [];
	/** By slot; undefined where a node has gone. */
	readonly slots: (Node | undefined)[] = [];
	/** Pods of the Deployment that wait for a node. */
	pendingCount = 0;
	/** Spare pods that wait for a node. */
	spareCount: number;
	/** Spare pods that made way so far. */
	preempted = 0;
	readonly #scheduler: KubeScheduler;
	readonly #nodeAutoscaler: NodeAutoscaler;
	readonly #demand: number;
	readonly #perNeighbour: number;
	readonly #pressures = new Map<number, Map<number, number>>();
	/** Since when each pod waits [s]. */
	readonly #waiting = new Map<Pod, number>();
	#listener: NodesListener | undefined;
	#now: () => number = () => 0;

	constructor(nodeAutoscaler: NodeAutoscaler, deployment: Deployment) {
		this.#nodeAutoscaler = nodeAutoscaler;
		this.space = new ResourceSpace(nodeAutoscaler, deployment);
		this.spareCount = nodeAutoscaler.spare?.replicas ?? 0;
		this.#scheduler = new KubeScheduler(nodeAutoscaler, this.space);
		this.#demand = fullSpeedOf(deployment);
		const {service} = deployment;
		this.#perNeighbour = service.kind === 'work' ? (service.perNeighbour ?? 0) : 0;
	}

	/** Sets who hears of what happens. */
	attach(now: () => number, listener: NodesListener): void {
		this.#now = now;
		this.#listener = listener;
	}

	get count(): number {
		return this.slots.length;
	}

	/** Puts the pod on a node; spare pods make way for it. */
	place(pod: Pod): boolean {
		const node = this.#scheduler.find(this.all, appForm) ?? this.#preempt();
		if (node === undefined) {
			if (!this.#waiting.has(pod)) {
				this.#waiting.set(pod, this.#now());
				this.pendingCount = this.#waiting.size;
			}

			this.#listener?.pending();
			return false;
		}

		const since = this.#waiting.get(pod);
		if (since !== undefined) {
			this.#listener?.waited(this.#now() - since);
			this.#forget(pod);
		}

		this.put(pod, node.slot);
		return true;
	}

	/** Puts the pod on the node that somebody chose. */
	put(pod: Pod, slot: number): void {
		const node = this.slots[slot]!;
		pod.node = slot;
		node.pods.push(pod);
		take(node.free, this.space.requests[appForm]!, 1);
		this.#changed(node);
	}

	/** Puts spare pods where there is room. */
	placeSpares(): void {
		while (this.spareCount > 0) {
			const node = this.#scheduler.find(this.all, spareForm);
			if (node === undefined) {
				this.#listener?.pending();
				return;
			}

			this.spareCount--;
			node.spares++;
			take(node.free, this.space.requests[spareForm]!, 1);
			this.#changed(node);
		}
	}

	/** Takes spare pods off a node; they wait for another one. */
	evictSpares(node: Node, count: number): void {
		node.spares -= count;
		this.spareCount += count;
		take(node.free, this.space.requests[spareForm]!, -count);
		this.#changed(node);
	}

	/** Takes the pod off its node. */
	release(pod: Pod): void {
		this.#forget(pod);
		const node = this.slots[pod.node];
		pod.node = -1;
		if (node !== undefined) {
			node.pods.splice(node.pods.indexOf(pod), 1);
			take(node.free, this.space.requests[appForm]!, -1);
			node.countPod(Number.isNaN(pod.terminatingAt) ? this.#now() : pod.terminatingAt);
			this.#listener?.changed(node);
			this.#listener?.left(node);
		}
	}

	/** Time that images and weights still take on the pod's node [s]. */
	startDelay(pod: Pod): number {
		const node = this.slots[pod.node];
		if (node === undefined) {
			return 0;
		}

		if (Number.isNaN(node.warmAt)) {
			node.warmAt = this.#now() + (this.#listener?.warmUp(node) ?? 0);
		}

		return Math.max(0, node.warmAt - this.#now());
	}

	podsOn(slot: number): readonly Pod[] {
		return this.slots[slot]?.pods ?? [];
	}

	activeCounts(): number[] {
		return this.slots.map(node => node?.activeCount ?? 0);
	}

	press(slot: number, by: number, fraction: number): void {
		this.#pressures.set(slot, (this.#pressures.get(slot) ?? new Map<number, number>()).set(by, fraction));
	}

	relieve(slot: number, by: number): void {
		this.#pressures.get(slot)?.delete(by);
	}

	/** Ends what weighed on a slot, since its node is gone. */
	forgetPressure(slot: number): void {
		this.#pressures.delete(slot);
	}

	isContended(slot: number): boolean {
		const {length} = this.podsOn(slot);
		return (this.#perNeighbour > 0 && length > 1) || length * this.#demand > this.#cpuOf(slot);
	}

	slowdownAmong(working: number): number {
		return 1 + this.#perNeighbour * Math.max(0, working - 1);
	}

	speedAmong(slot: number, working: number): number {
		return Math.min(this.#demand, this.#cpuOf(slot) / Math.max(1, working));
	}

	#forget(pod: Pod): void {
		if (this.#waiting.delete(pod)) {
			this.pendingCount = this.#waiting.size;
		}
	}

	/** CPU that a node has for pods [cores]. */
	#cpuOf(slot: number): number {
		const node = this.slots[slot];
		if (node === undefined) {
			return this.#demand;
		}

		const cpu = this.#nodeAutoscaler.types[node.order.type]!.allocatable.cpu ?? 0;
		let taken = 0;
		for (const fraction of this.#pressures.get(slot)?.values() ?? []) {
			taken += fraction;
		}

		return cpu * (1 - Math.min(1, taken));
	}

	/**
	 * Node on which the fewest spare pods make way for a pod.
	 *
	 * @see kubernetes v1.34 pkg/scheduler/framework/preemption/preemption.go, pickOneNodeForPreemption
	 */
	#preempt(): Node | undefined {
		const spare = this.space.requests[spareForm];
		if (spare === undefined) {
			return undefined;
		}

		const {all} = this;
		for (let victims = 1; victims <= this.#mostSpares(); victims++) {
			const able = all.filter(({isOpen, spares}) => isOpen && spares >= victims);
			for (const node of able) {
				take(node.free, spare, -victims);
			}

			const found = this.#scheduler.find(able, appForm);
			for (const node of able) {
				take(node.free, spare, victims);
			}

			if (found !== undefined) {
				this.evictSpares(found, victims);
				this.preempted += victims;
				this.#listener?.pending();
				return found;
			}
		}

		return undefined;
	}

	#mostSpares(): number {
		return this.all.reduce((most, {spares}) => Math.max(most, spares), 0);
	}

	#changed(node: Node): void {
		node.countPod(this.#now());
		this.#listener?.changed(node);
	}
}
