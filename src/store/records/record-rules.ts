import type {TableName} from '../../records/record.ts';

/** What the cells of a table have to be beside their type and their words. */
export type TableRules = {
	/** Columns in which every row has a number, or a text that is not empty. */
	readonly required: readonly string[];
	/** Columns whose numbers are at least 0. */
	readonly natural: readonly string[];
	/** Columns that hold a list in JSON. */
	readonly lists: readonly string[];
	/** Times of which the first is not after the second, where both are there. */
	readonly order: readonly (readonly [earlier: string, later: string])[];
};

/** A row without its time, or that of no pod, says nothing that could be compared. */
export const recordRules: Readonly<Record<TableName, TableRules>> = {
	requests: {
		required: ['scheduledSeconds'],
		natural: ['conversation', 'promptTokens', 'outputTokens'],
		lists: [],
		order: [
			['scheduledSeconds', 'endedSeconds'],
			['sentSeconds', 'endedSeconds'],
			['startedSeconds', 'firstTokenSeconds'],
			['startedSeconds', 'endedSeconds'],
			['firstTokenSeconds', 'endedSeconds'],
		],
	},
	pods: {required: ['seconds', 'pod'], natural: [], lists: [], order: []},
	decisions: {
		required: ['seconds'],
		natural: ['currentReplicas', 'desiredReplicas'],
		lists: ['proposals', 'reasons'],
		order: [],
	},
	samples: {required: ['seconds', 'pod', 'container'], natural: ['cpuCores', 'memoryBytes'], lists: [], order: []},
};
