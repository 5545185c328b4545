import type {RandomStream} from '../../engine/random-stream.ts';
import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import type {PlannedNode} from './packing.ts';
import {appForm, type ResourceSpace, spareForm} from './resource-space.ts';

/** Nodes of one group that could be added, and the pods that would run on them, by their form. */
export type Expansion = {
	readonly pool: number;
	readonly claims: readonly PlannedNode[];
	readonly placed: readonly [number, number];
};

type Surroundings = {
	readonly settings: Extract<NodeAutoscaler, {kind: 'cluster-autoscaler'}>;
	readonly space: ResourceSpace;
	readonly draws: RandomStream;
};

/**
 * The expansion that the expander chooses; one of equal ones is drawn. `price` is the price of the nodes by the pods that
 * they are for, where the Cluster Autoscaler also weighs the size of the cluster.
 *
 * @see autoscaler cluster-autoscaler-1.36.1 expander/waste/waste.go, leastnodes/leastnodes.go, mostpods/mostpods.go,
 * price/price.go, random/random.go
 */
export function chooseGroup(expansions: readonly Expansion[], surroundings: Surroundings): Expansion | undefined {
	const scored = expansions.map(expansion => ({expansion, score: scoreOf(expansion, surroundings)}));
	const least = Math.min(...scored.map(({score}) => score));
	const best = scored.filter(({score}) => score <= least);
	return best.length < 2 ? best[0]?.expansion : best[Math.floor(surroundings.draws.uniform() * best.length)]!.expansion;
}

/** The lower the better. */
function scoreOf({pool, claims, placed}: Expansion, {settings, space}: Surroundings): number {
	const {types, capacityTypes} = settings.pools[pool]!;
	const {capacity, perHour} = settings.types[types[0]!]!;
	const pods = placed[appForm] + placed[spareForm];
	switch (settings.expander) {
		case 'least-nodes':
			return claims.length;
		case 'most-pods':
			return -pods;
		case 'price':
			return (perHour[capacityTypes[0]!] * claims.length) / pods;
		case 'random':
			return 0;
		case 'least-waste': {
			const wasted = (index: number, room: number) => {
				const wanted = space.requests.reduce((sum, form, which) => sum + form[index]! * placed[which]!, 0);
				return (room * claims.length - wanted) / (room * claims.length);
			};
			return wasted(0, capacity.cpu ?? 0) + wasted(1, capacity.memory ?? 0);
		}
	}
}
