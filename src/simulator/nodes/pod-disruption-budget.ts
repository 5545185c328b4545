import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import type {DeploymentController} from '../deployment-controller.ts';

/**
 * Pods that a PodDisruptionBudget lets be evicted now: the healthy ones beyond the ones that must stay.
 *
 * @returns Infinity without a budget
 * @see kubernetes v1.34 pkg/controller/disruption/disruption.go, getExpectedPodCount, updatePdbStatus
 */
export function disruptionsAllowed(
	budget: NodeAutoscaler['podDisruptionBudget'],
	{replicas: expected, active}: DeploymentController,
): number {
	if (budget === undefined) {
		return Number.POSITIVE_INFINITY;
	}

	const amount = 'minAvailable' in budget ? budget.minAvailable : budget.maxUnavailable;
	const pods = 'absolute' in amount ? amount.absolute : Math.ceil(amount.fraction * expected - 1e-9);
	const healthy = active.filter(({isReady}) => isReady).length;
	return Math.max(0, healthy - ('minAvailable' in budget ? pods : expected - pods));
}
