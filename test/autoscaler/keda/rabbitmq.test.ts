import test from 'ava';
import {changedScaledObject} from '../../../src/autoscaler/keda/changed-scaled-object.ts';
import {kedaHpaSpecOf} from '../../../src/autoscaler/keda/keda-hpa.ts';
import {kedaRemarks, kedaSpecOf} from '../../../src/autoscaler/keda/scaled-object.ts';
import {ScaledObject} from '../../../src/autoscaler/keda/scaled-object-schema.ts';
import {scaledObject} from './make-scaled-object.ts';

const written = {queueName: 'orders', mode: 'QueueLength', value: '20', host: 'amqp://guest@rabbit:5672/shop'};

const withQueue = (metadata: Readonly<Record<string, string | undefined>> = {}, rest: object = {}) => {
	const given = Object.entries({...written, ...metadata}).filter(([, text]) => text !== undefined);
	return scaledObject({triggers: [{type: 'rabbitmq', metadata: Object.fromEntries(given), ...rest}]});
};

const faults = (...parts: Parameters<typeof withQueue>) => {
	const parsed = ScaledObject.safeParse(withQueue(...parts));
	return parsed.error?.issues.map(({path, message}) => `${path.slice(3).join('.')}: ${message}`) ?? [];
};

test('a queue of RabbitMQ has a metric of its name and a target of thousandths', t => {
	const {triggers} = kedaSpecOf(withQueue({value: '2.5', activationValue: '3'}));
	t.like(triggers[0], {metric: 's0-rabbitmq-orders', activation: 3});
	t.deepEqual(kedaHpaSpecOf(withQueue({value: '2.5'})).metrics, [
		{type: 'External', name: 's0-rabbitmq-orders', target: {type: 'AverageValue', averageValueMilli: 2500}},
	]);
});

// Go's url.QueryEscape, then KEDA's signs for a name: "a%2Fb+c%21" becomes "a-2Fb+c-21".
test('signs of a queue’s name are escaped as Go escapes them', t => {
	t.is(kedaSpecOf(withQueue({queueName: 'a/b c!'})).triggers[0]!.metric, 's0-rabbitmq-a-2Fb+c-21');
});

test('unacknowledged messages count over HTTP alone, and there only where they are not excluded', t => {
	const counts = (metadata: Parameters<typeof withQueue>[0]) => kedaSpecOf(withQueue(metadata)).triggers[0]!.source;
	t.deepEqual(counts({}), {kind: 'queue', countsInFlight: false});
	t.deepEqual(counts({host: 'https://rabbit/shop'}), {kind: 'queue', countsInFlight: true});
	t.deepEqual(counts({protocol: 'http', host: undefined, hostFromEnv: 'URL'}), {kind: 'queue', countsInFlight: true});
	const excluded = {host: 'http://rabbit/shop', excludeUnacknowledged: 'true'};
	t.deepEqual(counts(excluded), {kind: 'queue', countsInFlight: false});
});

test('a protocol that stands nowhere in the manifest is assumed, and said', t => {
	const unknown = {host: undefined, hostFromEnv: 'RABBITMQ_URL'};
	t.regex(kedaRemarks(withQueue(unknown)).join('\n'), /queue orders .*amqp is assumed/);
	t.notRegex(kedaRemarks(withQueue({...unknown, protocol: 'amqp'})).join('\n'), /assumed/);
	t.notRegex(kedaRemarks(withQueue()).join('\n'), /assumed/);
});

test('a trigger that KEDA refuses, or that is not modelled, is refused at its key', t => {
	t.deepEqual(faults(), []);
	t.deepEqual(faults({host: undefined}, {authenticationRef: {name: 'rabbit'}}), []);
	t.deepEqual(faults({host: undefined}), ['metadata.host: given']);
	t.deepEqual(faults({queueName: undefined}), ['metadata.queueName: given']);
	t.deepEqual(faults({value: undefined}), ['metadata.value: given']);
	t.regex(faults({mode: 'MessageRate'}).join('\n'), /^metadata\.mode: QueueLength, the one that is modelled$/);
	t.regex(faults({mode: undefined, value: undefined, queueLength: '5'}).join('\n'), /^metadata\.queueLength: left out/);
	t.regex(faults({protocol: 'mqtt'}).join('\n'), /^metadata\.protocol: amqp, http or auto$/);
	t.regex(faults({host: 'rabbit:5672'}).join('\n'), /^metadata\.host: a URL of amqp/);
	t.deepEqual(faults({excludeUnacknowledged: 'true'}), ['metadata.excludeUnacknowledged: left out or false with amqp']);
	t.regex(faults({operation: 'min'}).join('\n'), /^metadata\.operation: sum, avg or max$/);
	const several = {protocol: 'http', host: 'http://rabbit/shop', useRegex: 'true'};
	t.deepEqual(faults(several), []);
	t.regex(faults({...several, operation: 'max'}).join('\n'), /^metadata\.operation: sum: the queues are one here$/);
});

test('another target is written where the old one stood', t => {
	const manifest = withQueue();
	const keda = kedaSpecOf(manifest);
	const [trigger] = keda.triggers;
	const changed = changedScaledObject(manifest, {
		keda: {...keda, triggers: [{...trigger!, target: {type: 'AverageValue', averageValueMilli: 7000}, activation: 2}]},
		autoscaler: kedaHpaSpecOf(manifest),
	}) as unknown as {spec: {triggers: {metadata: object}[]}};
	t.deepEqual(changed.spec.triggers[0]!.metadata, {...written, value: '7', activationValue: '2'});
});
