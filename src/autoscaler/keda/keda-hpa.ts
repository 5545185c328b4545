import {hpaSpecOf, targetObject} from '../hpa-manifest.ts';
import type {HpaSpec} from '../hpa-spec.ts';
import {formatQuantityMilli} from '../quantity.ts';
import {compositeMetric, type KedaSpec} from './keda-spec.ts';
import {kedaSpecOf} from './scaled-object.ts';
import {kedaHpaName, ScaledObject} from './scaled-object-schema.ts';
import type {TriggerForm} from './trigger-metadata.ts';

/** Label by which the metrics server finds the ScaledObject of a metric. */
const owner = 'scaledobject.keda.sh/name';

/**
 * The HorizontalPodAutoscaler that KEDA makes of a ScaledObject, as the API server keeps it.
 *
 * @param manifest - checked or not
 * @see KEDA v2.20 controllers/keda/hpa.go, newHPAForScaledObject and getScaledObjectMetricSpecs
 */
export function kedaHpaOf(manifest: unknown) {
	const scaledObject = ScaledObject.parse(manifest);
	const {metadata, spec} = scaledObject;
	const keda = kedaSpecOf(manifest);
	const behavior = behaviorOf(spec.advanced?.horizontalPodAutoscalerConfig?.behavior ?? undefined, keda);
	return {
		apiVersion: 'autoscaling/v2',
		kind: 'HorizontalPodAutoscaler',
		metadata: {name: kedaHpaName(scaledObject), ...(metadata.namespace != null && {namespace: metadata.namespace})},
		spec: {
			scaleTargetRef: {
				apiVersion: spec.scaleTargetRef.apiVersion || 'apps/v1',
				kind: spec.scaleTargetRef.kind || 'Deployment',
				name: spec.scaleTargetRef.name,
			},
			minReplicas: Math.max(1, keda.minReplicaCount),
			maxReplicas: keda.maxReplicaCount,
			metrics: metricsOf(keda, spec.triggers),
			...(behavior !== undefined && {behavior}),
		},
	};
}

/** Fields of that HPA that the autoscaler obeys. */
export function kedaHpaSpecOf(manifest: unknown): HpaSpec {
	return hpaSpecOf(kedaHpaOf(manifest));
}

type Behavior = NonNullable<
	NonNullable<NonNullable<ScaledObject['spec']['advanced']>['horizontalPodAutoscalerConfig']>['behavior']
>;

function behaviorOf(given: Behavior | undefined, {pausesScaleIn, pausesScaleOut}: KedaSpec): Behavior | undefined {
	const disabled = {selectPolicy: 'Disabled'} as const;
	return given === undefined && !pausesScaleIn && !pausesScaleOut
		? undefined
		: {
				...given,
				...(pausesScaleIn && {scaleDown: {...given?.scaleDown, ...disabled}}),
				...(pausesScaleOut && {scaleUp: {...given?.scaleUp, ...disabled}}),
			};
}

type TypedMetric = {readonly type: string};

/** By type, as KEDA sorts them; with a formula its metric stands for all the External ones. */
function metricsOf(keda: KedaSpec, forms: readonly TriggerForm[]): TypedMetric[] {
	const {triggers, modifiers, name} = keda;
	const external = (metric: string, target: object) => {
		const source = {metric: {name: metric, selector: {matchLabels: {[owner]: name}}}, target};
		return {type: 'External', external: source};
	};
	const own = triggers.flatMap(({metric, target}, index): TypedMetric[] =>
		metric === undefined
			? [resourceMetric(forms[index]!, targetObject(target))]
			: modifiers === undefined
				? [external(metric, targetObject(target))]
				: [],
	);
	const sorted = own.toSorted((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0));
	if (modifiers === undefined) {
		return sorted;
	}

	const quantity = formatQuantityMilli(Math.trunc(modifiers.target * 1000));
	const {metricType: type} = modifiers;
	const target = type === 'Value' ? {type, value: quantity} : {type, averageValue: quantity};
	return [...sorted, external(compositeMetric, target)];
}

function resourceMetric({type: name, metadata}: TriggerForm, target: object): TypedMetric {
	const container = metadata['containerName'];
	const metric = container
		? {type: 'ContainerResource', containerResource: {name, container, target}}
		: {type: 'Resource', resource: {name, target}};
	return metric;
}
