import {evictionsAllowed} from '../../experiment/nodes/disruption-budget.ts';
import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import type {DeploymentController} from '../deployment-controller.ts';

/**
 * Pods that a PodDisruptionBudget lets be evicted now: the healthy ones beyond the ones that must stay.
 *
 * @returns Infinity without a budget
 */
export function disruptionsAllowed(
	budget: NodeAutoscaler['podDisruptionBudget'],
	{replicas: expected, active}: DeploymentController,
): number {
	const healthy = active.filter(({isReady}) => isReady).length;
	return budget === undefined ? Number.POSITIVE_INFINITY : evictionsAllowed(budget, {expected, healthy});
}
