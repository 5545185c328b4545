import * as z from 'zod';
import {kedaSpecOf} from '../../autoscaler/keda/scaled-object.ts';
import {ScaledObject} from '../../autoscaler/keda/scaled-object-schema.ts';
import type {BrokenRule, Parts} from '../load-rules.ts';
import {bindMetrics, type WantedMetric} from './bind-metrics.ts';
import {metricKey} from './custom-metrics.ts';
import {wantedByTriggers, withNamedSources} from './keda-metrics.ts';
import {MetricSourcesSchema} from './metric-sources-schema.ts';

const Type = z.enum(['Pods', 'Object', 'External']);
const MetricName = z.string().min(1).max(1000);

/** Rules of the metrics that an autoscaler asks for beyond CPU and memory: each is known, or mapped. */
export function* customMetricRules(parts: Parts): Generator<BrokenRule> {
	const sources = parts.read(['metricSources'], MetricSourcesSchema);
	if (sources !== undefined || parts.keysAt(['metricSources']).length === 0) {
		const triggers = wantedOfKeda(parts);
		const wanted = [...wantedMetrics(parts), ...triggers];
		yield* bindMetrics(wanted, withNamedSources(triggers, sources)).faults;
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

/** Metrics that the triggers of a ScaledObject ask for; none where it has faults of its own. */
function wantedOfKeda({read}: Parts): WantedMetric[] {
	const scaledObject = read(['autoscaler'], ScaledObject);
	return scaledObject === undefined ? [] : wantedByTriggers(kedaSpecOf(scaledObject));
}
