import type * as z from 'zod';
import type {HpaSpec} from '../../autoscaler/hpa-spec.ts';
import {bindMetrics, type WantedMetric} from './bind-metrics.ts';
import {type CustomMetrics, metricKey} from './custom-metrics.ts';
import type {MetricSourcesFile} from './metric-sources-schema.ts';
import {type PrometheusModelFile, prometheusModelOf} from './prometheus-model.ts';

/** Metrics beyond CPU and memory that an HPA asks for. */
export function wantedOf(autoscaler: HpaSpec | 'none'): WantedMetric[] {
	const metrics = autoscaler === 'none' ? [] : autoscaler.metrics;
	return metrics.flatMap(({type, name}) =>
		type === 'Pods' || type === 'Object' || type === 'External'
			? [{key: metricKey(type, name), type, name, path: ['autoscaler']}]
			: [],
	);
}

/** Metrics that an experiment maps itself and its autoscaler may be given: one value over all pods, and one of each. */
function offered(sources: MetricSourcesFile, asked: readonly WantedMetric[]): WantedMetric[] {
	const keys = new Set(asked.map(({key}) => key));
	return Object.keys(sources)
		.flatMap(name => (['External', 'Pods'] as const).map(type => ({key: metricKey(type, name), type, name})))
		.filter(({key}) => !keys.has(key))
		.map(metric => ({...metric, path: ['metricSources', metric.name]}));
}

type Given = {
	readonly sources: MetricSourcesFile | undefined;
	readonly prometheus: z.output<typeof PrometheusModelFile> | undefined;
};

/**
 * Metrics of an experiment whose rules were asked, bound to their sources.
 *
 * @throws {TypeError} when one is unknown, or no Prometheus model was read
 */
export function resolveCustomMetrics(wanted: readonly WantedMetric[], {sources, prometheus}: Given): CustomMetrics {
	const {faults, ...bound} = bindMetrics(wanted, sources);
	// What has no one value, such as a histogram, is there for queries alone.
	const more = bindMetrics(offered(sources ?? {}, wanted), sources);
	const [fault] = faults;
	if (fault !== undefined || prometheus === undefined) {
		throw new TypeError(`Expected ${fault?.rule ?? 'a Prometheus model'}, got ${fault?.got ?? 'none'}`);
	}

	return {
		prometheus: prometheusModelOf(prometheus),
		metrics: {...bound.metrics, ...more.metrics},
		series: {...bound.series, ...more.series},
		assumed: bound.assumed,
	};
}
