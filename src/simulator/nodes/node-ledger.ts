import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import type {NodeAccount, NodeRemoval, NodeUsage} from '../../records/node-usage.ts';
import {gpusOf} from '../../records/read-nodes.ts';
import type {Node} from './node.ts';

/** Keeps what the nodes of a run were, and how many pods waited for them. */
export class NodeLedger {
	readonly waits: number[] = [];
	evicted = 0;
	readonly #nodeAutoscaler: NodeAutoscaler;
	readonly #launchedAt = new Map<Node, number>();
	readonly #gone: NodeUsage[] = [];
	readonly #pending: [number, number][] = [];

	constructor(nodeAutoscaler: NodeAutoscaler) {
		this.#nodeAutoscaler = nodeAutoscaler;
	}

	/** The node is paid for from `at` on [s]. */
	launched(node: Node, at: number): void {
		this.#launchedAt.set(node, at);
	}

	gone(node: Node, now: number, removal?: NodeRemoval): void {
		const {types, zones, pools} = this.#nodeAutoscaler;
		const {pool, type, zone, capacityType} = node.order;
		const {name, capacity, perHour} = types[type]!;
		const launchedAt = this.#launchedAt.get(node) ?? now;
		this.#launchedAt.delete(node);
		if (launchedAt >= now) {
			return; // removed before it was launched: it costs nothing
		}

		this.#gone.push({
			node: node.name,
			pool: pools[pool]!.name,
			instanceType: name,
			zone: zones[zone]!,
			isSpot: capacityType === 'spot',
			fromSeconds: launchedAt,
			readySeconds: node.readyAt,
			toSeconds: now,
			perHour: perHour[capacityType],
			cores: capacity.cpu ?? 0,
			bytes: capacity.memory ?? 0,
			gpus: gpusOf(capacity),
			...(removal !== undefined && {removal}),
		});
	}

	pending(now: number, count: number): void {
		const last = this.#pending.at(-1);
		if (last !== undefined && last[0] === now) {
			last[1] = count;
		} else if ((last?.[1] ?? 0) !== count) {
			this.#pending.push([now, count]);
		}
	}

	/** Closes the account at the end of a run. */
	account(nodes: readonly Node[], end: number, preempted: number): NodeAccount {
		for (const node of nodes) {
			this.gone(node, end);
		}

		const {waits, evicted} = this;
		return {nodes: this.#gone, pending: this.#pending, waits, preempted, evicted};
	}
}
