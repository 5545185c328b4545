import fc from 'fast-check';
import type {HpaSpec, MetricSpec, ScalingRules} from '../../src/autoscaler/hpa-spec.ts';
import type {AutoscalerState, PodMetricsView, PodView, ReconcileInput} from '../../src/autoscaler/reconcile.ts';
import {defaultControllerConfig} from '../../src/autoscaler/reconcile.ts';

const now = 10_000;

const metric: fc.Arbitrary<MetricSpec> = fc.oneof(
	fc.record({
		type: fc.constant('Resource' as const),
		name: fc.constantFrom('cpu', 'memory'),
		target: fc
			.integer({min: 1, max: 200})
			.map(averageUtilization => ({type: 'Utilization' as const, averageUtilization})),
	}),
	fc.record({
		type: fc.constant('ContainerResource' as const),
		name: fc.constant('cpu'),
		container: fc.constantFrom('backend', 'ollama'),
		target: fc
			.integer({min: 1, max: 500})
			.map(averageValueMilli => ({type: 'AverageValue' as const, averageValueMilli})),
	}),
	fc.record({
		type: fc.constant('Pods' as const),
		name: fc.constant('queue'),
		target: fc
			.integer({min: 1, max: 9000})
			.map(averageValueMilli => ({type: 'AverageValue' as const, averageValueMilli})),
	}),
	fc.record({
		type: fc.constant('External' as const),
		name: fc.constantFrom('depth', 'gone'),
		target: fc.integer({min: 1, max: 9000}).map(valueMilli => ({type: 'Value' as const, valueMilli})),
	}),
);

const rules: fc.Arbitrary<ScalingRules> = fc.record(
	{
		stabilizationWindowSeconds: fc.constantFrom(0, 15, 60, 300),
		selectPolicy: fc.constantFrom('Max', 'Min', 'Disabled'),
		policies: fc.array(
			fc.record({
				type: fc.constantFrom('Pods', 'Percent'),
				value: fc.integer({min: 1, max: 200}),
				periodSeconds: fc.constantFrom(15, 60, 600),
			}),
			{minLength: 1, maxLength: 3},
		),
	},
	{requiredKeys: ['stabilizationWindowSeconds', 'selectPolicy', 'policies']},
);

/** HPAs of every kind. */
export const anySpec: fc.Arbitrary<HpaSpec> = fc
	.record(
		{
			minReplicas: fc.integer({min: 1, max: 5}),
			extra: fc.integer({min: 0, max: 20}),
			metrics: fc.array(metric, {minLength: 1, maxLength: 3}),
			behavior: fc.record({scaleUp: rules, scaleDown: rules}),
		},
		{requiredKeys: ['minReplicas', 'extra', 'metrics']},
	)
	.map(({extra, ...spec}) => ({...spec, maxReplicas: spec.minReplicas + extra}));

const quantity = fc.integer({min: 0, max: 1000});
const usage = fc.record({cpu: quantity, memory: quantity});

/** A pod's share of an input: what the API says of it, and its metrics if it has any. */
const anyPod = fc.record({
	phase: fc.constantFrom('Running', 'Running', 'Running', 'Pending', 'Failed'),
	age: fc.integer({min: 0, max: 900}),
	readyAfter: fc.integer({min: 0, max: 100}),
	isReady: fc.boolean(),
	isDeleting: fc.integer({min: 0, max: 9}).map(digit => digit === 0),
	hasMetrics: fc.integer({min: 0, max: 9}).map(digit => digit > 0),
	sampleAge: fc.integer({min: 0, max: 40}),
	backend: usage,
	ollama: usage,
	queue: quantity,
});

type AnyPod = typeof anyPod extends fc.Arbitrary<infer Pod> ? Pod : never;

function podView(pod: AnyPod, name: string): PodView {
	const startTime = now - pod.age;
	return {
		name,
		phase: pod.phase as PodView['phase'],
		startTime,
		ready: {status: pod.isReady, lastTransitionTime: Math.min(startTime + pod.readyAfter, now)},
		...(pod.isDeleting && {deletionTimestamp: now}),
		containers: ['backend', 'ollama'].map(container => ({name: container, requests: {cpu: 200, memory: 500}})),
	};
}

function metricsView({sampleAge, backend, ollama, queue}: AnyPod, name: string): PodMetricsView {
	return {
		name,
		timestamp: now - sampleAge,
		window: 15,
		containers: [
			{name: 'backend', usage: backend},
			{name: 'ollama', usage: ollama},
		],
		metrics: {queue},
	};
}

/** Inputs of every kind; `specReplicas` may differ from the number of pods, and lie outside the bounds. */
export const anyInput: fc.Arbitrary<ReconcileInput> = fc
	.record({
		spec: anySpec,
		specReplicas: fc.integer({min: 0, max: 30}),
		pods: fc.array(anyPod, {maxLength: 8}),
		depth: quantity,
		kubernetes: fc.constantFrom('1.32', '1.33', '1.34', '1.35'),
	})
	.map(({spec, specReplicas, pods, depth, kubernetes}) => ({
		now,
		spec,
		controller: {...defaultControllerConfig, kubernetes: kubernetes as '1.34'},
		specReplicas,
		statusReplicas: specReplicas,
		pods: pods.map((pod, index) => podView(pod, `pod-${index}`)),
		podMetrics: pods.flatMap((pod, index) => (pod.hasMetrics ? [metricsView(pod, `pod-${index}`)] : [])),
		externalMetrics: {depth},
	}));

const events = fc.array(
	fc.record({time: fc.integer({min: now - 700, max: now}), change: fc.integer({min: 1, max: 5})}),
	{
		maxLength: 5,
	},
);

export const anyState: fc.Arbitrary<AutoscalerState> = fc.record({
	recommendations: fc.array(
		fc.record({time: fc.integer({min: now - 400, max: now}), replicas: fc.integer({min: 0, max: 30})}),
		{maxLength: 6},
	),
	scaleUps: events,
	scaleDowns: events,
});

/** Inputs in which the selector matches exactly `specReplicas` pods and none is ignored; they may be unready or missing. */
export const matchedInput: fc.Arbitrary<ReconcileInput> = anyInput
	.filter(({pods}) => pods.length > 0)
	.map(input => ({
		...input,
		specReplicas: input.pods.length,
		statusReplicas: input.pods.length,
		pods: input.pods.map(({deletionTimestamp: _, phase, ...pod}) => ({
			...pod,
			phase: phase === 'Failed' ? ('Running' as const) : phase,
		})),
	}));
