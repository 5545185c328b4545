import type {FigureName} from '../comparison/figure-table.ts';

/** A line of the printed table. */
export type ShownFigure = {
	readonly name: FigureName;
	readonly label: string;
	readonly suffix: string;
	/** Turns the figure into the unit that is shown. */
	readonly factor?: number;
};

const seconds = {suffix: 's'} as const;
const percent = {suffix: '%', factor: 100} as const;

/** In the order of the table. */
export const comparisonFigures: readonly ShownFigure[] = [
	{name: 'replicasMeanAbsoluteError', label: 'replicas, absolute error', suffix: 'pods'},
	{name: 'replicasEqualShare', label: 'time with others', ...percent},
	{name: 'replicasMean', label: 'replicas, mean', suffix: 'pods'},
	{name: 'replicasMax', label: 'replicas, largest', suffix: 'pods'},
	{name: 'podSecondError', label: 'pod-second error', ...percent},
	{name: 'scaleEventsF1', label: 'events, 1 − F1', ...percent},
	{name: 'metricLag', label: 'lag of metrics', ...seconds},
	{name: 'scaleLag', label: 'lag of decisions', ...seconds},
	{name: 'p95ScaleLag', label: 'lag of decisions, |p95|', ...seconds},
	{name: 'modelLoadedLag', label: 'lag of loaded models', ...seconds},
	{name: 'readyLag', label: 'lag of Ready', ...seconds},
	{name: 'meanLatency', label: 'latency, mean', ...seconds},
	{name: 'p50', label: 'latency p50', ...seconds},
	{name: 'p95', label: 'latency p95', ...seconds},
	{name: 'p99', label: 'latency p99', ...seconds},
	{name: 'latencyKolmogorovSmirnov', label: 'latency, KS distance', suffix: ''},
	{name: 'latencyWasserstein', label: 'latency, Wasserstein-1', ...seconds},
	{name: 'meanWait', label: 'waiting, mean', ...seconds},
	{name: 'p95Wait', label: 'waiting p95', ...seconds},
	{name: 'ttft', label: 'first token, mean', ...seconds},
	{name: 'tpot', label: 'per output token', suffix: 'ms', factor: 1000},
	{name: 'throughput', label: 'throughput', suffix: '1/s'},
	{name: 'availability', label: 'availability', ...percent},
	{name: 'timeouts', label: 'timed out', ...percent},
	{name: 'sloAttainment', label: 'SLO attainment', ...percent},
	{name: 'cpuUtilization', label: 'CPU of request', ...percent},
	{name: 'memoryUtilization', label: 'memory of request', ...percent},
	{name: 'podHours', label: 'pod-hours', suffix: 'h'},
	{name: 'cost', label: 'cost', suffix: '$'},
	{name: 'savings', label: 'savings', ...percent},
	{name: 'energy', label: 'energy', suffix: 'Wh'},
];
