import {minorOf, type Release, releases} from './controller-flags.ts';

/**
 * The minor version of Kubernetes from which on a rule of the autoscaler holds. RC is
 * pkg/controller/podautoscaler/replica_calculator.go, HC horizontal.go beside it; each was read at the first patch of the
 * release and of the one before. 1.13.12 lacks the rules since 23: when they came in between was not looked up.
 */
const since = {
	/** `behavior` is known; before, it is dropped from a manifest (autoscaling/v2 types). */
	obeysBehavior: 23,
	/** Metrics of pods that are being deleted or have failed are left out; before, they stay in the mean (RC, groupPods). */
	leavesDeletedPods: 23,
	/** A pending pod is not ready; before, it is one without metrics (RC, groupPods). */
	leavesPendingPods: 23,
	/** After missing pods were given a value, a change in the other direction is held back (RC, GetResourceReplicas). */
	holdsTurnedChanges: 23,
	/** One valid metric is enough on the way up; before, a single invalid one ends the reconcile (HC, computeReplicasForMetrics). */
	toleratesInvalidMetrics: 23,
	/** An HPA may wake 0 replicas (the gate HPAScaleToZero); before, 0 replicas switch it off (HC, reconcileAutoscaler). */
	wakesZero: 23,
	/** Errors of Resource, ContainerResource and External metrics are wrapped in the kind of the metric (HC, computeReplicasForMetric). */
	wrapsMetricErrors: 25,
	/** A policy's period counts changes of both directions; before, only those of its own (HC, calculateScaleUpLimitWithScalingRules). */
	countsBothDirections: 26,
	/** A pod without metrics uses the target on the way down where that is above 100 %; before, 100 % (RC, GetResourceReplicas). */
	missingPodsUseTarget: 26,
	/** Pods without any metrics are found before a missing request is (RC, GetResourceReplicas). */
	looksAtMetricsFirst: 26,
	/** A missing request is reported with its container and pod (RC, calculatePodRequests). */
	namesContainer: 26,
	/** The error of an AverageValue says `usage` (HC, computeStatusForResourceMetricGeneric). */
	saysUsage: 26,
	/** The words `did not receive metrics for targeted pods (pods might be unready)` (RC). */
	saysTargetedPods: 27,
	/** AverageValue: pods without metrics count as 0 only above the target; before, exactly on it, too (RC, calcPlainMetricReplicas). */
	leavesMissingOnTarget: 28,
	/** Native sidecars count in the requests (RC, calculatePodRequests). */
	countsSidecarRequests: 29,
	/** The band is `1 ± tolerance`, both ends inside; before, the distance from 1 in doubles (RC, isWithin). */
	hasToleranceBand: 33,
	/** A pod without the container in its metrics is missing; before, the metric fails (metrics/client.go, getContainerMetrics). */
	allowsMissingContainers: 33,
	/** Pod-level requests replace the sum of the containers' (RC, calculateRequests). */
	readsPodLevelRequests: 34,
	/** Averages of External metrics are capped at 32 bits (RC, GetExternalPerPodMetricReplicas). */
	capsAverages: 34,
	/** `behavior.*.tolerance` acts: the gate HPAConfigurableTolerance is on (pkg/features/kube_features.go). */
	obeysTolerance: 35,
	/** A pod without the container makes the metric fail (RC, calculatePodRequestsFromContainers). */
	wantsContainer: 35,
	/** Values of Object and External metrics are capped at 32 bits (RC, getUsageRatioReplicaCount). */
	capsValues: 35,
	/** At 0 replicas the condition ScaledToZero decides whether metrics are looked at (HC, shouldComputeMetricsForZeroReplicas). */
	asksScaledToZero: 36,
} as const;

export type ReleaseRules = Readonly<Record<keyof typeof since, boolean>>;

const rulesByRelease = Object.fromEntries(
	releases.map(release => [
		release,
		Object.fromEntries(Object.entries(since).map(([rule, minor]) => [rule, minorOf(release) >= minor])),
	]),
) as Record<Release, ReleaseRules>;

/** Rules that the autoscaler of a release follows, with the feature gates that are on by default. */
export function rulesOf(release: Release): ReleaseRules {
	return rulesByRelease[release];
}
