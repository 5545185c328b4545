import type {PriceBook} from '../experiment/experiment.ts';
import {heldSeconds, type PodUsage} from '../records/pod-usage.ts';
import {type Stage, stages} from '../records/stage-clock.ts';
import {type BilledWindow, billOf} from './cost.ts';

/** What one stage of the pods' lives took and cost. */
export type StageCost = {readonly podSeconds: number; readonly dollars: number};

export type StageCosts = Readonly<Record<Stage, StageCost>>;

/**
 * What the pods cost by where their time went. A pod that waits for a node is not billed; what a pod is billed is
 * shared out by time among the others. Where nodes are billed, it is what the pods take of them: the stages add up to
 * the workload's dollars, and idle capacity is none of theirs.
 */
export function stageCosts(pods: readonly PodUsage[], prices: PriceBook, window?: BilledWindow): StageCosts {
	const {workloadDollars} = billOf(pods, {prices, window});
	const podDollars = pods.map(pod => podShare(pod, prices));
	const sum = podDollars.reduce((total, dollars) => total + dollars, 0);
	const scale = sum === 0 ? 0 : workloadDollars / sum;
	const costOf = (stage: Stage): StageCost => {
		let podSeconds = 0;
		let dollars = 0;
		for (const [index, pod] of pods.entries()) {
			const held = heldSeconds(pod);
			podSeconds += pod.stages[stage];
			const share = stage === 'pending' || held === 0 ? 0 : pod.stages[stage] / held;
			dollars += podDollars[index]! * scale * share;
		}

		return {podSeconds, dollars};
	};
	return Object.fromEntries(stages.map(stage => [stage, costOf(stage)])) as StageCosts;
}

/** A pod's part of the bill, in any unit. */
function podShare(pod: PodUsage, prices: PriceBook): number {
	return prices.kind === 'nodes' ? heldSeconds(pod) : billOf([pod], {prices}).dollars;
}
