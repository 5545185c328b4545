import * as z from 'zod';
import type {BrokenRule, Parts} from '../load-rules.ts';
import {bindMetrics, type WantedMetric} from './bind-metrics.ts';
import {type CustomMetricType, metricKey} from './custom-metrics.ts';
import {MetricSourcesSchema} from './metric-sources-schema.ts';

const types: readonly CustomMetricType[] = ['Pods', 'Object', 'External'];
const Type = z.enum(['Pods', 'Object', 'External']);
const MetricName = z.string().min(1).max(1000);

/** Rules of the metrics that an autoscaler asks for beyond CPU and memory: each is known, or mapped. */
export function* customMetricRules(parts: Parts): Generator<BrokenRule> {
	const sources = parts.read(['metricSources'], MetricSourcesSchema);
	if (sources !== undefined || parts.keysAt(['metricSources']).length === 0) {
		const wanted = wantedMetrics(parts);
		yield* bindMetrics(wanted, sources).faults;
		yield* unaskedSources(parts, wanted);
	}
}

/** Metrics that an HPA in the tree of an experiment asks for, with their places. */
function wantedMetrics({read, lengthAt}: Parts): WantedMetric[] {
	return [
		['autoscaler', 'metrics'],
		['autoscaler', 'spec', 'metrics'],
	].flatMap(metrics =>
		Array.from({length: lengthAt(metrics)}, (_, index) => [...metrics, index]).flatMap(path => {
			const type = read([...path, 'type'], Type);
			const place = [...path, type?.toLowerCase() ?? '', 'metric', 'name'];
			const name = type === undefined ? undefined : read(place, MetricName);
			return type === undefined || name === undefined ? [] : [{key: metricKey(type, name), type, name, path: place}];
		}),
	);
}

/** A mapping that nothing asks for would be a slip of the name; it is said where the autoscaler asks for no such metric at all. */
function* unaskedSources({keysAt, lengthAt}: Parts, wanted: readonly WantedMetric[]): Generator<BrokenRule> {
	const names = keysAt(['metricSources']);
	const isHpa = lengthAt(['autoscaler', 'metrics']) + lengthAt(['autoscaler', 'spec', 'metrics']) > 0;
	if (names.length > 0 && wanted.length === 0 && isHpa) {
		const rule = `left out, as the autoscaler asks for no metric of type ${types.join(', ')}`;
		yield {path: ['metricSources'], rule, got: names.join(', ')};
	}
}
