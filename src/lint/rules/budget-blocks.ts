import {evictionsAllowed, type PodBudget} from '../../experiment/nodes/disruption-budget.ts';
import type {Rule} from '../finding.ts';
import {type LintedBudget, objectWords} from '../subject.ts';
import {drainLine} from '../witness/drain-line.ts';

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
		for (const linted of budgets) {
			const budget = podBudgetOf(linted);
			const allowedAt = (pods: number) =>
				budget === undefined ? pods : evictionsAllowed(budget, {expected: pods, healthy: pods});
			if (budget === undefined || allowedAt(least) > 0) {
				continue;
			}

			const always = allowedAt(maxReplicas) <= 0;
			const key = linted.maxUnavailable === undefined ? 'minAvailable' : 'maxUnavailable';
			yield {
				severity: 'warning',
				object: linted,
				place: linted.placeOf('spec', key),
				message: `${objectWords(linted)} lets no pod be evicted ${always ? 'at any number of pods' : `at ${least} ${least === 1 ? 'pod' : 'pods'}, the least of ${objectWords(autoscaler)}`}: ${key} is ${linted[key]}. Nodes with such a pod cannot be drained.`,
				fix: always
					? 'Set maxUnavailable to 1.'
					: `Set maxUnavailable to 1 in its place${least === 1 ? ', and minReplicas to 2 if one pod has to stay' : ''}.`,
				witness: drainLine(budget, [...new Set([least, maxReplicas])]),
			};
		}
	},
};

/** The budget as the simulator has it; undefined where it gives no bound. */
function podBudgetOf({
	minAvailable,
	maxUnavailable,
}: Pick<LintedBudget, 'minAvailable' | 'maxUnavailable'>): PodBudget | undefined {
	if (maxUnavailable !== undefined) {
		return {maxUnavailable: shareOf(maxUnavailable)};
	}

	return minAvailable === undefined ? undefined : {minAvailable: shareOf(minAvailable)};
}

function shareOf(value: number | string) {
	const [, percent] = /^(\d+)%$/.exec(String(value)) ?? [];
	return percent === undefined ? {absolute: Number(value)} : {fraction: Number(percent) / 100};
}
