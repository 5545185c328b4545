import {age} from './arithmetic.ts';
import type {ControllerConfig, PodView} from './contracts.ts';
import {rulesOf} from './release-rules.ts';
import type {MetricSample} from './samples.ts';

/** Group in which the controller counts a pod for a metric, and why. */
export type PodStanding =
	| 'ready'
	| 'deleting'
	| 'failed'
	| 'pending'
	| 'missing'
	| 'withoutReadyCondition'
	| 'notReadyWhileStarting'
	| 'sampleBeforeReady'
	| 'neverReady';

export type PodGroups = {
	readonly readyPodCount: number;
	/** Names of pods whose metrics are dropped for good. */
	readonly ignored: readonly string[];
	/** Names of pods whose metrics are dropped, and counted as 0 on the way up. */
	readonly unready: readonly string[];
	/** Names of pods without metrics. */
	readonly missing: readonly string[];
};

type GroupInput = {
	readonly pods: readonly PodView[];
	readonly samples: ReadonlyMap<string, MetricSample>;
	readonly isCpu: boolean;
	readonly now: number;
	readonly controller: ControllerConfig;
};

/**
 * Groups pods into counted and uncounted ones.
 *
 * @param input - `isCpu`: the metric is the CPU resource, whose samples also depend on readiness; `now` [s]
 * @see kubernetes pkg/controller/podautoscaler/replica_calculator.go, groupPods
 */
export function groupPods({pods, samples, isCpu, now, controller}: GroupInput): PodGroups {
	let readyPodCount = 0;
	const ignored: string[] = [];
	const unready: string[] = [];
	const missing: string[] = [];
	const rules = rulesOf(controller.kubernetes);
	for (const pod of pods) {
		const standing = podStandingOf(pod, samples.get(pod.name), isCpu, now, controller);
		if (standing === 'ready') {
			readyPodCount++;
		} else if (standing === 'deleting' || standing === 'failed') {
			if (rules.leavesDeletedPods) {
				ignored.push(pod.name);
			}
		} else if (standing === 'missing') {
			missing.push(pod.name);
		} else {
			unready.push(pod.name);
		}
	}

	return {readyPodCount, ignored, unready, missing};
}

/** Group of one pod; the first rule that fits holds. Arguments as in {@link groupPods}. */
export function podStandingOf(
	pod: PodView,
	sample: MetricSample | undefined,
	isCpu: boolean,
	now: number,
	controller: ControllerConfig,
): PodStanding {
	if (pod.deletionTimestamp !== undefined) {
		return 'deleting';
	}

	if (pod.phase === 'Failed') {
		return 'failed';
	}

	if (pod.phase === 'Pending' && rulesOf(controller.kubernetes).leavesPendingPods) {
		return 'pending';
	}

	if (sample === undefined) {
		return 'missing';
	}

	return isCpu ? cpuStanding(pod, sample, now, controller) : 'ready';
}

function cpuStanding(
	{startTime, ready}: PodView,
	{timestamp, window}: MetricSample,
	now: number,
	{cpuInitializationPeriod, initialReadinessDelay}: ControllerConfig,
): PodStanding {
	if (ready === undefined || startTime === undefined) {
		return 'withoutReadyCondition';
	}

	if (age(now, startTime) < cpuInitializationPeriod) {
		if (ready.status === false) {
			return 'notReadyWhileStarting';
		}

		return age(timestamp, ready.lastTransitionTime) < window ? 'sampleBeforeReady' : 'ready';
	}

	const wasNeverReady = ready.status === false && age(ready.lastTransitionTime, startTime) < initialReadinessDelay;
	return wasNeverReady ? 'neverReady' : 'ready';
}

/** Result for one metric, with its intermediate figures. */
export type MetricOutcome = {
	readonly groups?: PodGroups;
	/** Usage over target of the pods that count. */
	readonly usageRatio?: number;
	/** Figures after missing and unready pods have been given a value; absent when there was no need. */
	readonly rebalancedRatio?: number;
	readonly utilization?: number;
	readonly averageValueMilli?: number;
	readonly proposal?: number;
	readonly error?: string;
};
