import {isWithinTolerance, multiplyDivide, type RatioBand, toInt32} from './arithmetic.ts';
import type {ReconcileInput} from './contracts.ts';
import type {MetricOutcome} from './pod-groups.ts';
import {groupPods, type PodGroups} from './pod-groups.ts';
import {type ReleaseRules, rulesOf} from './release-rules.ts';
import {requestsOf} from './requests.ts';
import {type MetricSample, type PodMetricSpec, readSamples} from './samples.ts';

/** Usage against target over a set of samples. */
type Usage = {readonly ratio: number; readonly utilization?: number; readonly averageValueMilli: number};

type Samples = Map<string, MetricSample>;

/** Reading of samples for one kind of target: `missingValue` is the value of a pod without metrics on the way down. */
type Gauge = {
	readonly usageOf: (samples: Samples) => Usage | string;
	readonly missingValue: (pod: string) => number;
	readonly isUtilization: boolean;
};

/**
 * Replicas that a metric of pods asks for: Resource, ContainerResource or Pods.
 *
 * @see kubernetes pkg/controller/podautoscaler/replica_calculator.go, GetResourceReplicas and calcPlainMetricReplicas
 */
export function podMetricReplicas(metric: PodMetricSpec, input: ReconcileInput, tolerance: RatioBand): MetricOutcome {
	const samples = readSamples(metric, input);
	if (typeof samples === 'string') {
		return {error: samples};
	}

	const {pods, now, controller} = input;
	if (pods.length === 0) {
		return {error: 'no pods returned by selector while calculating replica count'};
	}

	const isCpu = metric.type !== 'Pods' && metric.name === 'cpu';
	const groups = groupPods({pods, samples, isCpu, now, controller});
	for (const name of groups.ignored) {
		samples.delete(name);
	}

	for (const name of groups.unready) {
		samples.delete(name);
	}

	const rules = rulesOf(controller.kubernetes);
	const gauge = samples.size > 0 || !rules.looksAtMetricsFirst ? gaugeOf(metric, input, rules) : '';
	if (samples.size === 0) {
		const pods = rules.saysTargetedPods ? 'targeted pods (pods might be unready)' : 'any ready pods';
		return {error: typeof gauge === 'string' && gauge !== '' ? gauge : `did not receive metrics for ${pods}`, groups};
	}

	const usage = typeof gauge === 'string' ? gauge : gauge.usageOf(samples);
	return typeof gauge === 'string' || typeof usage === 'string'
		? {error: String(usage), groups}
		: replicasFor({gauge, usage, samples, groups, tolerance, currentReplicas: input.specReplicas, rules});
}

type ReplicasInput = {
	readonly gauge: Gauge;
	readonly usage: Usage;
	readonly samples: Samples;
	readonly groups: PodGroups;
	readonly tolerance: RatioBand;
	readonly currentReplicas: number;
	readonly rules: ReleaseRules;
};

function replicasFor({gauge, usage, samples, groups, tolerance, currentReplicas, rules}: ReplicasInput): MetricOutcome {
	const {ratio} = usage;
	const outcome = (proposal: number, rebalancedRatio?: number): MetricOutcome => ({
		proposal,
		averageValueMilli: usage.averageValueMilli,
		...(usage.utilization !== undefined && {utilization: usage.utilization}),
		usageRatio: ratio,
		...(rebalancedRatio !== undefined && {rebalancedRatio}),
		groups,
	});

	const countsUnready = groups.unready.length > 0 && ratio > 1;
	if (!countsUnready && groups.missing.length === 0) {
		return outcome(
			isWithinTolerance(tolerance, ratio) ? currentReplicas : toInt32(Math.ceil(ratio * groups.readyPodCount)),
		);
	}

	rebalance(samples, groups, ratio, {
		...gauge,
		leavesMissingOnTarget: gauge.isUtilization || rules.leavesMissingOnTarget,
	});
	const again = gauge.usageOf(samples);
	if (typeof again === 'string') {
		return {error: again, groups};
	}

	const proposal = toInt32(Math.ceil(again.ratio * samples.size));
	const isTurned = (again.ratio < 1 && proposal > currentReplicas) || (again.ratio > 1 && proposal < currentReplicas);
	const isHeld =
		isWithinTolerance(tolerance, again.ratio) ||
		(ratio < 1 && again.ratio > 1) ||
		(ratio > 1 && again.ratio < 1) ||
		(rules.holdsTurnedChanges && isTurned);
	return outcome(isHeld ? currentReplicas : proposal, again.ratio);
}

// Pods that say nothing are taken to use whatever speaks against the change.
function rebalance(
	samples: Samples,
	{missing, unready}: PodGroups,
	ratio: number,
	{missingValue, leavesMissingOnTarget}: Pick<Gauge, 'missingValue'> & {readonly leavesMissingOnTarget: boolean},
): void {
	if (ratio !== 1 || !leavesMissingOnTarget) {
		for (const name of missing) {
			samples.set(name, {value: ratio < 1 ? missingValue(name) : 0, timestamp: 0, window: 0});
		}
	}

	if (ratio > 1) {
		for (const name of unready) {
			samples.set(name, {value: 0, timestamp: 0, window: 0});
		}
	}
}

function gaugeOf(metric: PodMetricSpec, {pods, controller}: ReconcileInput, rules: ReleaseRules): Gauge | string {
	const {target} = metric;
	if (target.type !== 'Utilization') {
		const targetMilli = target.type === 'AverageValue' ? target.averageValueMilli : target.valueMilli;
		return {
			usageOf: samples => averageUsage(samples, targetMilli),
			missingValue: () => targetMilli,
			isUtilization: false,
		};
	}

	const container = metric.type === 'ContainerResource' ? metric.container : undefined;
	const requests = requestsOf(pods, metric.name, container, controller.kubernetes);
	if (typeof requests === 'string') {
		return requests;
	}

	const fallbackPercent = rules.missingPodsUseTarget ? Math.max(100, target.averageUtilization) : 100;
	return {
		usageOf: samples => utilizationUsage(samples, requests, target.averageUtilization),
		missingValue: name => multiplyDivide(requests.get(name) ?? 0, fallbackPercent, 100),
		isUtilization: true,
	};
}

// Samples of pods outside the selector count here…
function averageUsage(samples: Samples, targetMilli: number): Usage {
	let total = 0;
	for (const {value} of samples.values()) {
		total += value;
	}

	const averageValueMilli = Math.trunc(total / samples.size);
	return {ratio: averageValueMilli / targetMilli, averageValueMilli};
}

// …and not here, for they have no request.
function utilizationUsage(
	samples: Samples,
	requests: ReadonlyMap<string, number>,
	averageUtilization: number,
): Usage | string {
	let total = 0;
	let totalRequest = 0;
	let count = 0;
	for (const [name, {value}] of samples) {
		const request = requests.get(name);
		if (request !== undefined) {
			total += value;
			totalRequest += request;
			count++;
		}
	}

	if (totalRequest === 0) {
		return 'no metrics returned matched known pods';
	}

	const utilization = multiplyDivide(total, 100, totalRequest) | 0;
	return {ratio: utilization / averageUtilization, utilization, averageValueMilli: Math.trunc(total / count)};
}
