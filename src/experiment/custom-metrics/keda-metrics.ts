import type {KedaSpec} from '../../autoscaler/keda/keda-spec.ts';
import type {WantedMetric} from './bind-metrics.ts';
import {metricKey} from './custom-metrics.ts';
import type {MetricSourcesFile} from './metric-sources-schema.ts';
import {gatewaySources, type SeriesSource, sourceKinds} from './series-sources.ts';

/** Key of a trigger's query: that of the HPA's External metric, unless a formula stands before it. */
export function triggerKey(keda: Pick<KedaSpec, 'modifiers'>, metric: string): string {
	return keda.modifiers === undefined ? metricKey('External', metric) : metric;
}

/** Metrics that the triggers of a ScaledObject ask Prometheus or another source for, with their places. */
export function wantedByTriggers(keda: Pick<KedaSpec, 'triggers' | 'modifiers'>): WantedMetric[] {
	return keda.triggers.flatMap(({source, metric, type}, index): WantedMetric[] => {
		const metadata = ['autoscaler', 'spec', 'triggers', index, 'metadata'];
		const common = {key: triggerKey(keda, metric ?? ''), type: 'External' as const};
		switch (source.kind) {
			case 'prometheus':
				return [{...common, name: metric!, query: source.query, path: [...metadata, 'query']}];
			case 'named': {
				const key = type === 'metrics-api' ? 'valueLocation' : 'source';
				return [{...common, name: source.name, path: [...metadata, key]}];
			}

			default:
				return [];
		}
	});
}

/** Sources, and the ones that triggers name themselves, such as `source: waiting`: a queue in front of the pods knows them. */
export function withNamedSources(
	wanted: readonly WantedMetric[],
	sources: MetricSourcesFile | undefined,
): MetricSourcesFile | undefined {
	const named = wanted.filter(({name, query}) => query === undefined && Object.hasOwn(sourceKinds, name));
	const own = named.filter(({name}) => sources?.[name] === undefined);
	return own.length === 0
		? sources
		: {
				...sources,
				...Object.fromEntries(
					own.map(({name}) => {
						const source = name as SeriesSource;
						const exporter = gatewaySources.includes(source) ? ('gateway' as const) : ('pods' as const);
						return [name, {source, exporter}];
					}),
				),
			};
}
