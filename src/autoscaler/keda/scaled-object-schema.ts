import * as z from 'zod';
import {HpaRules} from '../hpa-schema.ts';
import {ApiVersion, Kind, ObjectMetadata, ObjectName} from '../object-names.ts';
import {parseModifierFormula} from './formula.ts';
import {FormulaError} from './formula-language.ts';
import {triggerFaults} from './trigger-faults.ts';
import type {SpecFault, TriggerForm} from './trigger-metadata.ts';

/*
 * A ScaledObject as kubectl takes it, under the rules of its CRD, of KEDA's admission webhook and of its scalers. Each error
 * message is a rule, the text that follows "Expected … to be".
 *
 * See KEDA v2.20 apis/keda/v1alpha1/scaledobject_types.go, scaletriggers_types.go and scaledobject_webhook.go.
 */

const highestInt32 = 2 ** 31 - 1;

function whole(min: number) {
	const error = `a whole number, at least ${min}`;
	return z.int({error}).min(min, {error}).max(highestInt32, {error});
}

const text = z.string({error: 'text'}).regex(/./s, {error: 'text of at least one character'});
const flag = z.boolean({error: 'true or false'});
const quoted = z.string({error: 'text, in quotes where it looks like a number, true or false'});

const Trigger = z
	.strictObject({
		type: text,
		name: z.string({error: 'text'}).nullish(),
		useCachedMetrics: flag.nullish(),
		metadata: z.record(z.string(), quoted, {error: 'a map of text'}),
		authenticationRef: z
			.strictObject({
				name: text,
				kind: z
					.enum(['TriggerAuthentication', 'ClusterTriggerAuthentication'], {
						error: 'TriggerAuthentication or ClusterTriggerAuthentication',
					})
					.nullish(),
			})
			.nullish(),
		metricType: z
			.enum(['AverageValue', 'Value', 'Utilization'], {error: 'one of AverageValue, Value, Utilization'})
			.nullish(),
	})
	.superRefine((trigger, context) => {
		for (const {path, rule} of triggerFaults(trigger)) {
			context.addIssue({code: 'custom', path: [...path], message: rule});
		}
	});

const Fallback = z.strictObject({
	failureThreshold: whole(0),
	replicas: whole(0),
	behavior: z
		.enum(['static', 'currentReplicas', 'currentReplicasIfHigher', 'currentReplicasIfLower', 'scalingModifiers'], {
			error: 'one of static, currentReplicas, currentReplicasIfHigher, currentReplicasIfLower, scalingModifiers',
		})
		.nullish(),
});

const numberText = (rule: string, isGood: (value: number) => boolean) =>
	z.string({error: `${rule}, in quotes`}).refine(value => value.trim() !== '' && isGood(Number(value)), {error: rule});

const Modifiers = z.strictObject({
	formula: z.string({error: 'a formula'}).nullish(),
	target: numberText('a number above 0', value => value >= 0.001 && Number.isFinite(value)).nullish(),
	activationTarget: numberText('a number', value => Number.isFinite(value)).nullish(),
	metricType: z.enum(['AverageValue', 'Value'], {error: 'AverageValue or Value'}).nullish(),
});

const Advanced = z.strictObject({
	horizontalPodAutoscalerConfig: z
		.strictObject({
			name: ObjectName.nullish(),
			behavior: z.strictObject({scaleUp: HpaRules.nullish(), scaleDown: HpaRules.nullish()}).nullish(),
		})
		.nullish(),
	restoreToOriginalReplicaCount: flag.nullish(),
	scalingModifiers: Modifiers.nullish(),
});

const Spec = z
	.strictObject({
		scaleTargetRef: z.strictObject({
			name: ObjectName,
			apiVersion: ApiVersion.nullish(),
			kind: Kind.nullish(),
			envSourceContainerName: z.string({error: 'text'}).nullish(),
		}),
		pollingInterval: whole(1).nullish(),
		initialCooldownPeriod: whole(0).nullish(),
		cooldownPeriod: whole(0).nullish(),
		idleReplicaCount: whole(0).nullish(),
		minReplicaCount: whole(0).nullish(),
		maxReplicaCount: whole(1).nullish(),
		advanced: Advanced.nullish(),
		triggers: z.array(Trigger, {error: 'a list of triggers'}).min(1, {error: 'a list of at least one trigger'}),
		fallback: Fallback.nullish(),
	})
	.superRefine((spec, context) => {
		for (const {path, rule} of specFaults(spec)) {
			context.addIssue({code: 'custom', path: [...path], message: rule});
		}
	});

type SpecForm = z.infer<typeof Spec>;

function* specFaults(spec: SpecForm): Generator<SpecFault> {
	const {minReplicaCount, maxReplicaCount, idleReplicaCount} = spec;
	if ((minReplicaCount ?? 0) > (maxReplicaCount ?? 100)) {
		yield maxReplicaCount == null
			? {path: ['minReplicaCount'], rule: 'at most maxReplicaCount, 100 where that is left out'}
			: {path: ['maxReplicaCount'], rule: 'at least minReplicaCount'};
	}

	// GetHPAMinReplicas has 1 for 0, so that an idle count of 0 is below a given minimum of 0, too.
	const least = minReplicaCount == null ? 0 : Math.max(1, minReplicaCount);
	if (idleReplicaCount != null && idleReplicaCount >= least) {
		yield {path: ['idleReplicaCount'], rule: 'less than minReplicaCount'};
	}

	yield* nameFaults(spec.triggers);
	yield* modifierFaults(spec);
	const isResource = ({type}: TriggerForm) => type === 'cpu' || type === 'memory';
	const hasModifiers = isUsingModifiers(spec);
	if (spec.fallback != null && !hasModifiers && spec.triggers.every(isResource)) {
		yield {path: ['fallback'], rule: 'left out, as no trigger but cpu and memory could fall back'};
	}
}

function* nameFaults(triggers: readonly TriggerForm[]): Generator<SpecFault> {
	const seen = new Set<string>();
	for (const [index, {name}] of triggers.entries()) {
		if (name != null && name !== '' && seen.has(name)) {
			yield {path: ['triggers', index, 'name'], rule: 'a name that no trigger before it has'};
		}

		seen.add(name ?? '');
	}
}

function* modifierFaults(spec: SpecForm): Generator<SpecFault> {
	const path = ['advanced', 'scalingModifiers'];
	const {formula, target} = spec.advanced?.scalingModifiers ?? {};
	if (!isUsingModifiers(spec)) {
		if (spec.fallback?.behavior === 'scalingModifiers') {
			yield {path: ['fallback', 'behavior'], rule: 'another one where advanced.scalingModifiers has no formula'};
		}

		return;
	}

	if (!formula) {
		yield {path: [...path, 'formula'], rule: 'given'};
		return;
	}

	if (!target) {
		yield {path: [...path, 'target'], rule: 'given beside a formula'};
	}

	const others = spec.triggers.filter(({type}) => type !== 'cpu' && type !== 'memory');
	const unnamed = spec.triggers.findIndex(({type, name}) => type !== 'cpu' && type !== 'memory' && !name);
	if (unnamed !== -1) {
		yield {path: ['triggers', unnamed, 'name'], rule: 'given, as a formula takes triggers by their names'};
		return;
	}

	try {
		parseModifierFormula(
			formula,
			others.map(({name}) => name!),
		);
	} catch (error) {
		if (!(error instanceof FormulaError)) {
			throw error;
		}

		yield {path: [...path, 'formula'], rule: `a formula of the triggers' names (${error.message})`};
	}
}

/** Whether anything stands in `scalingModifiers`. */
export function isUsingModifiers({advanced}: Pick<SpecForm, 'advanced'>): boolean {
	return Object.values(advanced?.scalingModifiers ?? {}).some(value => value != null && value !== '');
}

const longestLabel = 63;

const Annotations = z.record(z.string(), quoted, {error: 'a map of text'});

/** Name of the HPA that KEDA makes. @see KEDA v2.20 controllers/keda/hpa.go, getHPAName */
export function kedaHpaName({metadata, spec}: ScaledObject): string {
	return spec.advanced?.horizontalPodAutoscalerConfig?.name || `keda-hpa-${metadata.name}`;
}

export const ScaledObject = z
	.strictObject({
		apiVersion: z.literal('keda.sh/v1alpha1', {error: 'keda.sh/v1alpha1'}),
		kind: z.literal('ScaledObject', {error: 'ScaledObject'}),
		metadata: ObjectMetadata.extend({
			name: ObjectName.max(longestLabel, {
				error: `a name of at most ${longestLabel} characters, for it becomes a label`,
			}),
			annotations: Annotations.nullish(),
		}),
		spec: Spec,
		status: z.unknown().optional(),
	})
	.superRefine((scaledObject, context) => {
		if (kedaHpaName(scaledObject).length > longestLabel) {
			const rule = `such that the HPA's name, keda-hpa- and it, has at most ${longestLabel} characters; or set spec.advanced.horizontalPodAutoscalerConfig.name`;
			context.addIssue({code: 'custom', path: ['metadata', 'name'], message: rule});
		}

		const paused = scaledObject.metadata.annotations?.['autoscaling.keda.sh/paused-replicas'];
		if (paused !== undefined && !/^\d{1,9}$/.test(paused)) {
			const path = ['metadata', 'annotations', 'autoscaling.keda.sh/paused-replicas'];
			context.addIssue({code: 'custom', path, message: 'a whole number, at least 0'});
		}
	});

export type ScaledObject = z.infer<typeof ScaledObject>;
