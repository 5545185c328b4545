import type {MetricTarget} from '../hpa-spec.ts';

/** Source of a trigger's value. */
export type TriggerSource =
	/** The HPA asks for it itself; of one container where that is named. */
	| {readonly kind: 'resource'; readonly container?: string}
	| {
			readonly kind: 'prometheus';
			readonly query: string;
			/** An empty answer, and one that is no finite number, is 0; else an error. */
			readonly ignoresNullValues: boolean;
	  }
	| {
			readonly kind: 'cron';
			readonly timezone: string;
			readonly start: string;
			readonly end: string;
			readonly desiredReplicas: number;
	  }
	/** Messages of a queue: the ones that wait and, where that is asked for, the ones in work. */
	| {readonly kind: 'queue'; readonly countsInFlight: boolean}
	/** Requests that the HTTP add-on's interceptor holds or has passed on, or their rate. */
	| {readonly kind: 'interceptor'; readonly measure: 'concurrency' | 'requestRate' /** [s] */; readonly window: number}
	/** A value under a name that the experiment has a source for. */
	| {readonly kind: 'named'; readonly name: string};

/** A trigger of a ScaledObject, its metadata read. */
export type KedaTrigger = {
	/** KEDA's name of the scaler: `prometheus`, `cpu`, … */
	readonly type: string;
	/** Name that the ScaledObject gives it, which a formula uses. */
	readonly name?: string;
	/** Name of the External metric; left out for cpu and memory. */
	readonly metric?: string;
	readonly target: MetricTarget;
	/** The trigger is active above it. */
	readonly activation: number;
	/** The metrics server answers with the value of the last poll. */
	readonly usesCachedMetrics: boolean;
	/** The scaler reports activity itself between two polls. */
	readonly isPushed: boolean;
	readonly source: TriggerSource;
};

/** Metric that KEDA serves while a trigger fails. */
export type KedaFallback = {
	/** Failures in a row after which it holds, when there are more. */
	readonly failureThreshold: number;
	readonly replicas: number;
	readonly behavior:
		| 'static'
		| 'currentReplicas'
		| 'currentReplicasIfHigher'
		| 'currentReplicasIfLower'
		| 'scalingModifiers';
};

/** Formula that makes one metric of the triggers' values. */
export type ScalingModifiers = {
	readonly formula: string;
	readonly target: number;
	readonly activationTarget: number;
	readonly metricType: 'AverageValue' | 'Value';
};

/** Parts of a ScaledObject that KEDA's operator and metrics server obey, its defaults filled in. Times in seconds. */
export type KedaSpec = {
	/** Name of the ScaledObject. */
	readonly name: string;
	readonly minReplicaCount: number;
	readonly maxReplicaCount: number;
	readonly idleReplicaCount?: number;
	readonly pollingInterval: number;
	readonly cooldownPeriod: number;
	readonly initialCooldownPeriod: number;
	readonly triggers: readonly KedaTrigger[];
	readonly fallback?: KedaFallback;
	readonly modifiers?: ScalingModifiers;
	/** Paused altogether: no HPA, no decision; at so many replicas where the annotation says a number. */
	readonly paused?: {readonly replicas?: number};
	readonly pausesScaleIn?: true;
	readonly pausesScaleOut?: true;
	readonly forcesActivation?: true;
	/** Deleting the ScaledObject gives the target its first replicas again. */
	readonly restoresOriginal?: true;
};

/** Name of the metric that a formula makes. */
export const compositeMetric = 'composite-metric';

/** Whether the operator may take the last pod away. */
export function mayIdleAtZero({minReplicaCount, idleReplicaCount, triggers}: KedaSpec): boolean {
	const hasOther = triggers.some(({source}) => source.kind !== 'resource');
	return hasOther && (idleReplicaCount === 0 || (idleReplicaCount === undefined && minReplicaCount === 0));
}

/**
 * A value in thousandths as KEDA hands it on: rounded to three places, a tie to the even one, 0 where it is negative or
 * no finite number.
 *
 * @see KEDA v2.20 pkg/scalers/scaler.go, quantityFromFloat64
 */
export function milliOf(value: number): number {
	if (!Number.isFinite(value) || value < 0) {
		return 0;
	}

	const scaled = value * 1000;
	const whole = Math.floor(scaled);
	if (scaled - whole === 0.5 && scaled / 1000 === value) {
		return whole % 2 === 0 ? whole : whole + 1;
	}

	return scaled > 1e15 ? Math.round(scaled) : Math.round(Number(value.toFixed(3)) * 1000);
}
