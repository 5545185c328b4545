import type {ColumnType} from './record.ts';

/**
 * Tables that only a measured record has, in its folder `observed/`: Parquet type by column. Times are seconds from
 * the start of the schedule, NaN where there is none.
 */
export const observedColumns = {
	/** One row for each row of `requests`: where its time went, as the pod saw it. */
	timings: {
		status: 'INT32',
		error: 'STRING',
		wantedPromptTokens: 'INT32',
		wantedOutputTokens: 'INT32',
		historyTurns: 'INT32',
		doneReason: 'STRING',
		receivedSeconds: 'DOUBLE',
		waitingSeconds: 'DOUBLE',
		queuedSeconds: 'DOUBLE',
		loadSeconds: 'DOUBLE',
		promptEvalSeconds: 'DOUBLE',
		evalSeconds: 'DOUBLE',
		ollamaSeconds: 'DOUBLE',
		backendSeconds: 'DOUBLE',
		loopbackSeconds: 'DOUBLE',
	},
	/** Each state that a pod was seen in: `view` is a `PodView` of the autoscaler, `containers` their states, JSON both. */
	podStates: {seconds: 'DOUBLE', pod: 'STRING', view: 'STRING', containers: 'STRING'},
	/** Each change of the Deployment's scale. */
	scale: {seconds: 'DOUBLE', specReplicas: 'INT32', statusReplicas: 'INT32'},
	/** Each status of the HPA, JSON. */
	hpa: {seconds: 'DOUBLE', status: 'STRING'},
	/** Log lines of the autoscaler's controller; -1 where a line has no number. */
	controller: {
		seconds: 'DOUBLE',
		step: 'STRING',
		desiredReplicas: 'INT32',
		currentReplicas: 'INT32',
		metric: 'STRING',
		sampledSeconds: 'DOUBLE',
		words: 'STRING',
	},
	events: {seconds: 'DOUBLE', object: 'STRING', reason: 'STRING', message: 'STRING', count: 'INT32'},
	/** Counters of each container's cgroup since it started. */
	throttling: {
		seconds: 'DOUBLE',
		pod: 'STRING',
		container: 'STRING',
		periods: 'DOUBLE',
		throttledPeriods: 'DOUBLE',
		throttledSeconds: 'DOUBLE',
		usageSeconds: 'DOUBLE',
	},
	/** Fractions of all cores of a node's machine since the row before. */
	nodes: {seconds: 'DOUBLE', node: 'STRING', busy: 'DOUBLE', steal: 'DOUBLE'},
	backends: {seconds: 'DOUBLE', pod: 'STRING', tenant: 'STRING', inFlight: 'INT32', queueLength: 'INT32'},
	faults: {seconds: 'DOUBLE', kind: 'STRING', hit: 'STRING'},
} as const satisfies Record<string, Record<string, ColumnType>>;

type Columns = typeof observedColumns;
type Arrays = {DOUBLE: Float64Array; INT32: Int32Array; STRING: string[]};

/** The observed tables in memory, one array a column. */
export type ObservedTables = {
	[Table in keyof Columns]: {[Column in keyof Columns[Table]]: Arrays[Columns[Table][Column] & keyof Arrays]};
};

export const observedNames = Object.keys(observedColumns) as readonly (keyof ObservedTables)[];
