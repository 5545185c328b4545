import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import type {SpreadConstraint} from '../../experiment/nodes/pod-placement.ts';
import type {Node} from './node.ts';
import {appForm, fitsIn, type ResourceSpace, take} from './resource-space.ts';

/** Node that is yet to be launched, with the pods that it is for. */
export type PlannedNode = {
	/** Index of its pool. */
	readonly pool: number;
	/** Indices of the types that all its pods fit, the cheapest first. */
	types: readonly number[];
	/** Index of its zone; −1 where any will do. */
	zone: number;
	readonly requests: Float64Array;
	/** Pods by their form. */
	readonly counts: [number, number];
};

/** State that a trial starts from. */
export type Trial = {
	/** Pods to place, by their form. */
	readonly counts: readonly [number, number];
	/** Nodes that they may go to, in the order in which they are tried. */
	readonly nodes: readonly Node[];
	/** Nodes that no pod goes to, but whose pods are counted where pods are spread. */
	readonly beside?: readonly Node[];
	/** Indices of the pools that may have new nodes. */
	readonly pools: readonly number[];
	/** Resources that each pool may still have: its limits less its nodes. */
	readonly remaining?: readonly Readonly<Record<string, number>>[];
	/** Zones in which no node can be launched; none when left out. */
	readonly closed?: ReadonlyMap<number, unknown>;
	/** Whether constraints that a pod would rather break than wait are kept too, as long as it finds a node. */
	readonly keepsSoft: boolean;
};

/** Result of a trial: new nodes, and the pods that find no place, by their form. */
export type Packed = {readonly claims: readonly PlannedNode[]; readonly unplaced: readonly [number, number]};

/**
 * Scheduling simulation: the largest pods first, each to the first node that has room, else to the new node with the
 * fewest pods that has room, else to another new node of the first pool that may have one.
 *
 * Pods of one form are equal, so a node that is full for one of them is full for all that follow.
 *
 * @see karpenter v1.14.1 pkg/controllers/provisioning/scheduling/scheduler.go, Solve and add; nodeclaim.go, CanAdd;
 * autoscaler cluster-autoscaler-1.36.1 estimator/binpacking_estimator.go, Estimate, which does the same for one pool
 */
export class Packing {
	readonly #nodeAutoscaler: NodeAutoscaler;
	readonly #space: ResourceSpace;
	readonly #zonePods: Int32Array;
	readonly #placed: [Node, number][] = [];
	#spread: readonly SpreadConstraint[] = [];
	#trial: Trial | undefined;
	#claims: PlannedNode[] = [];
	#remaining: Record<string, number>[] = [];

	constructor(nodeAutoscaler: NodeAutoscaler, space: ResourceSpace) {
		this.#nodeAutoscaler = nodeAutoscaler;
		this.#space = space;
		this.#zonePods = new Int32Array(nodeAutoscaler.zones.length);
	}

	/** Nodes that the last trial placed pods on, with their form. */
	get placed(): readonly (readonly [Node, number])[] {
		return this.#placed;
	}

	solve(trial: Trial): Packed {
		this.#begin(trial);
		const unplaced: [number, number] = [0, 0];
		for (const form of this.#space.order) {
			let from = 0;
			for (let left = trial.counts[form]!; left > 0; left--) {
				const at = this.#place(form, from);
				if (at === -1) {
					unplaced[form] = left;
					break;
				}

				from = at;
			}
		}

		return {claims: this.#claims, unplaced};
	}

	#begin(trial: Trial): void {
		const {placement} = this.#nodeAutoscaler;
		this.#trial = trial;
		this.#claims = [];
		this.#placed.length = 0;
		this.#remaining = (trial.remaining ?? []).map(limits => ({...limits}));
		this.#spread = placement.spread.filter(({isHard}) => isHard || trial.keepsSoft);
		this.#zonePods.fill(0);
		const isSpread = this.#spread.length > 0 || placement.mostOnNode !== undefined;
		for (const node of trial.nodes) {
			node.trial.set(node.free);
			node.trialCounts[appForm] = isSpread ? node.activeCount : 0;
			this.#zonePods[node.order.zone]! += node.trialCounts[appForm]!;
		}

		for (const node of isSpread ? (trial.beside ?? []) : []) {
			this.#zonePods[node.order.zone]! += node.activeCount;
		}
	}

	/** Places a pod. @returns index of the node from which the next is tried; −1 where there is no place */
	#place(form: number, from: number): number {
		const at = this.#onNode(form, from);
		if (at !== -1) {
			return at;
		}

		const {length} = this.#trial!.nodes;
		if (this.#onClaim(form) || this.#onNew(form)) {
			return this.#isSpreading(form) ? 0 : length;
		}

		// A constraint that may be broken is given up, for this pod and for those after it.
		const hard = this.#spread.filter(({isHard}) => isHard);
		if (form !== appForm || hard.length === this.#spread.length) {
			return -1;
		}

		this.#spread = hard;
		return this.#place(form, 0);
	}

	#isSpreading(form: number): boolean {
		return form === appForm && this.#spread.length > 0;
	}

	#onNode(form: number, from: number): number {
		const requests = this.#space.requests[form]!;
		const {nodes} = this.#trial!;
		const isSpreading = this.#isSpreading(form);
		for (let index = from; index < nodes.length; index++) {
			const node = nodes[index]!;
			if (
				fitsIn(requests, node.trial) &&
				this.#mayHave(form, node.trialCounts[appForm]!) &&
				(!isSpreading || this.#keepsZones(node.order.zone))
			) {
				take(node.trial, requests, 1);
				this.#count(form, node.trialCounts, node.order.zone);
				this.#placed.push([node, form]);
				return isSpreading ? 0 : index;
			}
		}

		return -1;
	}

	#onClaim(form: number): boolean {
		const requests = this.#space.requests[form]!;
		const claims = this.#claims;
		let best: PlannedNode | undefined;
		let bestTypes: readonly number[] = [];
		for (const claim of claims) {
			const {counts, zone} = claim;
			const isFewer = best === undefined || counts[0] + counts[1] < best.counts[0] + best.counts[1];
			if (
				isFewer &&
				this.#mayHave(form, counts[appForm]) &&
				(!this.#isSpreading(form) || zone === -1 || this.#keepsZones(zone))
			) {
				const types = this.#typesFor(claim.types, claim.requests, requests);
				if (types.length > 0) {
					best = claim;
					bestTypes = types;
				}
			}
		}

		if (best === undefined) {
			return false;
		}

		if (best.zone === -1 && this.#isSpreading(form)) {
			const zone = this.#leastZone(best.pool);
			if (zone === undefined) {
				return false;
			}

			best.zone = zone;
		}

		best.types = bestTypes;
		this.#add(best, form);
		return true;
	}

	#onNew(form: number): boolean {
		const {types} = this.#nodeAutoscaler;
		for (const pool of this.#trial!.pools) {
			const zone = this.#leastZone(pool, form);
			if (zone === undefined) {
				continue;
			}

			const requests = new Float64Array(this.#space.requests[form]!.length);
			const limits = this.#remaining[pool];
			const open = this.#nodeAutoscaler.pools[pool]!.types.filter(type => isWithin(types[type]!.capacity, limits));
			const fitting = this.#typesFor(open, requests, this.#space.requests[form]!);
			if (fitting.length > 0) {
				const claim: PlannedNode = {pool, types: fitting, zone, requests, counts: [0, 0]};
				this.#add(claim, form);
				this.#claims.push(claim);
				this.#subtractLargest(pool, fitting);
				return true;
			}
		}

		return false;
	}

	/** Pessimistic: the largest type of a claim counts. @see karpenter v1.14.1 scheduling/scheduler.go, subtractMax */
	#subtractLargest(pool: number, fitting: readonly number[]): void {
		const {types} = this.#nodeAutoscaler;
		const limits = this.#remaining[pool];
		for (const name of Object.keys(limits ?? {})) {
			const most = name === 'nodes' ? 1 : Math.max(...fitting.map(type => types[type]!.capacity[name] ?? 0));
			limits![name]! -= most;
		}
	}

	#add(claim: PlannedNode, form: number): void {
		take(claim.requests, this.#space.requests[form]!, -1);
		this.#count(form, claim.counts, claim.zone);
	}

	#count(form: number, counts: number[], zone: number): void {
		counts[form]! += 1;
		if (form === appForm && zone !== -1) {
			this.#zonePods[zone]! += 1;
		}
	}

	#typesFor(types: readonly number[], taken: Float64Array, requests: Float64Array): readonly number[] {
		const {rooms} = this.#space;
		return types.filter(type => {
			const room = rooms[type]!;
			for (let index = 0; index < requests.length; index++) {
				if (taken[index]! + requests[index]! > room[index]! * (1 + 1e-9)) {
					return false;
				}
			}

			return true;
		});
	}

	/** Whether a node with so many pods of the Deployment may have another one. */
	#mayHave(form: number, pods: number): boolean {
		const {mostOnNode = Number.POSITIVE_INFINITY} = this.#nodeAutoscaler.placement;
		return (
			form !== appForm ||
			(pods < mostOnNode && this.#spread.every(({over, maxSkew}) => over !== 'hostname' || pods < maxSkew))
		);
	}

	#keepsZones(zone: number): boolean {
		return this.#spread.every(
			constraint =>
				constraint.over !== 'zone' || this.#zonePods[zone]! + 1 - this.#fewestInZone(constraint) <= constraint.maxSkew,
		);
	}

	#fewestInZone({minDomains = 0}: SpreadConstraint): number {
		const zones = new Set(this.#nodeAutoscaler.pools.flatMap(pool => pool.zones));
		return zones.size < minDomains ? 0 : Math.min(...[...zones].map(zone => this.#zonePods[zone]!));
	}

	/** Zone of a pool with the fewest pods that keeps the constraints; −1 where any will do, undefined where none. */
	#leastZone(pool: number, form: number = appForm): number | undefined {
		const {closed} = this.#trial!;
		const {zones: all} = this.#nodeAutoscaler.pools[pool]!;
		const zones = closed === undefined || closed.size === 0 ? all : all.filter(zone => !closed.has(zone));
		if (form !== appForm || !this.#spread.some(({over}) => over === 'zone')) {
			return zones.length > 0 ? -1 : undefined;
		}

		const open = zones.filter(zone => this.#keepsZones(zone));
		return open.toSorted((a, b) => this.#zonePods[a]! - this.#zonePods[b]!)[0];
	}
}

function isWithin(capacity: Readonly<Record<string, number>>, limits: Readonly<Record<string, number>> = {}): boolean {
	return Object.entries(limits).every(
		([name, left]) => (name === 'nodes' ? 1 : (capacity[name] ?? 0)) <= left * (1 + 1e-9),
	);
}
