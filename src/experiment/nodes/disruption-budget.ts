import type {NodeAutoscaler} from './node-autoscaler.ts';

/** Pods that evictions must leave, as a PodDisruptionBudget has it. */
export type PodBudget = NonNullable<NodeAutoscaler['podDisruptionBudget']>;

/**
 * Pods that a PodDisruptionBudget lets be evicted: the healthy ones beyond the ones that must stay. Fractions are rounded up.
 *
 * @param pods - `expected`: replicas that the workload wants; `healthy`: Ready pods
 * @see kubernetes v1.34 pkg/controller/disruption/disruption.go, getExpectedPodCount, updatePdbStatus
 */
export function evictionsAllowed(
	budget: PodBudget,
	{expected, healthy}: {readonly expected: number; readonly healthy: number},
): number {
	const amount = 'minAvailable' in budget ? budget.minAvailable : budget.maxUnavailable;
	const pods = 'absolute' in amount ? amount.absolute : Math.ceil(amount.fraction * expected - 1e-9);
	return Math.max(0, healthy - ('minAvailable' in budget ? pods : Math.max(0, expected - pods)));
}
