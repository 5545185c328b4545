import type {Experiment, PriceBook} from '../experiment/experiment.ts';
import type {NodeUsage} from '../records/node-usage.ts';
import {heldSeconds, type PodUsage, type RunAccount} from '../records/pod-usage.ts';
import {type Stage, stages} from '../records/stage-clock.ts';
import {type Bill, type BilledWindow, billOf} from './cost.ts';
import {type Energy, energyOf} from './energy.ts';
import {fitsNode} from './pack-nodes.ts';

const secondsPerHour = 3600;

/** Cost and energy of one run, simulated or measured; dollars of the measured window. */
export type RunEconomics = {
	readonly bill: Bill;
	/** Cost of each stage of the pods' time. */
	readonly stages: StageCosts;
	/** Cost of the pods that the autoscaler kept although its metrics asked for fewer. */
	readonly slowScaleDownDollars: number;
	readonly energy: Energy;
	/** NaN when no request completed. */
	readonly dollarsPerThousandRequests: number;
	readonly dollarsPerMillionOutputTokens: number;
	/** The whole bill by the tokens of prompts, as `dollarsPerMillionOutputTokens` is by those of answers. */
	readonly dollarsPerMillionInputTokens: number;
	/** CPU time of the pods for each completed request [core-s]. */
	readonly cpuSecondsPerRequest: number;
};

type Terms = Pick<Experiment, 'prices' | 'energy' | 'warmup' | 'duration'>;

/**
 * Economics of a run at the experiment's own prices.
 *
 * @param run - a simulated run, or what `readAccount` makes of a record
 */
export function runEconomics(run: RunAccount, {prices, energy, warmup, duration}: Terms): RunEconomics {
	const window = {fromSeconds: warmup, toSeconds: duration};
	const bill = billOf(run.pods, {prices, window, nodes: run.nodes?.nodes});
	const podSeconds = run.pods.reduce((sum, pod) => sum + heldSeconds(pod), 0);
	const completed = run.requests.throughputPerSecond * (duration - warmup);
	const per = (amount: number, count: number) => (count === 0 ? Number.NaN : amount / count);
	return {
		bill,
		stages: stageCosts(run.pods, prices, window, run.nodes?.nodes),
		slowScaleDownDollars: podSeconds === 0 ? 0 : (bill.workloadDollars * run.heldPodSeconds) / podSeconds,
		energy: energyOf(run.pods, energy, {nodes: run.nodes, window}),
		dollarsPerThousandRequests: per(bill.dollars, completed / 1000),
		dollarsPerMillionOutputTokens: per(bill.dollars, run.requests.outputTokens / 1e6),
		dollarsPerMillionInputTokens: per(bill.dollars, run.requests.inputTokens / 1e6),
		cpuSecondsPerRequest: per(
			run.pods.reduce((sum, {cpuSeconds}) => sum + cpuSeconds, 0),
			completed,
		),
	};
}

/** A bill per hour of the window. */
export function perHour(dollars: number, {fromSeconds, toSeconds}: BilledWindow): number {
	return (dollars * secondsPerHour) / (toSeconds - fromSeconds);
}

/** The most nodes that a run needs at once; undefined when a pod fits none of them. */
export function mostNodes(run: RunAccount, prices: Extract<PriceBook, {kind: 'nodes'}>): number | undefined {
	return run.pods.every(pod => fitsNode(pod, prices)) ? billOf(run.pods, {prices}).nodes!.most : undefined;
}

/** Time and cost of one stage of the pods' lives. */
type StageCost = {readonly podSeconds: number; readonly dollars: number};

type StageCosts = Readonly<Record<Stage, StageCost>>;

/**
 * Cost of the pods by stage of their time. A pod that waits for a node is not billed; what a pod is billed is shared
 * out by time among the others. Where nodes are billed, it is what the pods take of them: the stages add up to the
 * workload's dollars, and idle capacity is none of theirs.
 */
export function stageCosts(
	pods: readonly PodUsage[],
	prices: PriceBook,
	window?: BilledWindow,
	nodes?: readonly NodeUsage[],
): StageCosts {
	const {workloadDollars} = billOf(pods, {prices, window, nodes});
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
	return prices.kind === 'nodes' || prices.kind === 'instances' ? heldSeconds(pod) : billOf([pod], {prices}).dollars;
}
