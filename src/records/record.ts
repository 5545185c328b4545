import type {RecordHead} from './record-head.ts';

export type {Arm, RecordHead} from './record-head.ts';

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

/** Events of a pod, in the order of time. */
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

/** A record in memory; `omitted` are the tables that were too long to be kept and have no rows here. */
export type Recording = {head: RecordHead; tables: RecordTables; omitted?: readonly (keyof RecordTables)[]};

export type ColumnType = 'DOUBLE' | 'INT32' | 'STRING';

/** Columns of a record's tables in the order of the file: Parquet type by name. No column has nulls. */
export const recordColumns = {
	requests: {
		scheduledSeconds: 'DOUBLE',
		sentSeconds: 'DOUBLE',
		startedSeconds: 'DOUBLE',
		firstTokenSeconds: 'DOUBLE',
		endedSeconds: 'DOUBLE',
		tenant: 'STRING',
		conversation: 'INT32',
		pod: 'STRING',
		promptTokens: 'INT32',
		outputTokens: 'INT32',
		outcome: 'STRING',
	},
	pods: {pod: 'STRING', event: 'STRING', seconds: 'DOUBLE'},
	decisions: {
		seconds: 'DOUBLE',
		currentReplicas: 'INT32',
		desiredReplicas: 'INT32',
		proposals: 'STRING',
		reasons: 'STRING',
	},
	samples: {
		seconds: 'DOUBLE',
		pod: 'STRING',
		container: 'STRING',
		cpuCores: 'DOUBLE',
		memoryBytes: 'DOUBLE',
		sampledSeconds: 'DOUBLE',
		windowSeconds: 'DOUBLE',
	},
} as const satisfies {[Table in keyof RecordTables]: {[Column in keyof RecordTables[Table]]: ColumnType}};

export type TableName = keyof typeof recordColumns;

export const tableNames = Object.keys(recordColumns) as readonly TableName[];

const outcomes: readonly Outcome[] = ['completed', 'failed', 'timedOut', 'inFlight'];
const podEvents: readonly PodEvent[] = [
	'created',
	'scheduled',
	'started',
	'modelLoaded',
	'ready',
	'notReady',
	'endpointAdded',
	'endpointRemoved',
	'containerRestarted',
	'terminating',
	'gone',
];

/** Allowed words in columns of a record's tables; other text columns hold any text. */
export const recordWords: Readonly<Record<TableName, Readonly<Record<string, readonly string[]>>>> = {
	requests: {outcome: outcomes},
	pods: {event: podEvents},
	decisions: {},
	samples: {},
};
