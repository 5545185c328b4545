import type {CapacityType} from '../../experiment/nodes/node-autoscaler.ts';
import type {Pod} from '../pod.ts';

/** Market, pool and place of a node that is launched. */
export type NodeOrder = {
	/** Index of its pool. */
	readonly pool: number;
	/** Index of its instance type. */
	readonly type: number;
	/** Index of its zone. */
	readonly zone: number;
	readonly capacityType: CapacityType;
};

/** Time after a pod that counts in which others do not [s]. */
const dedupe = 10;

/** State of one node. Times in seconds, NaN for never. */
export class Node {
	readonly order: NodeOrder;
	readonly name: string;
	/** Number that no other node of the run has. */
	readonly ordinal: number;
	/** Its place among the nodes that are there; reused once it is gone. */
	readonly slot: number;
	/** Resources that are left for pods, by their index. */
	readonly free: Float64Array;
	/** Copy of what is free, for a trial. */
	readonly trial: Float64Array;
	readonly orderedAt: number;
	readyAt = Number.NaN;
	/** Time at which images and weights are on it; NaN before its first pod. */
	warmAt = Number.NaN;
	/** Pods of the Deployment, the terminating ones included. */
	readonly pods: Pod[] = [];
	/** Spare pods. */
	spares = 0;
	/** Pods in a trial, by their form. */
	readonly trialCounts = [0, 0];
	/** No pod is placed on it any more. */
	isCordoned = false;
	/** Its pods are evicted. */
	isDraining = false;
	/** The spot market takes it back. */
	isInterrupted = false;
	/** Time of the last pod that counts as bound to it or taken off, else when it became ready. */
	changedAt = Number.NaN;
	/** Time of the last pod that counts; NaN before the first. */
	podEventAt = Number.NaN;
	/** Time since which it is drained. */
	drainingSince = Number.NaN;
	/** Time up to which pods are expected on it. */
	nominatedUntil = Number.NEGATIVE_INFINITY;
	/** Time since which it is not needed; NaN while it is. */
	unneededSince = Number.NaN;

	constructor(options: {order: NodeOrder; ordinal: number; slot: number; free: Float64Array; now: number}) {
		this.order = options.order;
		this.ordinal = options.ordinal;
		this.name = `node-${options.ordinal + 1}`;
		this.slot = options.slot;
		this.free = options.free;
		this.trial = Float64Array.from(options.free);
		this.orderedAt = options.now;
	}

	get isReady(): boolean {
		return !Number.isNaN(this.readyAt);
	}

	/** Whether pods can be placed on it now. */
	get isOpen(): boolean {
		return this.isReady && !this.isCordoned;
	}

	/** Pods of the Deployment that are not terminating. */
	get activeCount(): number {
		let count = 0;
		for (const {isTerminating} of this.pods) {
			count += isTerminating ? 0 : 1;
		}

		return count;
	}

	/** Whether nothing is on it. */
	get isEmpty(): boolean {
		return this.pods.length === 0 && this.spares === 0;
	}

	/** Whether nothing runs on it that would have to run elsewhere: pods that terminate do not. */
	get isIdle(): boolean {
		return this.activeCount === 0 && this.spares === 0;
	}

	/**
	 * Counts a pod that was bound or is terminating, unless another one was counted shortly before.
	 *
	 * @see karpenter v1.14.1 pkg/controllers/nodeclaim/podevents/controller.go, dedupeTimeout
	 */
	countPod(at: number): void {
		if (!(at - this.podEventAt < dedupe)) {
			this.podEventAt = at;
			this.changedAt = at;
		}
	}
}
