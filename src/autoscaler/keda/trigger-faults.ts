import {parseQuantityMilli} from '../quantity.ts';
import {isTimezone, parseCron} from './cron.ts';
import {type QueueScaler, queueScalers} from './queue-triggers.ts';
import {rabbitmqFaults} from './rabbitmq.ts';
import {
	flags,
	given,
	givenOrFromEnv,
	type Metadata,
	numbers,
	positives,
	type SpecFault,
	type TriggerForm,
} from './trigger-metadata.ts';

/** Types of triggers that are modelled. */
export const modelledTriggers: readonly string[] = [
	'prometheus',
	'cpu',
	'memory',
	'cron',
	'metrics-api',
	'aws-sqs-queue',
	'rabbitmq',
	...Object.keys(queueScalers),
	'external',
	'external-push',
];

/** Faults of a trigger: what KEDA's scaler would not take, and what is not modelled. */
export function* triggerFaults(trigger: TriggerForm): Generator<SpecFault> {
	const {type, metadata, useCachedMetrics} = trigger;
	if (!modelledTriggers.includes(type)) {
		const rule = `one of ${modelledTriggers.join(', ')}, which are modelled; the value of any other can come from an external trigger with metadata.source and metadata.targetValue`;
		yield {path: ['type'], rule};
		return;
	}

	const isResource = type === 'cpu' || type === 'memory';
	if (useCachedMetrics === true && (isResource || type === 'cron')) {
		yield {path: ['useCachedMetrics'], rule: `left out of a ${type} trigger`};
	}

	yield* isResource ? resourceFaults(trigger) : externalTypeFaults(trigger);
	switch (type) {
		case 'prometheus':
			yield* given(metadata, ['serverAddress', 'query', 'threshold']);
			yield* positives(metadata, ['threshold']);
			yield* numbers(metadata, ['activationThreshold']);
			yield* flags(metadata, ['ignoreNullValues']);
			break;
		case 'cron':
			yield* cronFaults(metadata);
			break;
		case 'metrics-api':
			yield* given(metadata, ['url', 'valueLocation', 'targetValue']);
			yield* positives(metadata, ['targetValue']);
			yield* numbers(metadata, ['activationTargetValue']);
			break;
		case 'aws-sqs-queue':
			yield* queueFaults(trigger);
			break;
		case 'rabbitmq':
			yield* rabbitmqFaults(trigger);
			break;
		case 'external':
		case 'external-push':
			yield* externalFaults(metadata);
			break;
		default:
			yield* ofQueue(metadata, queueScalers[type]);
	}
}

/** Faults of a trigger that asks a queue for the number of its messages. */
function* ofQueue(metadata: Metadata, scaler: QueueScaler | undefined): Generator<SpecFault> {
	if (scaler === undefined) {
		return;
	}

	const {required, mode, target, activation} = scaler;
	if (!required.some(key => metadata[key] || metadata[`${key}FromEnv`])) {
		yield {path: ['metadata', required[0]!], rule: 'given'};
	}

	const given = mode && metadata[mode.key];
	if (mode !== undefined && given !== undefined && given !== mode.value) {
		yield {path: ['metadata', mode.key], rule: `${mode.value}, the number of messages, which alone is modelled`};
		return;
	}

	yield* positives(metadata, target.keys);
	yield* numbers(metadata, [activation]);
}

/**
 * Type of a trigger's target; KEDA up to 2.17 also reads that of a cpu or memory trigger in its metadata.
 *
 * @see KEDA v2.17 pkg/scalers/cpu_memory_scaler.go, parseResourceMetadata
 */
export function metricTypeOf({type, metricType, metadata}: TriggerForm): string | null | undefined {
	return metricType ?? (type === 'cpu' || type === 'memory' ? metadata['type'] : undefined);
}

function* resourceFaults(trigger: TriggerForm): Generator<SpecFault> {
	const {metadata} = trigger;
	const metricType = metricTypeOf(trigger);
	if (metricType !== 'Utilization' && metricType !== 'AverageValue') {
		const path = metadata['type'] === undefined ? ['metricType'] : ['metadata', 'type'];
		yield {path, rule: 'Utilization or AverageValue'};
		return;
	}

	yield* given(metadata, ['value']);
	const {value} = metadata;
	if (value === undefined) {
		return;
	}

	if (metricType === 'Utilization' && !(/^\+?\d{1,9}$/.test(value) && Number(value) >= 1)) {
		yield {path: ['metadata', 'value'], rule: 'per cent of the request, a whole number such as "60"'};
	}

	if (metricType === 'AverageValue' && !(quantityMilli(value) > 0)) {
		yield {path: ['metadata', 'value'], rule: 'a quantity such as 500m or 1Gi, above 0'};
	}
}

function quantityMilli(text: string): number {
	try {
		return parseQuantityMilli(text);
	} catch {
		return Number.NaN;
	}
}

function* externalTypeFaults({type, metricType}: TriggerForm): Generator<SpecFault> {
	if (metricType === 'Utilization') {
		yield {path: ['metricType'], rule: `AverageValue or Value for a ${type} trigger`};
	}
}

function* cronFaults(metadata: Metadata): Generator<SpecFault> {
	yield* given(metadata, ['timezone', 'start', 'end', 'desiredReplicas']);
	const {timezone, start, end, desiredReplicas} = metadata;
	if (timezone !== undefined && !isTimezone(timezone)) {
		yield {path: ['metadata', 'timezone'], rule: 'a time zone such as Etc/UTC or Europe/Berlin'};
	}

	for (const [key, text] of Object.entries({start, end})) {
		if (text !== undefined && parseCron(text) === undefined) {
			yield {path: ['metadata', key], rule: 'a cron expression of five fields such as 0 8 * * 1-5'};
		}
	}

	if (start !== undefined && start === end) {
		yield {path: ['metadata', 'end'], rule: 'another time than start'};
	}

	if (desiredReplicas !== undefined && !(/^\d{1,9}$/.test(desiredReplicas) && Number(desiredReplicas) >= 1)) {
		yield {path: ['metadata', 'desiredReplicas'], rule: 'a whole number, at least 1'};
	}
}

function* queueFaults({metadata, authenticationRef}: TriggerForm): Generator<SpecFault> {
	yield* givenOrFromEnv(metadata, ['queueURL']);
	// A TriggerAuthentication may say the region.
	if (authenticationRef == null) {
		yield* given(metadata, ['awsRegion']);
	}

	for (const key of ['queueLength', 'activationQueueLength']) {
		const least = key === 'queueLength' ? 1 : 0;
		const text = metadata[key];
		if (text !== undefined && !(/^\d{1,15}$/.test(text) && Number(text) >= least)) {
			yield {path: ['metadata', key], rule: `a whole number, at least ${least}`};
		}
	}

	yield* flags(metadata, ['scaleOnInFlight', 'scaleOnDelayed']);
}

/** An external scaler says its target over gRPC; here the metadata say it. */
function* externalFaults(metadata: Metadata): Generator<SpecFault> {
	yield* given(metadata, ['scalerAddress']);
	if (metadata['httpScaledObject'] === undefined && metadata['targetValue'] === undefined) {
		const rule = 'given: the target, which the scaler would say over gRPC';
		yield {path: ['metadata', 'targetValue'], rule};
	}

	yield* positives(metadata, ['targetValue']);
	yield* numbers(metadata, ['activationTargetValue']);
}
