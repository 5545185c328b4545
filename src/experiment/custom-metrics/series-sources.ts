/** Quantities that a series may be computed from, and the kind of metric that each is. */
export const sourceKinds = {
	waiting: 'gauge',
	running: 'gauge',
	'in-flight': 'gauge',
	'slot-use': 'gauge',
	'kv-cache-use': 'gauge',
	'gpu-use': 'gauge',
	'tokens-per-second': 'gauge',
	arrived: 'counter',
	completed: 'counter',
	'prompt-tokens': 'counter',
	'output-tokens': 'counter',
	ttft: 'histogram',
	'queue-time': 'histogram',
	latency: 'histogram',
} as const;

export type SeriesSource = keyof typeof sourceKinds;
export type GaugeSource = {[S in SeriesSource]: (typeof sourceKinds)[S] extends 'gauge' ? S : never}[SeriesSource];
export type CounterSource = {[S in SeriesSource]: (typeof sourceKinds)[S] extends 'counter' ? S : never}[SeriesSource];
export type HistogramSource = {
	[S in SeriesSource]: (typeof sourceKinds)[S] extends 'histogram' ? S : never;
}[SeriesSource];

export const sourceNames = Object.keys(sourceKinds) as [SeriesSource, ...SeriesSource[]];

/** Sources that a gateway in front of the pods knows. */
export const gatewaySources: readonly SeriesSource[] = [
	'waiting',
	'in-flight',
	'arrived',
	'completed',
	'prompt-tokens',
	'output-tokens',
	'ttft',
	'latency',
];

/** Words for a source in reports. */
export const sourceWords: Readonly<Record<SeriesSource, string>> = {
	waiting: 'requests that wait',
	running: 'requests that run',
	'in-flight': 'requests that wait or run',
	'slot-use': 'part of the parallel slots in use',
	'kv-cache-use': 'part of the KV cache in use',
	'gpu-use': 'GPU use [%]',
	'tokens-per-second': 'output tokens per second',
	arrived: 'requests that came',
	completed: 'requests completed',
	'prompt-tokens': 'prompt tokens',
	'output-tokens': 'output tokens',
	ttft: 'time to first token',
	'queue-time': 'time in the queue',
	latency: 'latency',
};

/** Buckets of the Prometheus client libraries where a histogram has none of its own [s]. */
export const defaultBuckets: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
