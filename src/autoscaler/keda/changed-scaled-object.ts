import {hpaObjectSpec} from '../hpa-manifest.ts';
import type {HpaSpec, MetricTarget} from '../hpa-spec.ts';
import type {KedaSpec, KedaTrigger} from './keda-spec.ts';
import {queueScalers} from './queue-triggers.ts';
import {kedaSpecOf} from './scaled-object.ts';

type Written = Readonly<Record<string, unknown>>;
type WrittenTrigger = Written & {readonly metadata: Readonly<Record<string, string>>};

/** Key of the metadata that says the threshold, by type of the trigger. */
const thresholdKeys: Readonly<Record<string, string>> = {
	prometheus: 'threshold',
	cpu: 'value',
	memory: 'value',
	'aws-sqs-queue': 'queueLength',
	rabbitmq: 'value',
};
const activationKeys: Readonly<Record<string, string>> = {
	prometheus: 'activationThreshold',
	'aws-sqs-queue': 'activationQueueLength',
	rabbitmq: 'activationValue',
};

/** Key of a trigger's metadata under which its threshold stands. */
export function thresholdKeyOf(type: string): string {
	return thresholdKeys[type] ?? queueScalers[type]?.target.keys[0] ?? 'targetValue';
}

/**
 * A manifest of a ScaledObject with other settings: everything else stays as it was written.
 *
 * @param manifest - a checked one
 */
export function changedScaledObject(
	manifest: unknown,
	{keda, autoscaler}: {readonly keda: KedaSpec; readonly autoscaler: HpaSpec},
) {
	const {spec, ...rest} = manifest as Written & {readonly spec: Written & {readonly triggers: WrittenTrigger[]}};
	const before = kedaSpecOf(manifest);
	const {idleReplicaCount: _, advanced, ...others} = spec;
	const {behavior} = hpaObjectSpec(autoscaler);
	return {
		...rest,
		spec: {
			...others,
			minReplicaCount: keda.minReplicaCount,
			...(keda.idleReplicaCount !== undefined && {idleReplicaCount: keda.idleReplicaCount}),
			maxReplicaCount: keda.maxReplicaCount,
			pollingInterval: keda.pollingInterval,
			cooldownPeriod: keda.cooldownPeriod,
			...((advanced != null || behavior !== undefined) && {advanced: withBehavior(advanced, behavior)}),
			triggers: keda.triggers.map(trigger => {
				const index = before.triggers.findIndex(other => isSame(other, trigger));
				return withThreshold(spec.triggers[index]!, before.triggers[index]!, trigger);
			}),
		},
	};
}

function withBehavior(advanced: unknown, behavior: object | undefined): object {
	const given = (advanced ?? {}) as Written;
	const {horizontalPodAutoscalerConfig: hpa} = given;
	return behavior === undefined ? given : {...given, horizontalPodAutoscalerConfig: {...(hpa as object), behavior}};
}

/** Whether two triggers are the same one with other thresholds. */
function isSame(one: KedaTrigger, other: KedaTrigger): boolean {
	return one.type === other.type && one.name === other.name && one.metric === other.metric;
}

function withThreshold(written: WrittenTrigger, before: KedaTrigger, {type, target, activation}: KedaTrigger) {
	const threshold = queueScalers[type]?.target.keys.find(key => written.metadata[key]) ?? thresholdKeyOf(type);
	const active = activationKeys[type] ?? queueScalers[type]?.activation ?? 'activationTargetValue';
	return {
		...written,
		metadata: {
			...written.metadata,
			...(numberOf(target) !== numberOf(before.target) && {[threshold]: String(numberOf(target))}),
			...(activation !== before.activation && {[active]: String(activation)}),
		},
	};
}

function numberOf(target: MetricTarget): number {
	switch (target.type) {
		case 'Utilization':
			return target.averageUtilization;
		case 'AverageValue':
			return target.averageValueMilli / 1000;
		case 'Value':
			return target.valueMilli / 1000;
	}
}
