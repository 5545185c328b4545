import type {Resources} from '../experiment/container-schema.ts';

/**
 * History of a workload and its autoscaler as a monitoring system kept it, on a grid of equal steps. A value that nobody
 * recorded is NaN: a gap stays a gap.
 */
export type History = {
	/** Unix time of the first step [s]. */
	readonly start: number;
	readonly stepSeconds: number;
	readonly steps: number;
	/** Place where it was read, in words, without credentials, such as `Prometheus at http://prometheus:9090`. */
	readonly source: string;
	readonly workload: {
		readonly kind: string;
		readonly name: string;
		readonly namespace: string;
		/** The object as the API server or a file has it, where it was read. */
		readonly document?: unknown;
	};
	/** The autoscaler as its manifest has it, where it was found. */
	readonly autoscaler?: HistoryAutoscaler;
	/** Containers of a pod in the order of their names; empty where nobody says what they are. */
	readonly containers: readonly HistoryContainer[];
	readonly nodes: readonly HistoryNode[];
	/** Values at the steps, over all pods of the workload; left out where nobody recorded them. */
	readonly series: {readonly [Name in HistorySeries]?: Float64Array};
	/** CPU use of each container over all pods [cores], where it was recorded apart. */
	readonly cpuOfContainers: Readonly<Record<string, Float64Array>>;
	/** Response times as a histogram; left out where there is none. */
	readonly latency?: LatencyHistory;
	/** Series that were found, with the query of each. */
	readonly queries: readonly {readonly series: string; readonly query: string}[];
	/** Series that nothing was found for, with the reason in words. */
	readonly missing?: readonly {readonly series: string; readonly reason: string}[];
	/** Peculiarities in sentences: gaps, restarts, resets. */
	readonly notes: readonly string[];
};

/** Series of a history, and the unit of each. */
export const historySeries = {
	/** Replicas that the autoscaler asked for. */
	desiredReplicas: 'pods',
	/** Replicas that there were. */
	currentReplicas: 'pods',
	readyReplicas: 'pods',
	/** Bounds of the autoscaler. */
	minReplicas: 'pods',
	maxReplicas: 'pods',
	/** Use over all pods, all containers. */
	cpu: 'cores',
	memory: 'bytes',
	/** Throttled periods over all periods of the CPU quota, 0 to 1. */
	throttled: '1',
	/** Requests that arrived, were answered, and failed. */
	requestRate: '1/s',
	failureRate: '1/s',
	/** Mean over the step. */
	inFlight: 'requests',
	running: 'requests',
	waiting: 'requests',
	promptTokenRate: 'tokens/s',
	outputTokenRate: 'tokens/s',
	/** Restarts of containers. */
	restartRate: '1/s',
} as const;

export type HistorySeries = keyof typeof historySeries;

export type HistoryAutoscaler = {
	readonly kind: 'HorizontalPodAutoscaler' | 'ScaledObject';
	readonly name: string;
	/** The object as the API server or a file has it; made of the metrics of kube-state-metrics where neither was read. */
	readonly document: unknown;
	/** Whether the document was made of metrics, which do not say everything. */
	readonly isFromMetrics: boolean;
};

export type HistoryContainer = {
	readonly name: string;
	/** CPU [cores], memory [bytes], GPUs by the name of the resource. */
	readonly requests: Resources;
	readonly limits: Resources;
};

/** Allocatable CPU [cores] and memory [bytes] of a node. */
export type HistoryNode = {readonly name: string; readonly cpu?: number; readonly memory?: number};

export type LatencyHistory = {
	/** Upper bounds of the buckets [s], ascending; the last is Infinity. */
	readonly bounds: readonly number[];
	/** For each bound, the answers of at most that time at each step [1/s]; NaN where unknown. */
	readonly ratesUpTo: readonly Float64Array[];
	/** Sum of the response times of the answers at each step [s/s]. */
	readonly secondsRate: Float64Array;
};
