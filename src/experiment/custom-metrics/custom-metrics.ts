import type {HpaSpec} from '../../autoscaler/hpa-spec.ts';
import type {KedaSpec} from '../../autoscaler/keda/keda-spec.ts';
import {type Expression, selectorsOf} from '../../promql/expression.ts';
import type {SeriesSource} from './series-sources.ts';

/** Kind of target that answers a scrape: each pod for itself, or a gateway in front of them, which lives on at zero pods. */
export type Exporter = 'pods' | 'gateway';

/** Metric that is exported under a name, and the quantity that it shows. */
export type SeriesBinding = {
	readonly source: SeriesSource;
	readonly exporter: Exporter;
	/** Upper bounds of a histogram's buckets in its own unit, ascending, without +Inf. */
	readonly buckets?: readonly number[];
	/** Factor from seconds, or from a part of 1, to the metric's unit; 1 when left out. */
	readonly scale?: number;
};

/** Query that gives a metric of the autoscaler its value. */
export type MetricQuery = {
	readonly text: string;
	readonly expression: Expression;
};

/** Periods between an exporter and the answer to a query [s]. */
export type PrometheusModel = {
	readonly name: string;
	readonly scrape: {
		readonly interval: number;
		/** Wait at most until a new pod is a target. */
		readonly discovery: number;
	};
	/** Age from which a sample is no longer the newest one of its series. */
	readonly lookback: number;
	/** Period in which prometheus-adapter lists the metrics that there are; also the age up to which one is listed. */
	readonly relist: number;
};

/** Metrics beyond CPU and memory that an autoscaler asks for, and where they come from. */
export type CustomMetrics = {
	readonly prometheus: PrometheusModel;
	/** Queries by {@link metricKey}, or by the name that an autoscaler of another kind gives them. */
	readonly metrics: Readonly<Record<string, MetricQuery>>;
	/** Metrics that the queries read, by name; of a histogram without _bucket, _sum or _count. */
	readonly series: Readonly<Record<string, SeriesBinding>>;
	/** Conditions of the queries that are taken to select the service, a sentence each. No part of the hash. */
	readonly assumed: readonly string[];
};

/** Metrics of an experiment as far as an HPA, or KEDA behind it, asks for them; undefined where neither asks for any. */
export function askedMetrics(
	custom: CustomMetrics | undefined,
	spec: HpaSpec | 'none',
	keda?: Pick<KedaSpec, 'triggers'>,
): CustomMetrics | undefined {
	if (custom === undefined || spec === 'none') {
		return undefined;
	}

	const ofKeda = (keda?.triggers ?? []).map(({metric}) => metricKey('External', metric ?? ''));
	const asked = new Set([...spec.metrics.map(({type, name}) => `${type}/${name}`), ...ofKeda]);
	const metrics = Object.fromEntries(
		Object.entries(custom.metrics).filter(([key]) => asked.has(key) || !/^(?:Pods|Object|External)\//.test(key)),
	);
	const names = new Set(
		Object.values(metrics).flatMap(({expression}) => selectorsOf(expression).map(({name}) => name)),
	);
	const series = Object.entries(custom.series).filter(([name]) =>
		['', '_bucket', '_sum', '_count'].some(part => names.has(name + part)),
	);
	return names.size === 0 ? undefined : {...custom, metrics, series: Object.fromEntries(series)};
}

/** Types of an HPA's metrics that no resource API serves. */
export type CustomMetricType = 'Pods' | 'Object' | 'External';

/** Key of an HPA's metric among the queries. */
export function metricKey(type: CustomMetricType, name: string): string {
	return `${type}/${name}`;
}
