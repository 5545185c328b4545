/**
 * The tables of a record, one array a column, all columns of a table of one length.
 * Times are seconds from the start of the schedule; NaN where a thing did not happen.
 */
export type RequestTable = {
	scheduledSeconds: Float64Array;
	sentSeconds: Float64Array;
	startedSeconds: Float64Array;
	firstTokenSeconds: Float64Array;
	endedSeconds: Float64Array;
	tenant: string[];
	/** Number of the conversation within its tenant. */
	conversation: Int32Array;
	/** Empty when no pod took the request. */
	pod: string[];
	promptTokens: Int32Array;
	outputTokens: Int32Array;
	outcome: Outcome[];
};

/** `inFlight`: the run ended before the request did. */
export type Outcome = 'completed' | 'failed' | 'timedOut' | 'inFlight';

/** What happened to a pod, in the order of time. */
export type PodEvent =
	| 'created'
	| 'scheduled'
	| 'started'
	| 'modelLoaded'
	| 'ready'
	| 'notReady'
	| 'endpointAdded'
	| 'endpointRemoved'
	| 'containerRestarted'
	| 'terminating'
	| 'gone';

export type PodTable = {pod: string[]; event: PodEvent[]; seconds: Float64Array};

/** One row for each reconcile of the HPA. `proposals` and `reasons` are JSON texts. */
export type DecisionTable = {
	seconds: Float64Array;
	currentReplicas: Int32Array;
	desiredReplicas: Int32Array;
	/** `MetricResult[]` of the autoscaler. */
	proposals: string[];
	/** `string[]`: the rules that held, or the error. */
	reasons: string[];
};

/**
 * One row for each new point that the metrics API serves of a container, at the time it is first served.
 * `cpuCores` and `memoryBytes` are NaN in the row that says the API serves the pod no more. `windowSeconds` is what the API
 * says, which is not always a span: `hasSpan`.
 */
export type SampleTable = {
	seconds: Float64Array;
	pod: string[];
	container: string[];
	cpuCores: Float64Array;
	memoryBytes: Float64Array;
	sampledSeconds: Float64Array;
	windowSeconds: Float64Array;
};

/** Longer tables are not kept: they would take longer to write than the run to simulate, and more memory [rows]. */
export const longestTables = {requests: 2_000_000, pods: 2_000_000, decisions: 500_000, samples: 2_000_000} as const;

export type RecordTables = {
	requests: RequestTable;
	pods: PodTable;
	decisions: DecisionTable;
	samples: SampleTable;
};

/** `record.json`: what was run, by what, and whether the result may be used. */
export type RecordHead = {
	apiVersion: 'replicast/v1';
	kind: 'Record';
	engine: 'simulated' | 'measured';
	experiment: {name: string; hash: string; profile?: string};
	arm: Arm;
	seed: number;
	/** Number of the replication (simulated) or repeat (measured), from 0. */
	replication: number;
	durationSeconds: number;
	warmupSeconds: number;
	scheduleHash: string;
	versions: Record<string, string>;
	/** Digest by model name. */
	models: Record<string, string>;
	validity: {valid: boolean; reasons: string[]};
};

export type Arm = 'dynamic' | 'fixed';

/** A record in memory; `omitted` are the tables that were too long to be kept and have no rows here. */
export type Recording = {head: RecordHead; tables: RecordTables; omitted?: readonly (keyof RecordTables)[]};
