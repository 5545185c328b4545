import type {Rule} from '../finding.ts';
import {type LintedBudget, objectWords} from '../subject.ts';

/** A PodDisruptionBudget that lets no pod go at the fewest pods. */
export const budgetBlocks: Rule = {
	id: 'budget-blocks-drains',
	severity: 'warning',
	title: 'a PodDisruptionBudget that lets no pod be evicted at the fewest pods',
	reason:
		'An eviction waits until the budget allows it. Where the budget wants as many pods as there are, no node can be drained, and no node autoscaler can take one away.',
	*check({autoscaler, budgets}) {
		const {minReplicas, maxReplicas} = autoscaler.spec;
		const least = Math.max(1, minReplicas);
		for (const budget of budgets) {
			if (allowed(budget, least) > 0) {
				continue;
			}

			const always = allowed(budget, maxReplicas) <= 0;
			const key = budget.maxUnavailable === undefined ? 'minAvailable' : 'maxUnavailable';
			const value = budget[key];
			yield {
				severity: 'warning',
				object: budget,
				place: budget.placeOf('spec', key),
				message: `${objectWords(budget)} lets no pod be evicted ${always ? 'at any number of pods' : `at ${least} ${least === 1 ? 'pod' : 'pods'}, the least of ${objectWords(autoscaler)}`}: ${key} is ${value}. Nodes with such a pod cannot be drained.`,
				fix: always
					? 'Set maxUnavailable to 1.'
					: `Set maxUnavailable to 1 in its place${least === 1 ? ', and minReplicas to 2 if one pod has to stay' : ''}.`,
				witness: {
					load: 'Any load, and a node that is drained',
					from: 'calculator',
					timeline: [...new Set([least, maxReplicas])].map(replicas => ({
						at: 0,
						replicas,
						desired: replicas,
						metrics: [],
						remark: `at ${replicas} Ready pods the budget allows ${Math.max(0, allowed(budget, replicas))} evictions`,
					})),
					cases: [],
				},
			};
		}
	},
};

/**
 * Evictions that a budget allows while all pods are healthy.
 *
 * @see kubernetes v1.34 pkg/controller/disruption/disruption.go, getExpectedPodCount: percentages are rounded up
 */
export function allowed(
	{minAvailable, maxUnavailable}: Pick<LintedBudget, 'minAvailable' | 'maxUnavailable'>,
	replicas: number,
): number {
	if (maxUnavailable !== undefined) {
		return Math.min(replicas, scaled(maxUnavailable, replicas));
	}

	return minAvailable === undefined ? replicas : replicas - scaled(minAvailable, replicas);
}

function scaled(value: number | string, replicas: number): number {
	const [, percent] = /^(\d+)%$/.exec(String(value)) ?? [];
	return percent === undefined ? Number(value) : Math.ceil((Number(percent) * replicas) / 100);
}
