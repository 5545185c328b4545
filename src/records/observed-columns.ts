import {double, int32, type TableForm, type TableOf, text} from './column.ts';

/**
 * Columns of the tables that only a measured record has, in its folder `observed/`. Times are seconds from
 * the start of the schedule, NaN where there is none.
 */
export const observedColumns = {
	/** One row for each row of `requests`: where its time went, as the pod saw it. */
	timings: {
		status: int32,
		error: text,
		wantedPromptTokens: int32,
		wantedOutputTokens: int32,
		historyTurns: int32,
		doneReason: text,
		receivedSeconds: double,
		waitingSeconds: double,
		queuedSeconds: double,
		loadSeconds: double,
		promptEvalSeconds: double,
		evalSeconds: double,
		ollamaSeconds: double,
		backendSeconds: double,
		loopbackSeconds: double,
	},
	/** Each state that a pod was seen in: `view` is a `PodView` of the autoscaler, `containers` their states, JSON both. */
	podStates: {seconds: double, pod: text, view: text, containers: text},
	/** Each change of the Deployment's scale. */
	scale: {seconds: double, specReplicas: int32, statusReplicas: int32},
	/** Each status of the HPA, JSON. */
	hpa: {seconds: double, status: text},
	/** Log lines of the autoscaler's controller; -1 where a line has no number. */
	controller: {
		seconds: double,
		step: text,
		desiredReplicas: int32,
		currentReplicas: int32,
		metric: text,
		sampledSeconds: double,
		words: text,
	},
	events: {seconds: double, object: text, reason: text, message: text, count: int32},
	/** Counters of each container's cgroup since it started. */
	throttling: {
		seconds: double,
		pod: text,
		container: text,
		periods: double,
		throttledPeriods: double,
		throttledSeconds: double,
		usageSeconds: double,
	},
	/** Fractions of all cores of a node's machine since the row before. */
	nodes: {seconds: double, node: text, busy: double, steal: double},
	/** One row for each node that Karpenter made: times NaN where it was there before, or is there still. */
	poolNodes: {
		node: text,
		pool: text,
		instanceType: text,
		zone: text,
		market: text,
		orderedSeconds: double,
		launchedSeconds: double,
		readySeconds: double,
		goneSeconds: double,
		reason: text,
	},
	backends: {seconds: double, pod: text, tenant: text, inFlight: int32, queueLength: int32},
	faults: {seconds: double, kind: text, hit: text},
	/** Each value that external.metrics.k8s.io served of a metric, in its own unit; NaN where it served none. */
	external: {seconds: double, metric: text, value: double},
	/** Each status of the ScaledObject: its condition Active, and when a trigger was last active. */
	scaledObject: {seconds: double, active: text, createdSeconds: double, lastActiveSeconds: double},
} as const satisfies Record<string, TableForm>;

/** Observed tables of a measured record in memory. */
export type ObservedTables = {[Table in keyof typeof observedColumns]: TableOf<(typeof observedColumns)[Table]>};

export const observedNames = Object.keys(observedColumns) as readonly (keyof ObservedTables)[];
