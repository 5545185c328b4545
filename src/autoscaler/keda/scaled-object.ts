import type {MetricTarget} from '../hpa-spec.ts';
import {parseQuantityMilli} from '../quantity.ts';
import {type KedaSpec, type KedaTrigger, milliOf, type TriggerSource} from './keda-spec.ts';
import {type QueueScaler, queueScalers} from './queue-triggers.ts';
import {countsUnacknowledged, rabbitmqMetric, rabbitmqRemark} from './rabbitmq.ts';
import {isUsingModifiers, ScaledObject} from './scaled-object-schema.ts';
import {metricTypeOf} from './trigger-faults.ts';
import {boolOf, numberOfText, type TriggerForm} from './trigger-metadata.ts';

/** KEDA's defaults. @see KEDA v2.20 apis/keda/v1alpha1/withtriggers_types.go, pkg/scaling/executor/scale_executor.go */
const defaults = {pollingInterval: 30, cooldownPeriod: 300, initialCooldownPeriod: 0, maxReplicaCount: 100} as const;

/**
 * Reads the parts of a ScaledObject that KEDA obeys.
 *
 * @param manifest - checked or not
 * @throws {z.ZodError} where the API server, KEDA's webhook or a scaler would refuse it, or a trigger is not modelled
 */
export function kedaSpecOf(manifest: unknown): KedaSpec {
	const {metadata, spec} = ScaledObject.parse(manifest);
	const {idleReplicaCount, fallback, advanced} = spec;
	const modifiers = isUsingModifiers(spec) ? advanced?.scalingModifiers : undefined;
	return {
		name: metadata.name,
		minReplicaCount: spec.minReplicaCount ?? 0,
		maxReplicaCount: spec.maxReplicaCount ?? defaults.maxReplicaCount,
		...(idleReplicaCount != null && {idleReplicaCount}),
		pollingInterval: spec.pollingInterval ?? defaults.pollingInterval,
		cooldownPeriod: spec.cooldownPeriod ?? defaults.cooldownPeriod,
		initialCooldownPeriod: spec.initialCooldownPeriod ?? defaults.initialCooldownPeriod,
		triggers: spec.triggers.map((trigger, index) => triggerOf(trigger, index, metadata)),
		...(fallback != null && {
			fallback: {
				failureThreshold: fallback.failureThreshold,
				replicas: fallback.replicas,
				behavior: fallback.behavior ?? 'static',
			},
		}),
		...(modifiers != null && {
			modifiers: {
				formula: modifiers.formula!,
				target: Number(modifiers.target),
				activationTarget: Number(modifiers.activationTarget ?? 0),
				metricType: modifiers.metricType ?? 'AverageValue',
			},
		}),
		...pausingOf(metadata.annotations ?? {}),
		...(advanced?.restoreToOriginalReplicaCount === true && {restoresOriginal: true}),
	};
}

/**
 * Settings of a ScaledObject that do nothing, or not what they seem to, a sentence each.
 *
 * @see KEDA v2.20 apis/keda/v1alpha1/scaledobject_webhook.go, verifyCPUMemoryScalers and verifyScaledObjects
 */
export function kedaRemarks(manifest: unknown): string[] {
	const {spec} = ScaledObject.parse(manifest);
	const keda = kedaSpecOf(manifest);
	const hasOnlyResources = keda.triggers.every(({metric}) => metric === undefined);
	const isAboveZero = keda.minReplicaCount > 0 && keda.idleReplicaCount !== 0;
	const isCached = keda.triggers.some(({usesCachedMetrics}) => usesCachedMetrics);
	return [
		...(hasOnlyResources && keda.minReplicaCount === 0
			? [
					`KEDA's admission webhook refuses minReplicaCount 0 with ${keda.triggers.length > 1 ? 'nothing but cpu and memory triggers' : `nothing but a ${keda.triggers[0]!.type} trigger`}; without the webhook the last pod stays.`,
				]
			: []),
		...spec.triggers.flatMap(trigger => triggerRemarks(trigger)),
		...(isAboveZero && spec.pollingInterval != null && !isCached
			? ['pollingInterval does nothing here: it counts where pods may go to 0, or with useCachedMetrics.']
			: []),
		...(isAboveZero && spec.cooldownPeriod != null
			? ['cooldownPeriod does nothing here: it counts where pods may go to 0.']
			: []),
		...spec.triggers.flatMap(trigger => rabbitmqRemark(trigger) ?? []),
	];
}

function triggerRemarks({type, metricType, metadata}: TriggerForm): string[] {
	const queue = queueScalers[type];
	const isOld = (type === 'cpu' || type === 'memory') && metricType == null && metadata['type'] !== undefined;
	return [
		...(isOld
			? [
					`The ${type} trigger says its type in metadata.type, which KEDA reads up to 2.17; from 2.18 on it has to be metricType of the trigger.`,
				]
			: []),
		...(queue === undefined
			? []
			: [
					`The ${type} trigger counts each request of the load as a message: the ones that wait${queue.countsInFlight(metadata) ? ', and the ones in work until they end' : ', not the ones in work'}.`,
				]),
	];
}

const prefix = 'autoscaling.keda.sh/';

/** @see KEDA v2.20 apis/keda/v1alpha1/scaledobject_types.go, NeedToBePausedByAnnotation and getBoolAnnotation */
function pausingOf(annotations: Readonly<Record<string, string>>) {
	// A value that is no boolean counts as true.
	const isSet = (name: string) => {
		const text = annotations[`${prefix}${name}`];
		return text !== undefined && (boolOf(text) ?? true);
	};
	const replicas = annotations[`${prefix}paused-replicas`];
	return {
		...((replicas !== undefined || isSet('paused')) && {
			paused: {...(replicas !== undefined && {replicas: Number(replicas)})},
		}),
		...(isSet('paused-scale-in') && {pausesScaleIn: true as const}),
		...(isSet('paused-scale-out') && {pausesScaleOut: true as const}),
		...(isSet('force-activation') && {forcesActivation: true as const}),
	};
}

type Owner = {readonly name: string; readonly namespace?: string | null | undefined};

function triggerOf(trigger: TriggerForm, index: number, object: Owner): KedaTrigger {
	const {type, name, metadata, useCachedMetrics} = trigger;
	const scaler = scalerOf(trigger, object);
	return {
		type,
		...(name && {name}),
		...(scaler.metric !== undefined && {metric: `s${index}-${scaler.metric}`}),
		target: scaler.target,
		activation: scaler.activation ?? 0,
		usesCachedMetrics: useCachedMetrics ?? false,
		isPushed: type === 'external-push' && metadata['scalerAddress'] !== undefined,
		source: scaler.source,
	};
}

type Scaler = {
	readonly metric?: string;
	readonly target: MetricTarget;
	readonly activation?: number;
	readonly source: TriggerSource;
};

/** Metric, target and source of a trigger. @see KEDA v2.20 pkg/scalers, GetMetricSpecForScaling of each scaler */
function scalerOf(trigger: TriggerForm, object: Owner): Scaler {
	const {type, metadata} = trigger;
	const number = (key: string, missing: number) => numberOfText(metadata[key] ?? String(missing));
	switch (type) {
		case 'cpu':
		case 'memory':
			return {target: resourceTarget(trigger), source: resourceSource(metadata['containerName'])};
		case 'prometheus':
			return {
				metric: 'prometheus',
				target: valueTarget(trigger, number('threshold', 0)),
				activation: number('activationThreshold', 0),
				source: {
					kind: 'prometheus',
					query: metadata['query']!,
					ignoresNullValues: boolOf(metadata['ignoreNullValues'] ?? 'true')!,
				},
			};
		case 'cron':
			return cronScaler(trigger);
		case 'metrics-api':
			return {
				metric: normalized(`metric-api-${metadata['valueLocation']}`),
				target: valueTarget(trigger, number('targetValue', 0)),
				activation: number('activationTargetValue', 0),
				source: {kind: 'named', name: metadata['source'] ?? metadata['valueLocation']!},
			};
		case 'aws-sqs-queue': {
			const queue = (metadata['queueURL'] ?? metadata['queueURLFromEnv'] ?? '').split('/').at(-1)!;
			return {
				metric: normalized(`aws-sqs-${queue}`),
				target: valueTarget(trigger, number('queueLength', 5)),
				activation: number('activationQueueLength', 0),
				source: {kind: 'queue', countsInFlight: boolOf(metadata['scaleOnInFlight'] ?? 'true')!},
			};
		}

		case 'rabbitmq':
			return {
				metric: normalized(rabbitmqMetric(metadata)),
				target: valueTarget(trigger, number('value', 0)),
				activation: number('activationValue', 0),
				source: {kind: 'queue', countsInFlight: countsUnacknowledged(metadata)},
			};
		default: {
			const queue = queueScalers[type];
			return queue === undefined ? externalScaler(trigger, object) : queueScaler(trigger, queue);
		}
	}
}

function queueScaler(trigger: TriggerForm, {metric, target, activation, countsInFlight}: QueueScaler): Scaler {
	const {metadata} = trigger;
	const given = target.keys.map(key => metadata[key]).find(text => text !== undefined && text !== '');
	return {
		metric: normalized(metric(metadata)),
		target: valueTarget(trigger, numberOfText(given ?? String(target.missing))),
		activation: numberOfText(metadata[activation] ?? '0'),
		source: {kind: 'queue', countsInFlight: countsInFlight(metadata)},
	};
}

function resourceSource(container: string | undefined): TriggerSource {
	return {kind: 'resource', ...(container && {container})};
}

function cronScaler(trigger: TriggerForm): Scaler {
	const {timezone, start, end, desiredReplicas} = trigger.metadata as Readonly<
		Record<'timezone' | 'start' | 'end' | 'desiredReplicas', string>
	>;
	return {
		metric: normalized(`cron-${timezone}-${cronName(start)}-${cronName(end)}`),
		target: valueTarget(trigger, 1),
		source: {kind: 'cron', timezone, start, end, desiredReplicas: Number(desiredReplicas)},
	};
}

function externalScaler(trigger: TriggerForm, {name, namespace}: Owner): Scaler {
	const {metadata} = trigger;
	const http = metadata['httpScaledObject'];
	const window = numberOfText(metadata['window'] ?? '60');
	return {
		metric: http === undefined ? (metadata['metricName'] ?? 'external') : httpMetric(http, namespace ?? 'default'),
		target: valueTarget(trigger, numberOfText(metadata['targetValue'] ?? '100')),
		activation: numberOfText(metadata['activationTargetValue'] ?? '0'),
		source:
			http === undefined
				? {kind: 'named', name: metadata['source'] ?? metadata['metricName'] ?? name}
				: {
						kind: 'interceptor',
						measure: metadata['measure'] === 'requestRate' ? 'requestRate' : 'concurrency',
						window,
					},
	};
}

/** @see KEDA HTTP add-on v0.9 scaler/naming.go, MetricNameHTTPSO */
function httpMetric(name: string, namespace: string): string {
	return `http-${namespace}/${name}`.replaceAll(/[^-.0-9A-Za-z]/g, sign => {
		const code = sign.codePointAt(0)!.toString(16).toUpperCase();
		return `_${code.padStart(4, '0')}`;
	});
}

function resourceTarget(trigger: TriggerForm): MetricTarget {
	const value = trigger.metadata['value']!;
	return metricTypeOf(trigger) === 'AverageValue'
		? {type: 'AverageValue', averageValueMilli: parseQuantityMilli(value)}
		: {type: 'Utilization', averageUtilization: Number(value)};
}

function valueTarget({metricType}: TriggerForm, value: number): MetricTarget {
	return metricType === 'Value'
		? {type: 'Value', valueMilli: milliOf(value)}
		: {type: 'AverageValue', averageValueMilli: milliOf(value)};
}

/** @see KEDA v2.20 pkg/util/normalize_string.go */
function normalized(text: string): string {
	return text.replaceAll(/[/.:%()]/g, '-');
}

/** @see KEDA v2.20 pkg/scalers/cron_scaler.go, parseCronTimeFormat */
function cronName(text: string): string {
	const words: Readonly<Record<string, string>> = {' ': '', '*': 'x', '/': 'Sl', '?': 'Qm', ',': 'Cm'};
	return text.replaceAll(/[ */?,]/g, sign => words[sign]!);
}
