import type {Experiment} from '../../experiment/experiment.ts';
import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import type {NodeUsage} from '../../records/node-usage.ts';
import type {RunAccount} from '../../records/pod-usage.ts';
import {costPerHour} from '../compare-baseline.ts';
import {instanceBill} from '../node-bill.ts';
import type {NodeFigures} from './node-figures.ts';
import {type NodeEffect, nodeEffects, nodesAtOnce, onlyWhenEmpty, withoutSpare} from './without-nodes.ts';

/** Runs of an experiment without a part of its node autoscaling, in the order of replications. */
export type NodeEffectRun = {readonly effect: NodeEffect; readonly run: RunAccount};

/** Parts of the experiment's node autoscaling that a run can take away. */
export function effectsOf({nodeAutoscaler: nodes}: Experiment): NodeEffect[] {
	if (nodes === undefined) {
		return [];
	}

	return [
		'wait',
		...(nodes.spare === undefined ? [] : (['spare'] as const)),
		...(consolidates(nodes) ? (['consolidation'] as const) : []),
	];
}

function consolidates(nodes: NodeAutoscaler): boolean {
	return nodes.kind === 'cluster-autoscaler'
		? nodes.scaleDownUtilizationThreshold > 0
		: nodes.pools.some(
				({consolidation: {policy, after}}) =>
					policy === 'WhenEmptyOrUnderutilized' && after !== Number.POSITIVE_INFINITY,
			);
}

/** The experiment without a part of its node autoscaling. */
export function withoutEffect(experiment: Experiment, effect: NodeEffect): Experiment {
	const change = {wait: nodesAtOnce, spare: withoutSpare, consolidation: onlyWhenEmpty}[effect];
	return experiment.nodeAutoscaler === undefined
		? experiment
		: {...experiment, nodeAutoscaler: change(experiment.nodeAutoscaler)};
}

type Result = {
	readonly dynamic: RunAccount;
	readonly baselines?: {readonly nodes?: readonly NodeEffectRun[]};
};

/** Figures of the nodes over the replications; undefined where no node autoscaler makes any. */
export function summarizeNodes(experiment: Experiment, results: readonly Result[]): NodeFigures | undefined {
	const accounts = results.flatMap(({dynamic}) => dynamic.nodes ?? []);
	const {prices, warmup: fromSeconds, duration: toSeconds} = experiment;
	if (prices.kind !== 'instances' || accounts.length === 0) {
		return undefined;
	}

	const window = {fromSeconds, toSeconds};
	const counts = accounts.map(({nodes}) => instanceBill([], nodes, {split: prices.split, window}).nodes!);
	const waits = accounts.flatMap(account => account.waits);
	return {
		mean: known((3600 * mean(counts.map(({nodeHours}) => nodeHours))) / (toSeconds - fromSeconds)),
		most: known(counts.reduce((most, count) => Math.max(most, count.most), 0)),
		waited: waits.length / accounts.length,
		waitSeconds: known(mean(waits)),
		longestWaitSeconds: waits.length === 0 ? null : waits.reduce((longest, wait) => Math.max(longest, wait), 0),
		evicted: mean(accounts.map(({evicted}) => evicted)),
		lost: mean(accounts.map(account => account.nodes.filter(isLost).length)),
		effects: nodeEffects.flatMap(effect => {
			const pairs = results.flatMap(({dynamic, baselines}) => {
				const without = baselines?.nodes?.find(run => run.effect === effect)?.run;
				return without === undefined ? [] : [{with: dynamic, without}];
			});
			const both = (of: (run: RunAccount) => number) => ({
				with: known(mean(pairs.map(pair => of(pair.with)))),
				without: known(mean(pairs.map(pair => of(pair.without)))),
			});
			return pairs.length === 0
				? []
				: [
						{
							effect,
							replications: pairs.length,
							p95Seconds: both(({requests}) => requests.latencySeconds.p95),
							costPerHour: both(run => costPerHour(experiment, run)),
						},
					];
		}),
	};
}

function isLost({removal}: NodeUsage): boolean {
	return removal === 'interrupted' || removal === 'outage';
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function known(value: number): number | null {
	return Number.isFinite(value) ? value : null;
}
