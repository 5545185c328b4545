import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import type {Fleet} from './fleet.ts';
import {byReadiness} from './karpenter-provisioner.ts';
import type {Node} from './node.ts';
import type {Packing, PlannedNode} from './packing.ts';
import {appForm, spareForm} from './resource-space.ts';

export type Reason = 'Empty' | 'Underutilized';

/** Nodes to remove, and the one that is launched for them first. */
export type Command = {readonly nodes: readonly Node[]; readonly replacement?: PlannedNode};

/** Most nodes that are considered at once. @see karpenter v1.14.1 disruption/multinodeconsolidation.go, maxParallel */
const mostAtOnce = 100;

/**
 * Choice of the nodes that Karpenter would remove.
 *
 * @see karpenter v1.14.1 pkg/controllers/disruption: emptiness.go, multinodeconsolidation.go, singlenodeconsolidation.go,
 * consolidation.go
 */
export class KarpenterConsolidation {
	readonly #settings: NodeAutoscaler;
	readonly #fleet: Fleet;
	readonly #packing: Packing;
	readonly #pools: readonly number[];

	constructor(settings: NodeAutoscaler, {fleet, packing}: {fleet: Fleet; packing: Packing}) {
		this.#settings = settings;
		this.#fleet = fleet;
		this.#packing = packing;
		this.#pools = settings.pools.map((_, index) => index);
	}

	/**
	 * @param candidates - that may be disrupted for the reason
	 * @param budgets - nodes of each pool that may be
	 * @returns `isBounded`: whether a budget kept a candidate out
	 */
	decide(
		method: 'empty' | 'multi' | 'single',
		candidates: readonly Node[],
		budgets: readonly number[],
	): {readonly command?: Command; readonly isBounded: boolean} {
		const left = [...budgets];
		const sorted = candidates.toSorted((a, b) => this.#savingsRatio(b) - this.#savingsRatio(a));
		const open = sorted.filter(({order}) => (method === 'single' ? left[order.pool]! : left[order.pool]!--) > 0);
		const isBounded = open.length < sorted.length;
		const command =
			method === 'empty'
				? open.length > 0
					? {nodes: open}
					: undefined
				: method === 'multi'
					? this.#several(open)
					: this.#single(open);
		return {isBounded, ...(command !== undefined && {command})};
	}

	/** Command that removes these nodes; undefined where their pods would have no place, or cost no less elsewhere. */
	without(nodes: readonly Node[], reason: Reason): Command | undefined {
		if (reason === 'Empty') {
			return {nodes};
		}

		const command = this.#remove(nodes);
		return nodes.length > 1 && command !== undefined ? this.#withoutSameType(command) : command;
	}

	/** Price by the pods that are disturbed, and one for the node. @see karpenter v1.14.1 disruption/types.go, SavingsRatio */
	#savingsRatio(node: Node): number {
		return this.#priceOf(node) / (1 + node.activeCount + node.spares);
	}

	#priceOf({order: {type, capacityType}}: Node): number {
		return this.#settings.types[type]!.perHour[capacityType];
	}

	/** Binary search for the most nodes, the dearest by their pods first, that can go at once. */
	#several(candidates: readonly Node[]): Command | undefined {
		if (candidates.length < 2) {
			return undefined;
		}

		let [least, most] = [1, Math.min(candidates.length - 1, mostAtOnce)];
		let last: Command | undefined;
		while (least <= most) {
			const middle = Math.floor((least + most) / 2);
			const command = this.without(candidates.slice(0, middle + 1), 'Underutilized');
			if (command === undefined) {
				most = middle - 1;
			} else {
				last = command;
				least = middle + 1;
			}
		}

		return last;
	}

	#single(candidates: readonly Node[]): Command | undefined {
		for (const node of candidates) {
			const command = this.#remove([node]);
			if (command !== undefined) {
				return command;
			}
		}

		return undefined;
	}

	/** @see karpenter v1.14.1 disruption/consolidation.go, computeConsolidation; helpers.go, SimulateScheduling */
	#remove(nodes: readonly Node[]): Command | undefined {
		const claims = this.#claimsWithout(nodes);
		if (claims === undefined || claims.length > 1) {
			return undefined;
		}

		const [claim] = claims;
		if (claim === undefined) {
			return {nodes};
		}

		const {capacityTypes} = this.#settings.pools[claim.pool]!;
		const hasSpot = capacityTypes.includes('spot');
		if (hasSpot && nodes.every(({order}) => order.capacityType === 'spot')) {
			return undefined; // the feature gate SpotToSpotConsolidation is off by default
		}

		const price = nodes.reduce((sum, node) => sum + this.#priceOf(node), 0);
		const types = claim.types.filter(type => this.#worstPrice(type, hasSpot) < price);
		return types.length === 0 ? undefined : {nodes, replacement: {...claim, types}};
	}

	/** New nodes that the pods of these nodes would need; undefined where some pods would have no place. */
	#claimsWithout(nodes: readonly Node[]): readonly PlannedNode[] | undefined {
		const going = new Set(nodes);
		const counts: [number, number] = [0, 0];
		for (const node of nodes) {
			counts[appForm] += node.activeCount;
			counts[spareForm] += node.spares;
		}

		const {all} = this.#fleet.nodes;
		const others = all.filter(node => !going.has(node) && !node.isCordoned);
		const settled = others.filter(node => !this.#isUnderConsolidateAfter(node));
		const {pendingCount, spareCount} = this.#fleet.nodes;
		const {claims, unplaced} = this.#packing.solve({
			// Pods that wait are to be placed as well, but it is no fault of these nodes when they are not.
			counts: [counts[appForm] + pendingCount, counts[spareForm] + spareCount],
			nodes: byReadiness(settled),
			beside: others.filter(node => this.#isUnderConsolidateAfter(node)),
			pools: this.#pools,
			remaining: this.#fleet.remaining(),
			closed: this.#fleet.closedZones,
			keepsSoft: true,
		});
		const isOnUnready = this.#packing.placed.some(([node]) => !node.isReady);
		const isLeft = unplaced[appForm] > pendingCount || unplaced[spareForm] > spareCount;
		return isLeft || isOnUnready ? undefined : claims;
	}

	#isUnderConsolidateAfter(node: Node): boolean {
		const {after} = this.#settings.pools[node.order.pool]!.consolidation;
		return node.isReady && after > 0 && after !== Number.POSITIVE_INFINITY && this.#fleet.now - node.changedAt < after;
	}

	/** @see karpenter v1.14.1 cloudprovider/types.go, WorstLaunchPrice */
	#worstPrice(type: number, hasSpot: boolean): number {
		return this.#settings.types[type]!.perHour[hasSpot ? 'spot' : 'on-demand'];
	}

	/**
	 * Several nodes are not replaced by one of a type that one of them has: keeping that one would do.
	 *
	 * @see karpenter v1.14.1 disruption/multinodeconsolidation.go, filterOutSameInstanceType
	 */
	#withoutSameType(command: Command): Command | undefined {
		const {nodes, replacement} = command;
		if (replacement === undefined) {
			return command;
		}

		const hasSpot = this.#settings.pools[replacement.pool]!.capacityTypes.includes('spot');
		const same = nodes.filter(({order}) => replacement.types.includes(order.type)).map(node => this.#priceOf(node));
		const most = Math.min(Number.POSITIVE_INFINITY, ...same);
		const types = replacement.types.filter(type => this.#worstPrice(type, hasSpot) < most);
		return types.length === 0 ? undefined : {nodes, replacement: {...replacement, types}};
	}
}
