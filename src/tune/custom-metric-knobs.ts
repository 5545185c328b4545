import type {MetricSpec, MetricTarget} from '../autoscaler/hpa-spec.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {Knob, Value} from './knob.ts';
import type {Scaling} from './scaling.ts';

/** Parts of an experiment that decide which knobs it has. */
export type Tunable = Pick<Experiment, 'deployment' | 'autoscaler' | 'keda' | 'customMetrics' | 'nodeAutoscaler'>;

type CustomMetric = Extract<MetricSpec, {type: 'Pods' | 'Object' | 'External'}>;

/** Knobs for the metrics beyond CPU and memory: the target of each, and which metric alone the pods are scaled on. */
export function customMetricKnobs(experiment: Tunable): [string, Knob][] {
	const metrics = tunableMetrics(experiment);
	return metrics.length === 0
		? []
		: [...metrics.map(targetKnob), metricKnob(['cpu', 'memory', ...metrics.map(({name}) => name)])];
}

/** Metrics beyond CPU and memory that an experiment's autoscaler asks for, or that the experiment maps. */
export function tunableMetrics({autoscaler, customMetrics}: Tunable): CustomMetric[] {
	const asked = autoscaler === 'none' ? [] : autoscaler.metrics.filter(isCustom);
	const names = new Set(asked.map(({name}) => name));
	const mapped = Object.keys(customMetrics?.metrics ?? {})
		.filter(key => key.startsWith('External/'))
		.map(key => key.slice('External/'.length))
		.filter(name => !names.has(name));
	const target: MetricTarget = {type: 'AverageValue', averageValueMilli: 1000};
	return [...asked, ...mapped.map((name): CustomMetric => ({type: 'External', name, target}))];
}

function isCustom(metric: MetricSpec): metric is CustomMetric {
	return metric.type === 'Pods' || metric.type === 'Object' || metric.type === 'External';
}

/** Target of a metric: a value for each pod, or of all where the manifest gives it so; without one it is left out. */
function targetKnob(metric: CustomMetric): [string, Knob] {
	const isOwn = (other: MetricSpec) => isCustom(other) && other.name === metric.name;
	return [
		`${metric.name}.target`,
		{
			unit: 'quantity',
			words: ['none'],
			min: 0.001,
			max: 1e9,
			read: ({autoscaler}) => targetOf(autoscaler.metrics.find(isOwn)?.target),
			write(scaling, value) {
				const {metrics} = scaling.autoscaler;
				const others = metrics.filter(other => !isOwn(other));
				const own = metrics.find(isOwn) ?? metric;
				return typeof value === 'string'
					? withMetrics(scaling, others)
					: withMetrics(scaling, [...others, {...own, target: withValue(own.target, value)}]);
			},
		},
	];
}

function targetOf(target: MetricTarget | undefined): Value {
	switch (target?.type) {
		case 'AverageValue':
			return target.averageValueMilli / 1000;
		case 'Value':
			return target.valueMilli / 1000;
		default:
			return 'none';
	}
}

function withValue(target: MetricTarget, value: number): MetricTarget {
	const milli = Math.ceil(Number((value * 1000).toPrecision(15)));
	return target.type === 'Value'
		? {type: 'Value', valueMilli: milli}
		: {type: 'AverageValue', averageValueMilli: milli};
}

function withMetrics(scaling: Scaling, metrics: readonly MetricSpec[]): Scaling {
	return {...scaling, autoscaler: {...scaling.autoscaler, metrics}};
}

/** The one metric that stays among all with a target; `all` leaves them as they are. */
function metricKnob(names: readonly string[]): [string, Knob] {
	return [
		'metric',
		{
			unit: 'word',
			words: ['all', ...names],
			min: 0,
			max: 0,
			read({autoscaler: {metrics}}) {
				const [only, ...others] = metrics;
				return only !== undefined && others.length === 0 && names.includes(only.name) ? only.name : 'all';
			},
			write(scaling, value) {
				const kept = scaling.autoscaler.metrics.filter(({name}) => name === value);
				return value === 'all' || kept.length === 0 ? scaling : withMetrics(scaling, kept);
			},
		},
	];
}
