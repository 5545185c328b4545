import type {RecordTables} from '../records/record.ts';

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
