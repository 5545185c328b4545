import type {Fault} from '../yaml/describe-issues.ts';
import {type KservePredictor, kserveGroup} from './kserve-schema.ts';

/** Autoscaler that KServe makes of a predictor, if any, and what its manifest leaves open, a sentence each. */
type AutoscalerByKserve =
	| {readonly objects: readonly object[]; readonly assumed: readonly string[]}
	| {readonly fault: Fault};

type Meta = {readonly name: string; readonly namespace?: string};
type Metric = NonNullable<NonNullable<KservePredictor['autoScaling']>['metrics']>[number];

/** CPU utilization that KServe aims at where none is given [%]. */
const usualCpu = 80;

/**
 * Autoscaler of a predictor by its class.
 *
 * @param kind - value of the annotation `serving.kserve.io/autoscalerClass`
 * @see kserve v0.16 pkg/controller/v1beta1/inferenceservice/reconcilers/hpa/hpa_reconciler.go, keda/keda_reconciler.go
 */
export function autoscalerByKserve(metadata: Meta, predictor: KservePredictor, kind: string): AutoscalerByKserve {
	switch (kind) {
		case 'hpa':
			return hpaOf(metadata, predictor);
		case 'keda':
			return scaledObjectOf(metadata, predictor);
		case 'external':
		case 'none':
			return {objects: [], assumed: []};
		default:
			return {
				fault: {
					path: ['metadata', 'annotations', `${kserveGroup}/autoscalerClass`],
					rule: 'hpa, keda, external or none',
				},
			};
	}
}

function hpaOf(metadata: Meta, predictor: KservePredictor): AutoscalerByKserve {
	const {scaleMetric = 'cpu', autoScaling} = predictor;
	if (autoScaling === undefined && scaleMetric !== 'cpu' && scaleMetric !== 'memory') {
		return {
			fault: {path: ['spec', 'predictor', 'scaleMetric'], rule: 'cpu or memory, as only Knative scales by another one'},
		};
	}

	const metrics = hpaMetrics(predictor);
	const others = (autoScaling?.metrics ?? []).filter(({resource}) => resource === undefined);
	const minReplicas = Math.max(1, predictor.minReplicas ?? 1);
	return {
		objects: [
			{
				apiVersion: 'autoscaling/v2',
				kind: 'HorizontalPodAutoscaler',
				metadata,
				spec: {
					scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name},
					minReplicas,
					maxReplicas: Math.max(minReplicas, predictor.maxReplicas ?? 0),
					metrics: metrics.length > 0 ? metrics : [utilization('cpu', usualCpu)],
				},
			},
		],
		assumed: [
			...(metrics.length > 0
				? []
				: [`The autoscaler aims at a CPU utilization of ${usualCpu} %, as Kubernetes does where no metric is given.`]),
			...others.map(
				({type}) =>
					`A metric of type ${type} is passed over: KServe's HPA takes cpu and memory alone; the annotation ${kserveGroup}/autoscalerClass: keda takes the others.`,
			),
		],
	};
}

function utilization(name: string, averageUtilization: number): object {
	return {type: 'Resource', resource: {name, target: {type: 'Utilization', averageUtilization}}};
}

function hpaMetrics({scaleMetric = 'cpu', scaleTarget, autoScaling}: KservePredictor): object[] {
	if (autoScaling !== undefined) {
		return (autoScaling.metrics ?? []).flatMap(({resource}) =>
			resource === undefined ? [] : [hpaMetric(resource.name, resource.target)],
		);
	}

	const target = scaleTarget ?? (scaleMetric === 'cpu' ? usualCpu : undefined);
	return target === undefined ? [] : [utilization(scaleMetric, target)];
}

function hpaMetric(name: string, target: NonNullable<Metric['resource']>['target']): object {
	return name === 'cpu'
		? utilization(name, target.averageUtilization ?? usualCpu)
		: {type: 'Resource', resource: {name, target}};
}

function scaledObjectOf(metadata: Meta, predictor: KservePredictor): AutoscalerByKserve {
	const {minReplicas = 1, maxReplicas = 0, autoScaling} = predictor;
	const metrics = autoScaling?.metrics ?? [];
	const other = metrics.findIndex(({resource, external}) => resource === undefined && external === undefined);
	const path = ['spec', 'predictor', 'autoScaling', 'metrics'];
	if (metrics.length === 0) {
		return {fault: {path, rule: 'metrics, of which KServe makes the triggers of KEDA'}};
	}

	if (other !== -1) {
		return {fault: {path: [...path, other, 'type'], rule: 'Resource or External: no other metric is simulated'}};
	}

	const behavior = behaviorOf(autoScaling?.behavior);
	return {
		objects: [
			{
				apiVersion: 'keda.sh/v1alpha1',
				kind: 'ScaledObject',
				metadata,
				spec: {
					scaleTargetRef: {name: metadata.name},
					minReplicaCount: minReplicas,
					maxReplicaCount: Math.max(minReplicas, maxReplicas),
					triggers: metrics.map(triggerOf),
					...(behavior !== undefined && {advanced: {horizontalPodAutoscalerConfig: {behavior}}}),
				},
			},
		],
		assumed: [],
	};
}

function triggerOf({resource, external}: Metric): object {
	if (resource !== undefined) {
		const {type, averageUtilization, averageValue, value} = resource.target;
		const given = {
			Utilization: averageUtilization ?? (resource.name === 'cpu' ? usualCpu : undefined),
			AverageValue: averageValue,
			Value: value,
		}[type as 'Utilization' | 'AverageValue' | 'Value'];
		return {type: resource.name, metricType: type, metadata: {value: String(given ?? 0)}};
	}

	const {metric, target} = external!;
	return {
		type: metric.backend,
		metadata: {
			...(metric.serverAddress !== undefined && {serverAddress: metric.serverAddress}),
			query: metric.query,
			threshold: String(target.value ?? 0),
		},
	};
}

type Behavior = NonNullable<KservePredictor['autoScaling']>['behavior'];

/** KServe hands KEDA the stabilization windows alone. */
function behaviorOf(behavior: Behavior): object | undefined {
	const rules = (['scaleUp', 'scaleDown'] as const).flatMap(direction => {
		const seconds = behavior?.[direction]?.stabilizationWindowSeconds;
		return seconds === undefined ? [] : [[direction, {stabilizationWindowSeconds: seconds}] as const];
	});
	return rules.length === 0 ? undefined : Object.fromEntries(rules);
}
