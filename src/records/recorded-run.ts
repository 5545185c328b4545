import type {Timeline} from './replica-line.ts';

/** Row of a set's table of runs: names, and every column as text. */
export type RunEntry = {
	/** Runs under the same settings. */
	readonly set: string;
	/** Name of the run within its set. */
	readonly run: string;
	/** Cells of `runs.csv` by column. */
	readonly cells: Readonly<Record<string, string>>;
};

/** Arrivals of a run as they were recorded or planned, one of two forms. */
export type RecordedWorkload =
	| {
			readonly kind: 'requests';
			/** Nominal times [s], ascending. */
			readonly atSeconds: Float64Array;
			/** Service that each request brings along [s]; left out where nobody recorded it. */
			readonly serviceSeconds?: Float64Array;
	  }
	| {
			readonly kind: 'rate';
			/** A rate [requests/s] from `seconds` on, with the users that make it where they are known. */
			readonly points: readonly {readonly seconds: number; readonly perSecond?: number; readonly users?: number}[];
	  };

/** Replica counts that a recording may hold. */
export type RecordedCounts = 'desired' | 'current' | 'ready' | 'pods';

/** Times until the clients of a run had their answers [s]; NaN where nothing was answered. */
export type ResponseTimes = {readonly mean: number; readonly p95: number};

/** A recording of an autoscaler: replicas over time, and whatever else was recorded. */
export type RecordedRun = RunEntry & {
	/** Lines by count; one that was not recorded is left out. */
	readonly lines: Readonly<Partial<Record<RecordedCounts, Timeline>>>;
	/** Mean CPU use of the pods [% of the request]: `[seconds, percent]`; empty where it was not recorded. */
	readonly cpuPercent: Timeline;
	/** Times until the clients had their answers; left out where nobody recorded them. */
	readonly responses?: ResponseTimes;
	/** Times of all rows [s], ascending. */
	readonly rowSeconds: readonly number[];
	/** Whether rows are samples at all times, not changes alone: the recorder sees a change at its next row. */
	readonly isSampled: boolean;
	/** End of the recording [s]. */
	readonly untilSeconds: number;
	/** Faults of the recording in words; it is read as it is. */
	readonly faults: readonly string[];
	readonly workload: RecordedWorkload;
	/** Name of the workload's file. */
	readonly workloadName: string;
	/** SHA-256 in hex of the file of its replicas, as it was read. */
	readonly digest: string;
	/** Factor that the sender stretched nominal times by; undefined where nobody recorded it. */
	readonly stretch: number | undefined;
};
