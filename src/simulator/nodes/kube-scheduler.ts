import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import type {SpreadConstraint} from '../../experiment/nodes/pod-placement.ts';
import type {Node} from './node.ts';
import {appForm, fitsIn, type ResourceSpace} from './resource-space.ts';

/** Constraints of pods without any of their own. @see kubernetes v1.34 podtopologyspread/plugin.go, systemDefaultConstraints */
const usualSpread: readonly SpreadConstraint[] = [
	{over: 'hostname', maxSkew: 3, isHard: false},
	{over: 'zone', maxSkew: 5, isHard: false},
];

/** Weight of topology spread beside those of the other scores, which are 1. @see kubernetes v1.34 apis/config/v1/default_plugins.go */
const spreadWeight = 2;

/**
 * Node for a pod as kube-scheduler finds it: of those with room that keep the spread constraints, the one with the best
 * score by LeastAllocated, balanced allocation and spread; the oldest of equal ones, where kube-scheduler draws one.
 * Taints, selectors and affinities are settled before: a pool whose nodes cannot take the pods has none.
 *
 * @see kubernetes v1.34 pkg/scheduler/framework/plugins: noderesources/least_allocated.go, balanced_allocation.go,
 * podtopologyspread/filtering.go, scoring.go
 */
export class KubeScheduler {
	readonly #space: ResourceSpace;
	readonly #hard: readonly SpreadConstraint[];
	readonly #soft: readonly SpreadConstraint[];
	readonly #mostOnNode: number;
	readonly #zonePods: Int32Array;
	readonly #hasZone: Uint8Array;
	readonly #fit: Node[] = [];

	constructor({placement, zones}: NodeAutoscaler, space: ResourceSpace) {
		const {spread, mostOnNode = Number.POSITIVE_INFINITY} = placement;
		this.#space = space;
		this.#hard = spread.filter(({isHard}) => isHard);
		this.#soft = spread.length === 0 ? usualSpread : spread.filter(({isHard}) => !isHard);
		this.#mostOnNode = mostOnNode;
		this.#zonePods = new Int32Array(zones.length);
		this.#hasZone = new Uint8Array(zones.length);
	}

	/** @returns undefined where no node can take a pod of the form */
	find(nodes: readonly Node[], form: number): Node | undefined {
		const isApp = form === appForm;
		if (isApp) {
			this.#countZones(nodes);
		}

		const fewest = isApp && this.#hard.length > 0 ? this.#fewestPods(nodes) : 0;
		const requests = this.#space.requests[form]!;
		this.#fit.length = 0;
		for (const node of nodes) {
			if (node.isOpen && fitsIn(requests, node.free) && (!isApp || this.#keepsSpread(node, fewest))) {
				this.#fit.push(node);
			}
		}

		return this.#best(form);
	}

	#countZones(nodes: readonly Node[]): void {
		this.#zonePods.fill(0);
		this.#hasZone.fill(0);
		for (const node of nodes) {
			if (node.isReady) {
				this.#zonePods[node.order.zone]! += node.activeCount;
				this.#hasZone[node.order.zone] = 1;
			}
		}
	}

	#fewestPods(nodes: readonly Node[]): number {
		let fewest = Number.POSITIVE_INFINITY;
		for (const node of nodes) {
			fewest = node.isOpen ? Math.min(fewest, node.activeCount) : fewest;
		}

		return fewest;
	}

	#keepsSpread(node: Node, fewest: number): boolean {
		return (
			(this.#mostOnNode === Number.POSITIVE_INFINITY || node.activeCount < this.#mostOnNode) &&
			this.#hard.every(({over, maxSkew, minDomains = 0}) =>
				over === 'hostname'
					? node.activeCount + 1 - fewest <= maxSkew
					: this.#zonePods[node.order.zone]! + 1 - this.#fewestInZone(minDomains) <= maxSkew,
			)
		);
	}

	#fewestInZone(minDomains: number): number {
		let fewest = Number.POSITIVE_INFINITY;
		let domains = 0;
		for (const [zone, pods] of this.#zonePods.entries()) {
			if (this.#hasZone[zone] === 1) {
				fewest = Math.min(fewest, pods);
				domains++;
			}
		}

		return domains < minDomains ? 0 : fewest;
	}

	#best(form: number): Node | undefined {
		const isSpread = form === appForm && this.#soft.length > 0 && this.#fit.length > 1;
		let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
		for (const node of isSpread ? this.#fit : []) {
			const cost = this.#spreadCost(node);
			least = Math.min(least, cost);
			most = Math.max(most, cost);
		}

		let best: Node | undefined;
		let bestScore = Number.NEGATIVE_INFINITY;
		for (const node of this.#fit) {
			const cost = isSpread ? this.#spreadCost(node) : 0;
			const spread = !isSpread ? 0 : most === 0 ? 100 : Math.trunc((100 * (most + least - cost)) / most);
			const score = this.#resourceScore(node, form) + spreadWeight * spread;
			if (score > bestScore) {
				bestScore = score;
				best = node;
			}
		}

		return best;
	}

	/** Pods of the same domains, each more where its constraint has many domains. */
	#spreadCost(node: Node): number {
		let cost = 0;
		for (const {over, maxSkew} of this.#soft) {
			const isHost = over === 'hostname';
			const size = isHost ? this.#fit.length : this.#zonesThatFit();
			cost += (isHost ? node.activeCount : this.#zonePods[node.order.zone]!) * Math.log(size + 2) + maxSkew - 1;
		}

		return Math.round(cost);
	}

	#zonesThatFit(): number {
		let zones = 0;
		for (const has of this.#hasZone) {
			zones += has;
		}

		return zones;
	}

	#resourceScore({order, free}: Node, form: number): number {
		const requests = this.#space.requests[form]!;
		const room = this.#space.rooms[order.type]!;
		const left = (index: number) => Math.max(0, (free[index]! - requests[index]!) / room[index]!);
		const [cpu, memory] = [left(0), left(1)];
		const leastAllocated = Math.trunc((Math.trunc(100 * cpu) + Math.trunc(100 * memory)) / 2);
		// The standard deviation of two fractions is half their distance.
		return leastAllocated + Math.trunc(100 * (1 - Math.abs(cpu - memory) / 2));
	}
}
