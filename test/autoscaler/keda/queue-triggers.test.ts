import test from 'ava';
import {changedScaledObject} from '../../../src/autoscaler/keda/changed-scaled-object.ts';
import {kedaHpaSpecOf} from '../../../src/autoscaler/keda/keda-hpa.ts';
import {kedaRemarks, kedaSpecOf} from '../../../src/autoscaler/keda/scaled-object.ts';

const of = (type: string, metadata: Readonly<Record<string, string>>, more: object = {}) => ({
	apiVersion: 'keda.sh/v1alpha1',
	kind: 'ScaledObject',
	metadata: {name: 'worker'},
	spec: {scaleTargetRef: {name: 'worker'}, triggers: [{type, metadata, ...more}]},
});
const trigger = (type: string, metadata: Readonly<Record<string, string>>) =>
	kedaSpecOf(of(type, metadata)).triggers[0]!;

/** Name, target, activation, and whether messages in work count, by KEDA's own scalers. */
for (const [type, metadata, metric, target, activation, countsInFlight] of [
	['redis', {listName: 'prompts', listLength: '10', address: 'redis:6379'}, 's0-redis-prompts', 10, 0, false],
	['redis-sentinel', {listName: 'prompts'}, 's0-redis-prompts', 5, 0, false],
	['kafka', {topic: 'in', consumerGroup: 'g', lagThreshold: '25'}, 's0-kafka-in', 25, 0, true],
	['apache-kafka', {consumerGroup: 'g', activationLagThreshold: '2'}, 's0-kafka-g-topics', 10, 2, true],
	['gcp-pubsub', {subscriptionName: 'projects/p/subscriptions/s'}, 's0-gcp-ps-projects-p-subscriptions-s', 10, 0, true],
	['gcp-pubsub', {subscriptionNameFromEnv: 'SUB', subscriptionSize: '6'}, 's0-gcp-ps-SUB', 6, 0, true],
	['azure-servicebus', {topicName: 't', subscriptionName: 's', messageCount: '9'}, 's0-azure-servicebus-t', 9, 0, true],
	['azure-queue', {queueName: 'q', queueLengthStrategy: 'visibleonly'}, 's0-azure-queue-q', 5, 0, false],
	['nats-jetstream', {stream: 'jobs', consumer: 'c'}, 's0-nats-jetstream-jobs', 10, 0, true],
] as const) {
	test(`a ${type} trigger with ${JSON.stringify(metadata)}`, t => {
		const read = trigger(type, metadata);
		t.is(read.metric, metric);
		t.deepEqual(read.target, {type: 'AverageValue', averageValueMilli: target * 1000});
		t.is(read.activation, activation);
		t.deepEqual(read.source, {kind: 'queue', countsInFlight});
	});
}

test('a queue without a name, another measure than its length and a target that is no number are refused', t => {
	const refused = (type: string, metadata: Readonly<Record<string, string>>) =>
		t.throws(() => trigger(type, metadata))!.message;
	t.regex(refused('redis', {}), /listName/);
	t.regex(refused('azure-servicebus', {}), /queueName/);
	t.regex(
		refused('gcp-pubsub', {subscriptionName: 'a', mode: 'OldestUnackedMessageAge', value: '5'}),
		/SubscriptionSize, the number of messages/,
	);
	t.regex(refused('kafka', {topic: 'a', consumerGroup: 'g', lagThreshold: 'five'}), /lagThreshold/);
});

test('a remark says what is counted, and a manifest with another target keeps its own key', t => {
	t.deepEqual(kedaRemarks(of('redis', {listName: 'a'})), [
		'The redis trigger counts each request of the load as a message: the ones that wait, not the ones in work.',
	]);
	const manifest = of('gcp-pubsub', {subscriptionName: 'a', subscriptionSize: '4'});
	const keda = kedaSpecOf(manifest);
	const [before] = keda.triggers;
	const target = {type: 'AverageValue', averageValueMilli: 9000} as const;
	const changed = changedScaledObject(manifest, {
		keda: {...keda, triggers: [{...before!, target}]},
		autoscaler: kedaHpaSpecOf(manifest),
	} as never);
	t.like(changed, {spec: {triggers: [{metadata: {subscriptionName: 'a', subscriptionSize: '9'}}]}});
});

test('a cpu trigger may say its type in the metadata, as KEDA up to 2.17 reads it', t => {
	const old = of('cpu', {type: 'Utilization', value: '70'});
	t.like(kedaSpecOf({...old, spec: {...old.spec, minReplicaCount: 1}}).triggers[0], {
		target: {type: 'Utilization', averageUtilization: 70},
	});
	t.regex(kedaRemarks(old).join('\n'), /metadata\.type, which KEDA reads up to 2\.17/);
});
