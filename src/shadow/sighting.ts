import type {HpaSpec} from '../autoscaler/hpa-spec.ts';
import type {HpaStatus} from '../autoscaler/live-answer.ts';
import type {PodView, ReconcileInput} from '../autoscaler/reconcile.ts';

/*
 * Sightings of a cluster, in the order in which they were made. Times are seconds since 1970 on the clock of the machine
 * that looks; `at` is when the sighting was made, which is later than the change itself.
 */

export type Sighting =
	| HpaSighting
	| ScaleSighting
	| PodsSighting
	| MetricsSighting
	| ScaledObjectSighting
	| {readonly type: 'lost'; readonly at: number}
	| GapSighting
	| HpaGone;

/** The HPA as it is now. */
export type HpaSighting = {
	readonly type: 'hpa';
	readonly at: number;
	readonly spec: HpaSpec;
	readonly status: HpaStatus;
	/** Whole second in which the API server took the last write of the status, by its own clock [s]. */
	readonly written?: number;
	/** Field manager that wrote the status last. */
	readonly by?: string;
};

/** The scale of the target. */
export type ScaleSighting = {
	readonly type: 'scale';
	readonly at: number;
	readonly specReplicas: number;
	readonly statusReplicas: number;
	/** Field manager that wrote the replicas last. */
	readonly by?: string;
};

/** Pods under the selector of the target, all of them. */
export type PodsSighting = {readonly type: 'pods'; readonly at: number; readonly pods: readonly PodView[]};

/** Answers of the metrics APIs. */
export type ServedMetrics = Pick<ReconcileInput, 'podMetrics' | 'objectMetrics' | 'externalMetrics'>;

/** Answers of the metrics APIs that differ from the ones before. */
export type MetricsSighting = {
	readonly type: 'metrics';
	/** Time of the last question that still got the answers before [s]. */
	readonly since: number;
	readonly at: number;
	readonly metrics: ServedMetrics;
	/** Refusals of the metrics APIs, in their words. */
	readonly refusals: readonly string[];
};

/** The ScaledObject from which KEDA made the HPA. */
export type ScaledObjectSighting = {
	readonly type: 'scaledObject';
	readonly at: number;
	readonly created?: number;
	/** Time at which a trigger was last active, by KEDA's operator [s]. */
	readonly lastActive?: number;
};

/** A watch that was lost goes on: it was broken for some seconds, and changes in that time came late. */
type GapSighting = {readonly type: 'gap'; readonly at: number; readonly seconds: number};

/** The HPA was deleted. */
type HpaGone = {readonly type: 'gone'; readonly at: number};
