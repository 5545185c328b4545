import {evictionsAllowed, type PodBudget} from '../../experiment/nodes/disruption-budget.ts';
import type {Witness, WitnessStep} from './witness.ts';

/** Time between two evictions that `kubectl drain` asks for [s]. @see kubectl v1.34 pkg/drain/drain.go, evictPods */
const retry = 5;

/** Time for which a drain is tried at a number of pods [s]. */
const patience = 600;

/**
 * A drain of a node with one pod of a workload: evictions are asked for again and again, and the budget answers.
 *
 * @param sizes - numbers of pods, all of them Ready, at which the drain is tried one after the other
 */
export function drainLine(budget: PodBudget, sizes: readonly number[]): Witness {
	const timeline: WitnessStep[] = [];
	let from = 0;
	for (const replicas of sizes) {
		const refusals = refusalsAt(budget, replicas);
		const isEvicted = refusals * retry <= patience;
		const step = {replicas, desired: replicas, metrics: []};
		const allowed = evictionsAllowed(budget, {expected: replicas, healthy: replicas});
		if (isEvicted) {
			timeline.push({at: from, ...step, remark: `eviction granted: the budget allows ${allowed}`});
			from += retry;
		} else {
			timeline.push({at: from, ...step, remark: 'eviction refused: the budget allows 0'});
			from += patience;
			timeline.push({at: from, ...step, remark: `eviction refused ${refusals} times, the node is not drained`});
		}
	}

	return {
		load: `Any load, and a node with one of the pods that is drained, at ${sizes.join(' and then at ')} Ready ${sizes.at(-1) === 1 ? 'pod' : 'pods'}`,
		from: 'calculator',
		timeline,
		cases: [],
	};
}

/** Evictions that are refused before one is granted; more than the patience lasts where none is. */
function refusalsAt(budget: PodBudget, replicas: number): number {
	let refusals = 0;
	for (let at = 0; at <= patience; at += retry) {
		if (evictionsAllowed(budget, {expected: replicas, healthy: replicas}) > 0) {
			break;
		}

		refusals++;
	}

	return refusals;
}
