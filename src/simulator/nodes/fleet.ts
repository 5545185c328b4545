import type {RandomStream} from '../../engine/random-stream.ts';
import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import type {NodeRemoval} from '../../records/node-usage.ts';
import {EventPriority} from '../contracts.ts';
import type {DeploymentController} from '../deployment-controller.ts';
import type {Pod} from '../pod.ts';
import {type Run, streamOf} from '../run.ts';
import {chooseOffer} from './choose-offer.ts';
import {DelayDraws} from './delay-draws.ts';
import {drainEnd} from './drain-end.ts';
import type {ElasticNodes} from './elastic-nodes.ts';
import {Node, type NodeOrder} from './node.ts';
import {NodeLedger} from './node-ledger.ts';
import type {PlannedNode} from './packing.ts';
import {disruptionsAllowed} from './pod-disruption-budget.ts';

/** Longest time between two tries to evict a pod [s]. @see karpenter v1.14.1 controllers/node/termination/terminator/eviction.go, evictionQueueMaxDelay */
const evictionRetry = 10;

type Parts = {
	readonly controller: DeploymentController;
	/** Deletes a pod with its grace. */
	readonly evict: (pod: Pod) => void;
	/** Ends a pod at once. */
	readonly kill: (pod: Pod) => void;
	/** Pods that wait are placed again. */
	readonly retry: () => void;
};

/** Called as nodes and pods change. */
export type FleetListener = {
	readonly pending: () => void;
	readonly changed: () => void;
	readonly ready: (node: Node) => void;
	/** A node has gone. */
	readonly gone?: (node: Node) => void;
};

/** Launches nodes, makes them ready, drains and removes them. */
export class Fleet {
	readonly nodes: ElasticNodes;
	readonly ledger: NodeLedger;
	/** Zones in which no node can be launched, and by how many outages. */
	readonly closedZones = new Map<number, number>();
	readonly #run: Run;
	readonly #nodeAutoscaler: NodeAutoscaler;
	readonly #parts: Parts;
	readonly #delays: DelayDraws;
	readonly #streams = new Map<Node, RandomStream>();
	readonly #removals = new Map<Node, NodeRemoval>();
	readonly #join: number;
	readonly #drainAgain: number;
	readonly #byOrdinal = new Map<number, Node>();
	readonly #free: number[] = [];
	#ordinals = 0;
	#isRetryPlanned = false;
	readonly #retry: number;
	#listener: FleetListener | undefined;

	constructor(run: Run, nodeAutoscaler: NodeAutoscaler, nodes: ElasticNodes, parts: Parts) {
		const {simulation} = run;
		this.#run = run;
		this.#nodeAutoscaler = nodeAutoscaler;
		this.nodes = nodes;
		this.#parts = parts;
		this.ledger = new NodeLedger(nodeAutoscaler);
		this.#delays = new DelayDraws(nodeAutoscaler);
		this.#join = simulation.declare(EventPriority.lifecycle, ordinal => this.#joined(ordinal));
		this.#drainAgain = simulation.declare(EventPriority.lifecycle, ordinal =>
			this.#evict(this.#byOrdinal.get(ordinal)),
		);
		this.#retry = simulation.declare(EventPriority.lifecycle, () => this.#placeAgain());
		nodes.attach(() => simulation.now, {
			pending: () => {
				this.ledger.pending(simulation.now, nodes.pendingCount);
				this.#listener?.pending();
			},
			waited: seconds => this.ledger.waits.push(seconds),
			changed: () => {
				this.ledger.pending(simulation.now, nodes.pendingCount);
				this.#listener?.changed();
			},
			warmUp: node => this.#warmUp(node),
			left: node => this.#left(node),
		});
	}

	listen(listener: FleetListener): void {
		this.#listener = listener;
	}

	get now(): number {
		return this.#run.simulation.now;
	}

	/** Launches the node that a claim leads to. */
	launch(claim: PlannedNode): Node {
		const {all} = this.nodes;
		return this.#order(chooseOffer(claim, this.#nodeAutoscaler, {all, closedZones: this.closedZones}));
	}

	/** Nodes that have long been there when the run begins. */
	launchReady(claim: PlannedNode): Node {
		const node = this.launch(claim);
		node.readyAt = this.now;
		node.warmAt = this.now;
		node.changedAt = Number.NEGATIVE_INFINITY;
		this.ledger.launched(node, this.now);
		return node;
	}

	/** No pod is placed on the node any more. */
	cordon(node: Node): void {
		node.isCordoned = true;
		this.#listener?.changed();
	}

	/** Pods may be placed on it again. */
	uncordon(node: Node): void {
		node.isCordoned = false;
		this.#placeAgainSoon();
	}

	/** Evicts the node's pods as their budget allows, and removes it once they are gone. */
	drain(node: Node, why: NodeRemoval): void {
		node.isCordoned = true;
		node.isDraining = true;
		node.drainingSince = this.now;
		this.#removals.set(node, why);
		if (node.spares > 0) {
			this.nodes.evictSpares(node, node.spares);
			this.#placeAgainSoon();
		}

		this.#evict(node);
	}

	/** Ends the node at once, with all that is on it. */
	kill(node: Node, why: NodeRemoval): void {
		this.#removals.set(node, why);
		node.isCordoned = true;
		node.isDraining = true;
		if (node.spares > 0) {
			this.nodes.evictSpares(node, node.spares);
		}

		for (const pod of [...node.pods]) {
			this.#parts.kill(pod);
		}

		this.#remove(node);
		this.#placeAgainSoon();
	}

	/** Somebody has pods that need another node soon. */
	want(): void {
		this.#listener?.pending();
	}

	/** Pods that the disruption budget lets go now. */
	disruptionsAllowed(): number {
		return disruptionsAllowed(this.#nodeAutoscaler.podDisruptionBudget, this.#parts.controller);
	}

	/** Nodes of a pool, those on their way among them. */
	nodesOf(pool: number): Node[] {
		return this.nodes.all.filter(({order}) => order.pool === pool);
	}

	/** Resources that each pool may still have: its limits less its nodes. */
	remaining(): Record<string, number>[] {
		const {pools, types} = this.#nodeAutoscaler;
		return pools.map(({limits}, pool) => {
			const left: Record<string, number> = {...limits};
			for (const node of this.nodesOf(pool)) {
				for (const name of Object.keys(limits)) {
					left[name]! -= name === 'nodes' ? 1 : (types[node.order.type]!.capacity[name] ?? 0);
				}
			}

			return left;
		});
	}

	#order(order: NodeOrder): Node {
		const {nodes, now} = this;
		const ordinal = this.#ordinals++;
		const slot = this.#free.pop() ?? nodes.slots.length;
		const free = Float64Array.from(nodes.space.rooms[order.type]!);
		const node = new Node({order, ordinal, slot, free, now});
		nodes.slots[slot] = node;
		nodes.all.push(node);
		this.#byOrdinal.set(ordinal, node);
		const stream = streamOf(this.#run, 'node', ordinal);
		this.#streams.set(node, stream);
		const {launched, ready} = this.#delays.draw(stream, order.type);
		this.ledger.launched(node, now + launched);
		this.#run.simulation.schedule(now + ready, this.#join, ordinal);
		this.#listener?.changed();
		return node;
	}

	#joined(ordinal: number): void {
		const node = this.#byOrdinal.get(ordinal);
		if (node === undefined || node.isReady) {
			return;
		}

		node.readyAt = this.now;
		node.changedAt = this.now;
		this.#placeAgain();
		this.#listener?.ready(node);
		this.#listener?.changed();
	}

	#placeAgainSoon(): void {
		if (!this.#isRetryPlanned) {
			this.#isRetryPlanned = true;
			this.#run.simulation.schedule(this.now, this.#retry);
		}
	}

	#placeAgain(): void {
		this.#isRetryPlanned = false;
		this.#parts.retry();
		this.nodes.placeSpares();
	}

	#warmUp(node: Node): number {
		return this.#delays.warmUp(this.#streams.get(node)!);
	}

	#left(node: Node): void {
		if (node.isDraining && node.pods.length === 0) {
			this.#removeDrained(node);
		} else if (this.nodes.spareCount > 0) {
			this.#placeAgainSoon();
		}
	}

	#evict(node: Node | undefined): void {
		if (node === undefined || !node.isDraining) {
			return;
		}

		if (node.isEmpty) {
			this.#removeDrained(node);
			return;
		}

		let isBlocked = false;
		for (const pod of [...node.pods]) {
			if (pod.isTerminating) {
				continue;
			}

			if (this.disruptionsAllowed() > 0) {
				this.ledger.evicted++;
				this.#parts.evict(pod);
				this.#parts.controller.wake();
			} else {
				isBlocked = true;
			}
		}

		if (isBlocked) {
			this.#run.simulation.schedule(this.now + evictionRetry, this.#drainAgain, node.ordinal);
		}
	}

	/** Removes a node whose pods are gone, at once or when Karpenter looks at it the next time. */
	#removeDrained(node: Node): void {
		const seenAt = this.#nodeAutoscaler.kind === 'karpenter' ? drainEnd(node.drainingSince, this.now) : this.now;
		if (seenAt > this.now) {
			this.#run.simulation.schedule(seenAt, this.#drainAgain, node.ordinal);
		} else {
			this.#remove(node);
		}
	}

	#remove(node: Node): void {
		if (!this.#byOrdinal.delete(node.ordinal)) {
			return;
		}

		const {nodes} = this;
		nodes.all.splice(nodes.all.indexOf(node), 1);
		nodes.slots[node.slot] = undefined;
		nodes.forgetPressure(node.slot);
		this.#free.push(node.slot);
		this.#streams.delete(node);
		this.ledger.gone(node, this.now, this.#removals.get(node));
		this.#removals.delete(node);
		this.#listener?.gone?.(node);
		this.#listener?.changed();
	}
}
