import type {HpaSpec, MetricSpec, MetricTarget, ScalingRules} from './hpa-spec.ts';
import {formatQuantityMilli} from './quantity.ts';

/** Which object a manifest is, and what it scales. */
export type HpaIdentity = {
	readonly metadata: {readonly name: string; readonly namespace?: string};
	readonly scaleTargetRef: {readonly apiVersion: string; readonly kind: string; readonly name: string};
};

/** What an autoscaling/v2 HorizontalPodAutoscalerSpec says, in the API's own form, but for the object that it scales. */
export function hpaObjectSpec({minReplicas, maxReplicas, metrics, behavior}: HpaSpec) {
	return {
		minReplicas,
		maxReplicas,
		metrics: metrics.map(metricObject),
		...(behavior && {
			behavior: {scaleUp: rulesObject(behavior.scaleUp), scaleDown: rulesObject(behavior.scaleDown)},
		}),
	};
}

function metricObject(metric: MetricSpec): object {
	switch (metric.type) {
		case 'Resource':
			return {type: 'Resource', resource: {name: metric.name, target: targetObject(metric.target)}};
		case 'ContainerResource': {
			const {name, container, target} = metric;
			return {type: 'ContainerResource', containerResource: {name, container, target: targetObject(target)}};
		}

		default:
			throw new TypeError(`Expected a resource metric, got ${metric.type}`);
	}
}

function targetObject(target: MetricTarget): object {
	switch (target.type) {
		case 'Utilization':
			return target;
		case 'AverageValue':
			return {type: 'AverageValue', averageValue: formatQuantityMilli(target.averageValueMilli)};
		case 'Value':
			return {type: 'Value', value: formatQuantityMilli(target.valueMilli)};
	}
}

function rulesObject({stabilizationWindowSeconds, selectPolicy, policies, tolerance}: ScalingRules): object {
	return {
		...(stabilizationWindowSeconds !== undefined && {stabilizationWindowSeconds}),
		selectPolicy,
		policies,
		...(tolerance !== undefined && {tolerance: formatQuantityMilli(Math.round(tolerance * 1000))}),
	};
}
