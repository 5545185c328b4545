import type {HpaSpec, MetricSpec} from '../hpa-spec.ts';
import {compositeMetric, type KedaSpec, type KedaTrigger} from './keda-spec.ts';

/**
 * HPA that KEDA makes of its settings, with a behavior that is kept.
 *
 * @see KEDA v2.20 controllers/keda/hpa.go, newHPAForScaledObject and getScaledObjectMetricSpecs
 */
export function kedaAutoscaler(keda: KedaSpec, behavior: HpaSpec['behavior']): HpaSpec {
	const {minReplicaCount, maxReplicaCount, triggers, modifiers} = keda;
	const own = triggers.flatMap(trigger => metricOf(trigger, modifiers !== undefined));
	const sorted = own.toSorted((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0));
	const metrics = modifiers === undefined ? sorted : [...sorted, compositeOf(modifiers)];
	return {
		minReplicas: Math.max(1, minReplicaCount),
		maxReplicas: maxReplicaCount,
		metrics,
		...(behavior !== undefined && {behavior}),
	};
}

function metricOf({type, metric: name, target, source}: KedaTrigger, hasFormula: boolean): MetricSpec[] {
	if (name !== undefined) {
		return hasFormula ? [] : [{type: 'External', name, target}];
	}

	const container = source.kind === 'resource' ? source.container : undefined;
	return [
		container === undefined
			? {type: 'Resource', name: type, target}
			: {type: 'ContainerResource', name: type, container, target},
	];
}

function compositeOf({target, metricType}: NonNullable<KedaSpec['modifiers']>): MetricSpec {
	const milli = Math.trunc(target * 1000);
	return {
		type: 'External',
		name: compositeMetric,
		target:
			metricType === 'Value' ? {type: 'Value', valueMilli: milli} : {type: 'AverageValue', averageValueMilli: milli},
	};
}
