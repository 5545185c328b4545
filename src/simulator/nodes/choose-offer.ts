import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import type {Node, NodeOrder} from './node.ts';
import type {PlannedNode} from './packing.ts';

/** Nodes that are there or on their way, and zones in which none can be launched. */
type Surroundings = {readonly all: readonly Node[]; readonly closedZones: ReadonlyMap<number, unknown>};

/** The cheapest node that a claim allows; of equal ones in the zone with the fewest nodes. */
export function chooseOffer(
	{pool, types: claimed, zone}: PlannedNode,
	{pools, types}: NodeAutoscaler,
	{all, closedZones}: Surroundings,
): NodeOrder {
	const {zones, capacityTypes} = pools[pool]!;
	const price = (type: number, capacityType: (typeof capacityTypes)[number]) => types[type]!.perHour[capacityType];
	const offers = claimed.flatMap(type => capacityTypes.map(capacityType => ({type, capacityType})));
	const best = offers.reduce((a, b) => (price(b.type, b.capacityType) < price(a.type, a.capacityType) ? b : a));
	const open = closedZones.size === 0 ? zones : zones.filter(one => !closedZones.has(one));
	const isFree = zone === -1 || closedZones.has(zone);
	return {pool, ...best, zone: isFree ? emptiestZone(open.length > 0 ? open : zones, all) : zone};
}

function emptiestZone(zones: readonly number[], all: readonly Node[]): number {
	const count = (zone: number) => all.reduce((sum, {order}) => sum + (order.zone === zone ? 1 : 0), 0);
	return zones.reduce((best, zone) => (count(zone) < count(best) ? zone : best));
}
