import type {Metadata} from './trigger-metadata.ts';

/** Scaler that asks a queue for the number of its messages. */
export type QueueScaler = {
	/** Name of the metric, before KEDA's signs are put in. */
	readonly metric: (metadata: Metadata) => string;
	/** Keys of the target, the first that is given decides, and KEDA's default. */
	readonly target: {readonly keys: readonly string[]; readonly missing: number};
	/** Key of the activation value. */
	readonly activation: string;
	/** Whether the number has the messages in work: the ones that a consumer took and has not acknowledged. */
	readonly countsInFlight: (metadata: Metadata) => boolean;
	/** Keys of which one at least is given, in the metadata or as the name of a variable. */
	readonly required: readonly string[];
	/** Key that says what is measured, and its value that is the number of messages. */
	readonly mode?: {readonly key: string; readonly value: string};
};

const always = (): boolean => true;
const never = (): boolean => false;

const redis: QueueScaler = {
	metric: ({listName = ''}) => `redis-${listName}`,
	target: {keys: ['listLength'], missing: 5},
	activation: 'activationListLength',
	countsInFlight: never, // a consumer takes a message off the list
	required: ['listName'],
};

const kafka: QueueScaler = {
	metric: ({topic, consumerGroup = ''}) => (topic ? `kafka-${topic}` : `kafka-${consumerGroup}-topics`),
	target: {keys: ['lagThreshold'], missing: 10},
	activation: 'activationLagThreshold',
	countsInFlight: always, // until its offset is committed
	required: ['consumerGroup'],
};

/**
 * Scalers of queues, by the type of their trigger; SQS and RabbitMQ have rules of their own.
 *
 * @see KEDA v2.20 pkg/scalers: redis_scaler.go, kafka_scaler.go, apache_kafka_scaler.go,
 *   gcp_pubsub_scaler.go, azure_servicebus_scaler.go, azure_queue_scaler.go, nats_jetstream_scaler.go
 */
export const queueScalers: Readonly<Record<string, QueueScaler>> = {
	redis,
	'redis-cluster': redis,
	'redis-sentinel': redis,
	kafka,
	'apache-kafka': kafka,
	'gcp-pubsub': {
		metric: ({subscriptionName, subscriptionNameFromEnv, topicName = ''}) =>
			`gcp-ps-${subscriptionName ?? subscriptionNameFromEnv ?? topicName}`,
		target: {keys: ['value', 'subscriptionSize'], missing: 10},
		activation: 'activationValue',
		countsInFlight: always, // not acknowledged
		required: ['subscriptionName'],
		mode: {key: 'mode', value: 'SubscriptionSize'},
	},
	'azure-servicebus': {
		metric: ({queueName, topicName = ''}) => `azure-servicebus-${queueName ?? topicName}`,
		target: {keys: ['messageCount'], missing: 5},
		activation: 'activationMessageCount',
		countsInFlight: always, // active messages, locked ones among them
		required: ['queueName', 'topicName'],
	},
	'azure-queue': {
		metric: ({queueName = ''}) => `azure-queue-${queueName}`,
		target: {keys: ['queueLength'], missing: 5},
		activation: 'activationQueueLength',
		countsInFlight: ({queueLengthStrategy}) => queueLengthStrategy !== 'visibleonly',
		required: ['queueName'],
	},
	'nats-jetstream': {
		metric: ({stream = ''}) => `nats-jetstream-${stream}`,
		target: {keys: ['lagThreshold'], missing: 10},
		activation: 'activationLagThreshold',
		countsInFlight: always, // pending acknowledgement
		required: ['stream'],
	},
};

/** Whether a trigger asks a queue for the number of its messages. */
export function isOfQueue(type: string): boolean {
	return type === 'aws-sqs-queue' || type === 'rabbitmq' || Object.hasOwn(queueScalers, type);
}
