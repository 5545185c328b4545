import type {MetricSpec} from '../kubernetes/hpa-spec.ts';
import type {Knob, Value} from './knob.ts';
import type {Scaling} from './scaling.ts';

type ResourceMetric = Extract<MetricSpec, {type: 'Resource' | 'ContainerResource'}>;

/** What the autoscaler looks at of one resource: the target, and whether of the pod or of the model's container alone. */
export function metricKnobs(resource: 'cpu' | 'memory', container: string): [string, Knob][] {
	const find = ({autoscaler}: Scaling) => autoscaler.metrics.find(isOf(resource));
	return [
		[
			`${resource}.averageUtilization`,
			{
				unit: 'percent',
				words: ['none'],
				min: 1,
				max: 1000,
				read(scaling) {
					const target = find(scaling)?.target;
					return target?.type === 'Utilization' ? target.averageUtilization : 'none';
				},
				write: (scaling, value) => withTarget(scaling, resource, value),
			},
		],
		[
			`${resource}.type`,
			{
				unit: 'word',
				words: ['Resource', 'ContainerResource'],
				min: 0,
				max: 0,
				read: scaling => find(scaling)?.type ?? 'Resource',
				write: (scaling, value) =>
					replaced(scaling, resource, ({name, target}) =>
						value === 'Resource'
							? {type: 'Resource', name, target}
							: {type: 'ContainerResource', name, container, target},
					),
			},
		],
	];
}

function isOf(resource: string) {
	return (metric: MetricSpec): metric is ResourceMetric =>
		(metric.type === 'Resource' || metric.type === 'ContainerResource') && metric.name === resource;
}

function withTarget(scaling: Scaling, resource: string, value: Value): Scaling {
	const {autoscaler} = scaling;
	const others = autoscaler.metrics.filter(metric => !isOf(resource)(metric));
	if (typeof value === 'string') {
		return {...scaling, autoscaler: {...autoscaler, metrics: others}};
	}

	const target = {type: 'Utilization', averageUtilization: value} as const;
	return autoscaler.metrics.some(isOf(resource))
		? replaced(scaling, resource, metric => ({...metric, target}))
		: {...scaling, autoscaler: {...autoscaler, metrics: [...others, {type: 'Resource', name: resource, target}]}};
}

function replaced(scaling: Scaling, resource: string, change: (metric: ResourceMetric) => MetricSpec): Scaling {
	const {autoscaler} = scaling;
	const metrics = autoscaler.metrics.map(metric => (isOf(resource)(metric) ? change(metric) : metric));
	return {...scaling, autoscaler: {...autoscaler, metrics}};
}
