/**
 * Shortest time from the start of a drain to the node's end, and time between two looks at it [s].
 *
 * @see karpenter v1.14.1 controllers/node/termination/controller.go, MinDrainTime and awaitDrain
 */
const shortest = 5;
const period = 1;

/** Time at which Karpenter ends a node whose pods are gone now [s]. */
export function drainEnd(since: number, now: number): number {
	return since + Math.max(shortest, Math.ceil((now - since) / period) * period);
}
