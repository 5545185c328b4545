import {assumedRelease, type ControllerFlags, defaultFlags, type Release} from './controller-flags.ts';
import type {HpaSpec} from './hpa-spec.ts';
import {rulesOf} from './release-rules.ts';

/** A container as the autoscaler sees it: requests in milli-units by resource name (1 core = 1000, 1 byte = 1000). */
export type ContainerView = {
	readonly name: string;
	/** A native sidecar: an init container with `restartPolicy: Always`. */
	readonly isSidecar?: boolean;
	readonly requests: Readonly<Record<string, number>>;
};

/** A pod that the HPA's selector matches. Times in seconds on the caller's clock, whole seconds as the API gives them. */
export type PodView = {
	readonly name: string;
	readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
	readonly startTime?: number;
	/** The Ready condition; absent when the pod has none. */
	readonly ready?: {readonly status: boolean | 'Unknown'; readonly lastTransitionTime: number};
	readonly deletionTimestamp?: number;
	/** Containers and native sidecars. */
	readonly containers: readonly ContainerView[];
	/** Pod-level requests in milli-units, which replace the containers' from Kubernetes 1.34 on. */
	readonly requests?: Readonly<Record<string, number>>;
};

/**
 * Entry of one pod in metrics.k8s.io (and, in `metrics`, in custom.metrics.k8s.io). Usage in milli-units, rounded up.
 */
export type PodMetricsView = {
	readonly name: string;
	/** [s] */
	readonly timestamp: number;
	/** [s] */
	readonly window: number;
	readonly containers: readonly {readonly name: string; readonly usage: Readonly<Record<string, number>>}[];
	readonly metrics?: Readonly<Record<string, number>>;
};

/** Flags of kube-controller-manager. Seconds and fractions. */
export type ControllerConfig = {
	readonly kubernetes: Release;
	readonly toleranceUp: number;
	readonly toleranceDown: number;
	readonly cpuInitializationPeriod: number;
	readonly initialReadinessDelay: number;
	readonly downscaleStabilization: number;
};

export type ReconcileInput = {
	/** [s] */
	readonly now: number;
	readonly spec: HpaSpec;
	readonly controller: ControllerConfig;
	readonly specReplicas: number;
	readonly statusReplicas: number;
	/** Whether the HPA's condition ScaledToZero is true, which counts at 0 replicas from 1.36 on; left out: where it may go to 0. */
	readonly isScaledToZero?: boolean;
	readonly pods: readonly PodView[];
	/** `null`: the metrics API has nothing. */
	readonly podMetrics: readonly PodMetricsView[] | null;
	/** Values of Object metrics by name, in milli-units. */
	readonly objectMetrics?: Readonly<Record<string, number>>;
	/** Values of External metrics by name, in milli-units. */
	readonly externalMetrics?: Readonly<Record<string, number>>;
	/** Appears in error messages only; `default` when left out. */
	readonly namespace?: string;
};

/** State that the controller keeps in memory between reconciles. */
export type AutoscalerState = {
	recommendations: {time: number; replicas: number}[];
	scaleUps: {time: number; change: number}[];
	scaleDowns: {time: number; change: number}[];
};

export type MetricResult = {
	readonly type: string;
	readonly name: string;
	readonly proposal?: number;
	/** Percent of the request. */
	readonly utilization?: number;
	readonly averageValueMilli?: number;
	/** Value of a metric whose target is of type Value, as the status of an HPA has it. */
	readonly valueMilli?: number;
	readonly error?: string;
};

export type Decision = {
	readonly desiredReplicas: number;
	/** Largest valid proposal before stabilization and limits; absent when metrics were not consulted or all failed. */
	readonly proposal?: number;
	readonly metrics: readonly MetricResult[];
	readonly stabilized: boolean;
	readonly limited: boolean;
	/** The rule that held at each step, in the words of HPA conditions. */
	readonly reasons: readonly string[];
	/** The controller's own words, when it could not decide. */
	readonly error?: string;
	/** The unstabilized proposal to be logged; absent where the controller logs none. */
	readonly recommendation?: number;
};

type Given = {readonly kubernetes?: Release; readonly controller?: ControllerFlags};

/** Settings of the autoscaler's controller in an experiment, Kubernetes' defaults filled in. */
export function controllerConfig({kubernetes = assumedRelease, controller = {}}: Given): ControllerConfig {
	const {tolerance, cpuInitializationPeriod, initialReadinessDelay, downscaleStabilization} = {
		...defaultFlags,
		...controller,
	};
	return {
		kubernetes,
		toleranceUp: tolerance,
		toleranceDown: tolerance,
		cpuInitializationPeriod,
		initialReadinessDelay,
		downscaleStabilization,
	};
}

/** Flags of kube-controller-manager as it ships, in the release that is assumed. */
export const defaultControllerConfig: ControllerConfig = controllerConfig({});

/** Whether the tolerances of an HPA's `behavior` act in the release: the feature gate HPAConfigurableTolerance is on. */
export function obeysTolerance({kubernetes}: Pick<ControllerConfig, 'kubernetes'>): boolean {
	return rulesOf(kubernetes).obeysTolerance;
}

/** Whether the release knows an HPA's `behavior`. */
export function obeysBehavior(kubernetes: Release): boolean {
	return rulesOf(kubernetes).obeysBehavior;
}
