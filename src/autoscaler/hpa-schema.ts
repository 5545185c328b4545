import * as z from 'zod';
import {ApiVersion, Kind, LabelName, ObjectMetadata, ObjectName} from './object-names.ts';
import {parseQuantityMilli} from './quantity.ts';

/*
 * An autoscaling/v2 HorizontalPodAutoscaler as kubectl takes it, under the API server's own validation.
 * Each error message is a rule, the text that follows "Expected … to be".
 *
 * See kubernetes pkg/apis/autoscaling/validation/validation.go and pkg/apis/autoscaling/v2/defaults.go.
 */

const highestInt32 = 2 ** 31 - 1;

function whole(min: number, max = highestInt32) {
	const error = max === highestInt32 ? `a whole number, at least ${min}` : `a whole number from ${min} to ${max}`;
	return z.int({error}).min(min, {error}).max(max, {error});
}

function quantity(rule: string, isGood: (milli: number) => boolean) {
	return z.union([z.string(), z.number()], {error: rule}).refine(
		text => {
			try {
				const milli = parseQuantityMilli(text);
				return Number.isFinite(milli) && isGood(milli);
			} catch {
				return false;
			}
		},
		{error: rule},
	);
}

const text = z.string({error: 'text'}).regex(/./s, {error: 'text of at least one character'});
const positiveQuantity = quantity('a quantity such as 500m or 1Gi, above 0', milli => milli > 0);
const tolerance = quantity('a quantity such as 0.05, at least 0', milli => milli >= 0);

export const HpaTarget = z.strictObject({
	type: z.enum(['Utilization', 'Value', 'AverageValue'], {error: 'one of Utilization, Value, AverageValue'}),
	averageUtilization: whole(1).nullish(),
	averageValue: positiveQuantity.nullish(),
	value: positiveQuantity.nullish(),
});

export type HpaTarget = z.infer<typeof HpaTarget>;

const resourceRule = 'a target with either averageUtilization or averageValue';

const ResourceTarget = HpaTarget.refine(
	({averageUtilization, averageValue}) => (averageUtilization == null) !== (averageValue == null),
	{error: resourceRule},
);
const PodsTarget = HpaTarget.refine(({averageValue}) => averageValue != null, {error: 'a target with averageValue'});
const ObjectTarget = HpaTarget.refine(
	({type, value, averageValue}) =>
		(type === 'Value' && value != null) || (type === 'AverageValue' && averageValue != null),
	{error: 'a target with value of type Value, or averageValue of type AverageValue'},
);
const ExternalTarget = HpaTarget.refine(({value, averageValue}) => (value == null) !== (averageValue == null), {
	error: 'a target with either value or averageValue',
});

const Metric = z.strictObject({name: text, selector: z.looseObject({}).nullish()});
const ObjectReference = z.strictObject({apiVersion: z.string({error: 'text'}).nullish(), kind: text, name: text});
const ScaleTargetReference = z.strictObject({apiVersion: ApiVersion.nullish(), kind: Kind, name: ObjectName});

export const HpaMetric = z.discriminatedUnion(
	'type',
	[
		z.strictObject({
			type: z.literal('Resource'),
			resource: z.strictObject({name: text, target: ResourceTarget}),
		}),
		z.strictObject({
			type: z.literal('ContainerResource'),
			containerResource: z.strictObject({name: text, container: LabelName, target: ResourceTarget}),
		}),
		z.strictObject({type: z.literal('Pods'), pods: z.strictObject({metric: Metric, target: PodsTarget})}),
		z.strictObject({
			type: z.literal('Object'),
			object: z.strictObject({describedObject: ObjectReference.nullish(), metric: Metric, target: ObjectTarget}),
		}),
		z.strictObject({type: z.literal('External'), external: z.strictObject({metric: Metric, target: ExternalTarget})}),
	],
	{error: 'a metric of type Resource, ContainerResource, Pods, Object or External'},
);

const Policy = z.strictObject({
	type: z.enum(['Pods', 'Percent'], {error: 'one of Pods, Percent'}),
	value: whole(1),
	periodSeconds: whole(1, 1800),
});

export const HpaRules = z.strictObject({
	stabilizationWindowSeconds: whole(0, 3600).nullish(),
	selectPolicy: z.enum(['Max', 'Min', 'Disabled'], {error: 'one of Max, Min, Disabled'}).nullish(),
	policies: z.array(Policy, {error: 'a list of policies'}).min(1, {error: 'a list of at least one policy'}).nullish(),
	tolerance: tolerance.nullish(),
});

export type HpaRules = z.infer<typeof HpaRules>;

/** A spec without the rule on `minReplicas: 0`. */
export const HypotheticalSpec = z
	.strictObject({
		scaleTargetRef: ScaleTargetReference.nullish(),
		minReplicas: whole(0).nullish(),
		maxReplicas: whole(1),
		metrics: z.array(HpaMetric, {error: 'a list of metrics'}).nullish(),
		behavior: z.strictObject({scaleUp: HpaRules.nullish(), scaleDown: HpaRules.nullish()}).nullish(),
	})
	.refine(({minReplicas, maxReplicas}) => (minReplicas ?? 1) <= maxReplicas, {
		error: 'at least minReplicas',
		path: ['maxReplicas'],
	});

/** The spec of an HPA, bare. */
export const HpaManifestSpec = HypotheticalSpec.refine(
	({minReplicas, metrics}) =>
		minReplicas !== 0 || metrics?.some(({type}) => type === 'Object' || type === 'External') === true,
	{error: 'at least 1, for no Object or External metric could bring pods back', path: ['minReplicas']},
);

/** An HPA as a manifest. */
export const HpaManifest = z.strictObject({
	apiVersion: z.literal('autoscaling/v2', {error: 'autoscaling/v2'}),
	kind: z.literal('HorizontalPodAutoscaler', {error: 'HorizontalPodAutoscaler'}),
	metadata: ObjectMetadata.nullish(),
	spec: HpaManifestSpec,
	status: z.unknown().optional(),
});

/** A manifest without the rule on `minReplicas: 0`. */
export const HypotheticalManifest = HpaManifest.extend({spec: HypotheticalSpec});

/** Either form, for a schema that holds one. `hpaSchemaFor` gives better messages. */
export const HpaManifestOrSpec = z.union([HpaManifest, HpaManifestSpec], {
	error: 'an autoscaling/v2 HorizontalPodAutoscaler or its spec',
});

export type HpaManifestOrSpec = z.infer<typeof HpaManifestOrSpec>;
