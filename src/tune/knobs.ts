import {defaultControllerConfig} from '../autoscaler/contracts.ts';
import {hpaSpecOf} from '../autoscaler/hpa-manifest.ts';
import type {HpaSpec, MetricSpec, ScalingPolicy, ScalingRules} from '../autoscaler/hpa-spec.ts';
import {customMetricKnobs, type Tunable} from './custom-metric-knobs.ts';
import {kedaKnobs} from './keda/keda-knobs.ts';
import type {Knob, Value} from './knob.ts';
import {nodeKnobs} from './nodes/node-knobs.ts';
import type {Scaling} from './scaling.ts';
import {servingKnobs} from './serving-knobs.ts';

type Direction = 'scaleUp' | 'scaleDown';

/** Rules in effect where a `behavior` is silent. */
const defaults = hpaSpecOf({maxReplicas: 1, behavior: {scaleUp: {}, scaleDown: {}}}).behavior!;

const defaultPeriod = 15;

/**
 * Knobs for the speed of the autoscaler in one direction. Setting one of them gives a manifest without `behavior` the
 * default one.
 */
function rulesKnobs(direction: Direction): [string, Knob][] {
	const flag = direction === 'scaleUp' ? 0 : defaultControllerConfig.downscaleStabilization;
	return [
		knob(direction, 'stabilizationWindowSeconds', {
			unit: 'seconds',
			words: [],
			min: 0,
			max: 3600,
			get: rules => rules.stabilizationWindowSeconds ?? flag,
			set: (rules, value) => ({...rules, stabilizationWindowSeconds: Number(value)}),
		}),
		knob(direction, 'pods', policyKnob('Pods', 'pods', 10_000)),
		knob(direction, 'percent', policyKnob('Percent', 'percent', 10_000)),
		knob(direction, 'periodSeconds', {
			unit: 'seconds',
			words: [],
			min: 1,
			max: 1800,
			get: ({policies}) => policies[0]?.periodSeconds ?? defaultPeriod,
			set: (rules, value) => ({
				...rules,
				policies: rules.policies.map(policy => ({...policy, periodSeconds: Number(value)})),
			}),
		}),
		knob(direction, 'selectPolicy', {
			unit: 'word',
			words: ['Max', 'Min', 'Disabled'],
			min: 0,
			max: 0,
			get: ({selectPolicy}) => selectPolicy,
			set: (rules, value) => ({...rules, selectPolicy: value as ScalingRules['selectPolicy']}),
		}),
		knob(direction, 'tolerance', {
			unit: 'fraction',
			words: ['none'],
			min: 0,
			max: 1,
			get: ({tolerance}) => tolerance ?? 'none',
			set: ({tolerance: _, ...rules}, value) => (typeof value === 'string' ? rules : {...rules, tolerance: value}),
		}),
	];
}

type RulesKnob = Pick<Knob, 'unit' | 'words' | 'min' | 'max'> & {
	readonly get: (rules: ScalingRules) => Value;
	readonly set: (rules: ScalingRules, value: Value) => ScalingRules;
};

function policyKnob(type: ScalingPolicy['type'], unit: Knob['unit'], max: number): RulesKnob {
	return {
		unit,
		words: ['none'],
		min: 1,
		max,
		get: ({policies}) => policies.find(policy => policy.type === type)?.value ?? 'none',
		set(rules, value) {
			const periodSeconds = rules.policies[0]?.periodSeconds ?? defaultPeriod;
			const others = rules.policies.filter(policy => policy.type !== type);
			const own = typeof value === 'string' ? [] : [{type, value, periodSeconds}];
			return {...rules, policies: type === 'Pods' ? [...own, ...others] : [...others, ...own]};
		},
	};
}

function knob(direction: Direction, name: string, {get, set, ...rest}: RulesKnob): [string, Knob] {
	const behaviorOf = ({autoscaler}: Scaling) => autoscaler.behavior ?? defaults;
	return [
		`${direction}.${name}`,
		{
			...rest,
			read: scaling => get(behaviorOf(scaling)[direction]),
			write(scaling, value) {
				const behavior = behaviorOf(scaling);
				const changed = {...behavior, [direction]: set(behavior[direction], value)};
				return {...scaling, autoscaler: {...scaling.autoscaler, behavior: changed}};
			},
		},
	];
}

/** Knobs of an experiment, by name, in the order in which they are to be set. */
export function knobsOf(experiment: Tunable): ReadonlyMap<string, Knob> {
	const {containers} = experiment.deployment;
	return new Map([
		...(experiment.keda === undefined ? hpaKnobs(experiment) : kedaKnobs(experiment.keda)),
		...rulesKnobs('scaleUp'),
		...rulesKnobs('scaleDown'),
		...servingKnobs(experiment),
		...containers.flatMap(({name}) => [
			resourceKnob(name, 'requests', 'cpu'),
			resourceKnob(name, 'requests', 'memory'),
			resourceKnob(name, 'limits', 'cpu'),
			resourceKnob(name, 'limits', 'memory'),
		]),
		...nodeKnobs(experiment),
	]);
}

function hpaKnobs(experiment: Tunable): [string, Knob][] {
	const {container} = experiment.deployment.llm;
	return [
		boundKnob('minReplicas'),
		boundKnob('maxReplicas'),
		...metricKnobs('cpu', container),
		...metricKnobs('memory', container),
		...customMetricKnobs(experiment),
	];
}

function boundKnob(name: keyof Pick<HpaSpec, 'minReplicas' | 'maxReplicas'>): [string, Knob] {
	return [
		name,
		{
			unit: 'pods',
			words: [],
			min: 1,
			max: 10_000,
			read: ({autoscaler}) => autoscaler[name],
			write: (scaling, value) => ({...scaling, autoscaler: {...scaling.autoscaler, [name]: Number(value)}}),
		},
	];
}

function resourceKnob(container: string, part: 'requests' | 'limits', resource: 'cpu' | 'memory'): [string, Knob] {
	return [
		`${container}.${part}.${resource}`,
		{
			unit: resource === 'cpu' ? 'cores' : 'bytes',
			words: part === 'limits' ? ['none'] : [],
			min: resource === 'cpu' ? 0.001 : 2 ** 20,
			max: resource === 'cpu' ? 1024 : 2 ** 50,
			read: ({containers}) => containers.find(({name}) => name === container)?.[part][resource] ?? 'none',
			write: (scaling, value) => ({
				...scaling,
				containers: scaling.containers.map(one => {
					if (one.name !== container) {
						return one;
					}

					const {[resource]: _, ...others} = one[part];
					return {...one, [part]: typeof value === 'string' ? others : {...others, [resource]: value}};
				}),
			}),
		},
	];
}

type ResourceMetric = Extract<MetricSpec, {type: 'Resource' | 'ContainerResource'}>;

/** Knobs for the metric of one resource: the target, and whether of the pod or of the model's container alone. */
function metricKnobs(resource: 'cpu' | 'memory', container: string): [string, Knob][] {
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
