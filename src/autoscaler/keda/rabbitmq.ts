import {
	boolOf,
	given,
	givenOrFromEnv,
	type Metadata,
	numbers,
	positives,
	type SpecFault,
	type TriggerForm,
} from './trigger-metadata.ts';

/** Protocol by which KEDA asks RabbitMQ for the counts of a queue. */
type Protocol = 'amqp' | 'http';

/**
 * Faults of a rabbitmq trigger: what KEDA's scaler would not take, and what is not modelled.
 *
 * @see KEDA v2.20 pkg/scalers/rabbitmq_scaler.go, Validate and validateTrigger
 */
export function* rabbitmqFaults({metadata, authenticationRef}: TriggerForm): Generator<SpecFault> {
	const {protocol = 'auto', mode, queueLength} = metadata;
	const at = (key: string, rule: string): SpecFault => ({path: ['metadata', key], rule});
	yield* given(metadata, ['queueName']);
	// A TriggerAuthentication may say the host.
	if (authenticationRef == null) {
		yield* givenOrFromEnv(metadata, ['host']);
	}

	if (!['auto', 'amqp', 'http'].includes(protocol)) {
		yield at('protocol', 'amqp, http or auto');
	} else if (protocol === 'auto' && metadata['host'] && protocolOf(metadata) === undefined) {
		yield at('host', 'a URL of amqp, amqps, http or https, where protocol is auto');
	}

	if (queueLength !== undefined) {
		yield at('queueLength', 'left out, as it is deprecated: mode: QueueLength and value say the same');
	} else if (mode !== 'QueueLength') {
		yield at('mode', 'QueueLength, the one that is modelled');
	} else {
		yield* given(metadata, ['value']);
	}

	yield* positives(metadata, ['value']);
	yield* numbers(metadata, ['activationValue']);
	for (const key of ['excludeUnacknowledged', 'useRegex']) {
		const flag = boolOf(metadata[key] ?? 'false');
		if (flag === undefined) {
			yield at(key, 'true or false');
		} else if (flag && protocolOf(metadata) === 'amqp') {
			yield at(key, 'left out or false with amqp');
		}
	}

	const operations = boolOf(metadata['useRegex'] ?? 'false') ? ['sum'] : ['sum', 'avg', 'max'];
	if (!operations.includes(metadata['operation'] ?? 'sum')) {
		yield at('operation', operations.length === 1 ? 'sum: the queues are one here' : 'sum, avg or max');
	}
}

/** Whether the messages count that a consumer has and has not acknowledged yet: over AMQP a queue counts the waiting ones alone. */
export function countsUnacknowledged(metadata: Metadata): boolean {
	return protocolOf(metadata) === 'http' && !boolOf(metadata['excludeUnacknowledged'] ?? 'false');
}

/** Sentence on the protocol that is assumed of a rabbitmq trigger; undefined where its manifest says it. */
export function rabbitmqRemark({type, metadata}: TriggerForm): string | undefined {
	return type === 'rabbitmq' && protocolOf(metadata) === undefined
		? `The trigger of the queue ${metadata['queueName']} does not say its protocol, and its host is not in the manifest: amqp is assumed, which does not count unacknowledged messages; http does.`
		: undefined;
}

/** Name of the External metric without its index. @see KEDA v2.20 pkg/scalers/rabbitmq_scaler.go, GetMetricSpecForScaling */
export function rabbitmqMetric(metadata: Metadata): string {
	// Go's url.QueryEscape leaves letters, digits, - _ . ~ alone, and a space is a plus sign.
	const escaped = encodeURIComponent(metadata['queueName']!)
		.replaceAll('%20', '+')
		.replaceAll(/[!'()*]/g, sign => `%${sign.codePointAt(0)!.toString(16).toUpperCase()}`);
	return `rabbitmq-${escaped}`;
}

/** Protocol that the metadata say; undefined where it hangs on a host that stands elsewhere. */
function protocolOf({protocol = 'auto', host = ''}: Metadata): Protocol | undefined {
	if (protocol === 'amqp' || protocol === 'http') {
		return protocol;
	}

	const scheme = /^([a-z]+):/i.exec(host)?.[1]?.toLowerCase() ?? '';
	return /^amqps?$/.test(scheme) ? 'amqp' : /^https?$/.test(scheme) ? 'http' : undefined;
}
