import type * as z from 'zod';
import {
	HpaManifest,
	HpaManifestSpec,
	type HpaMetric,
	type HpaRules,
	type HpaTarget,
	type HypotheticalManifest,
	type HypotheticalSpec,
} from './hpa-schema.ts';
import type {HpaSpec, MetricSpec, MetricTarget, ScalingRules} from './hpa-spec.ts';
import {approximateQuantity, formatQuantityMilli, parseQuantityMilli} from './quantity.ts';

export {HpaManifest, HpaManifestOrSpec, HpaManifestSpec} from './hpa-schema.ts';

/** The schema of the form that a value has, so that an error names the key at fault. */
export function hpaSchemaFor(value: unknown): typeof HpaManifest | typeof HpaManifestSpec {
	return isManifest(value) ? HpaManifest : HpaManifestSpec;
}

/**
 * Reads the fields of an HPA that the autoscaler obeys, Kubernetes' defaults filled in.
 *
 * @param manifestOrSpec - an autoscaling/v2 manifest or its bare spec, checked or not
 * @throws {z.ZodError} when the API server would refuse it
 */
export function hpaSpecOf(manifestOrSpec: unknown): HpaSpec {
	const parsed = hpaSchemaFor(manifestOrSpec).parse(manifestOrSpec);
	return specOf('spec' in parsed ? parsed.spec : parsed);
}

/** Reads an HPA that the API server would refuse in one respect: `minReplicas: 0` without a metric that works at 0. */
export function hypotheticalHpaSpecOf(
	manifestOrSpec: z.infer<typeof HypotheticalManifest> | z.infer<typeof HypotheticalSpec>,
): HpaSpec {
	return specOf('spec' in manifestOrSpec ? manifestOrSpec.spec : manifestOrSpec);
}

function specOf({minReplicas, maxReplicas, metrics, behavior}: z.infer<typeof HypotheticalSpec>): HpaSpec {
	return {
		minReplicas: minReplicas ?? 1,
		maxReplicas,
		metrics: metrics?.length ? metrics.map(metricOf) : [defaultMetric],
		...(behavior && {
			behavior: {
				scaleUp: rulesOf(behavior.scaleUp, defaultScaleUp),
				scaleDown: rulesOf(behavior.scaleDown, defaultScaleDown),
			},
		}),
	};
}

function isManifest(value: unknown): boolean {
	return typeof value === 'object' && value !== null && ('spec' in value || 'kind' in value || 'apiVersion' in value);
}

const defaultMetric: MetricSpec = {
	type: 'Resource',
	name: 'cpu',
	target: {type: 'Utilization', averageUtilization: 80},
};

const defaultScaleUp: ScalingRules = {
	stabilizationWindowSeconds: 0,
	selectPolicy: 'Max',
	policies: [
		{type: 'Pods', value: 4, periodSeconds: 15},
		{type: 'Percent', value: 100, periodSeconds: 15},
	],
};

// The window is the controller's flag.
const defaultScaleDown: ScalingRules = {
	selectPolicy: 'Max',
	policies: [{type: 'Percent', value: 100, periodSeconds: 15}],
};

function rulesOf(given: HpaRules | null | undefined, defaults: ScalingRules): ScalingRules {
	const window = given?.stabilizationWindowSeconds ?? defaults.stabilizationWindowSeconds;
	return {
		...(window !== undefined && {stabilizationWindowSeconds: window}),
		selectPolicy: given?.selectPolicy ?? defaults.selectPolicy,
		policies: given?.policies ?? defaults.policies,
		...(given?.tolerance != null && {tolerance: approximateQuantity(given.tolerance)}),
	};
}

function metricOf(metric: z.infer<typeof HpaMetric>): MetricSpec {
	switch (metric.type) {
		case 'Resource': {
			const {name, target} = metric.resource;
			return {type: 'Resource', name, target: targetOf(target)};
		}

		case 'ContainerResource': {
			const {name, container, target} = metric.containerResource;
			return {type: 'ContainerResource', name, container, target: targetOf(target)};
		}

		case 'Pods': {
			const {averageValue} = metric.pods.target;
			return {type: 'Pods', name: metric.pods.metric.name, target: targetOf({type: 'AverageValue', averageValue})};
		}

		case 'Object': {
			const {
				metric: {name},
				target: {type, value, averageValue},
				describedObject,
			} = metric.object;
			return {
				type: 'Object',
				name,
				target: targetOf(type === 'Value' ? {type, value} : {type, averageValue}),
				...(describedObject && {describedObject: describedOf(describedObject)}),
			};
		}

		case 'External':
			return {type: 'External', name: metric.external.metric.name, target: targetOf(metric.external.target)};
	}
}

function describedOf({apiVersion, kind, name}: {apiVersion?: string | null | undefined; kind: string; name: string}) {
	return {...(apiVersion != null && {apiVersion}), kind, name};
}

// What is set decides, whatever `type` says: so does the controller.
function targetOf({averageUtilization, averageValue, value}: HpaTarget): MetricTarget {
	if (averageValue != null) {
		return {type: 'AverageValue', averageValueMilli: parseQuantityMilli(averageValue)};
	}

	return averageUtilization == null
		? {type: 'Value', valueMilli: parseQuantityMilli(value ?? 0)}
		: {type: 'Utilization', averageUtilization};
}

/** Name of a manifest's object, and the object that it scales. */
export type HpaIdentity = {
	readonly metadata: {
		readonly name: string;
		readonly namespace?: string;
		readonly annotations?: Readonly<Record<string, string>>;
	};
	readonly scaleTargetRef: {readonly apiVersion: string; readonly kind: string; readonly name: string};
};

/** The HorizontalPodAutoscaler that a replay applies, and the Deployment that it scales. */
export const replayedHpa = {
	metadata: {name: 'llm', namespace: 'replicast'},
	scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'llm'},
} as const satisfies HpaIdentity;

/** HorizontalPodAutoscaler of autoscaling/v2 as `kubectl apply` takes it. */
export function hpaObject(spec: HpaSpec, {metadata, scaleTargetRef}: HpaIdentity) {
	return {
		apiVersion: 'autoscaling/v2',
		kind: 'HorizontalPodAutoscaler',
		metadata,
		spec: {scaleTargetRef, ...hpaObjectSpec(spec)},
	};
}

/** Spec of an autoscaling/v2 HorizontalPodAutoscaler in the API's own form, without the object that it scales. */
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

		case 'Pods':
			return {type: 'Pods', pods: {metric: {name: metric.name}, target: targetObject(metric.target)}};
		case 'Object': {
			const {name, target, describedObject} = metric;
			const described = describedObject ?? {kind: 'Service', name: 'llm'};
			return {type: 'Object', object: {describedObject: described, metric: {name}, target: targetObject(target)}};
		}

		case 'External':
			return {type: 'External', external: {metric: {name: metric.name}, target: targetObject(metric.target)}};
	}
}

/** A target as a manifest has it. */
export function targetObject(target: MetricTarget): object {
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
