import test from 'ava';
import {kedaHpaOf, kedaHpaSpecOf} from '../../../src/autoscaler/keda/keda-hpa.ts';
import {mayIdleAtZero, milliOf} from '../../../src/autoscaler/keda/keda-spec.ts';
import {kedaSpecOf} from '../../../src/autoscaler/keda/scaled-object.ts';
import {ScaledObject} from '../../../src/autoscaler/keda/scaled-object-schema.ts';
import {prometheus, scaledObject} from './make-scaled-object.ts';

/** Rules that a ScaledObject breaks, each behind its path. */
function faults(manifest: unknown): string[] {
	const {error} = ScaledObject.safeParse(manifest);
	return error === undefined ? [] : error.issues.map(({path, message}) => `${path.join('.')}: ${message}`);
}

const cpu = (value = '60', metricType = 'Utilization') => ({type: 'cpu', metricType, metadata: {value}});
const cron = (metadata: Readonly<Record<string, string>> = {}) => ({
	type: 'cron',
	metadata: {timezone: 'Etc/UTC', start: '0 0 * * Thu', end: '59 23 * * Thu', desiredReplicas: '10', ...metadata},
});

test('KEDA fills in its defaults', t => {
	t.deepEqual(kedaSpecOf(scaledObject()), {
		name: 'llm',
		minReplicaCount: 0,
		maxReplicaCount: 100,
		pollingInterval: 30,
		cooldownPeriod: 300,
		initialCooldownPeriod: 0,
		triggers: [
			{
				type: 'prometheus',
				metric: 's0-prometheus',
				target: {type: 'AverageValue', averageValueMilli: 5000},
				activation: 0,
				usesCachedMetrics: false,
				isPushed: false,
				source: {kind: 'prometheus', query: 'sum(vllm:num_requests_waiting)', ignoresNullValues: true},
			},
		],
	});
});

test('the HPA of a ScaledObject has its name, bounds, target and an External metric by trigger', t => {
	t.deepEqual(kedaHpaOf(scaledObject({minReplicaCount: 0, maxReplicaCount: 4})), {
		apiVersion: 'autoscaling/v2',
		kind: 'HorizontalPodAutoscaler',
		metadata: {name: 'keda-hpa-llm'},
		spec: {
			scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'llm'},
			minReplicas: 1,
			maxReplicas: 4,
			metrics: [
				{
					type: 'External',
					external: {
						metric: {name: 's0-prometheus', selector: {matchLabels: {'scaledobject.keda.sh/name': 'llm'}}},
						target: {type: 'AverageValue', averageValue: '5'},
					},
				},
			],
		},
	});
	t.is(kedaHpaSpecOf(scaledObject()).maxReplicas, 100);
	t.is(kedaHpaSpecOf(scaledObject({minReplicaCount: 3})).minReplicas, 3);
	const named = {advanced: {horizontalPodAutoscalerConfig: {name: 'mine', behavior: {scaleUp: {selectPolicy: 'Min'}}}}};
	t.is(kedaHpaOf(scaledObject(named)).metadata.name, 'mine');
	t.is(kedaHpaSpecOf(scaledObject(named)).behavior?.scaleUp.selectPolicy, 'Min');
});

test('metrics are named by the index of their trigger and sorted by type', t => {
	const sqs = {
		type: 'aws-sqs-queue',
		metadata: {queueURL: 'https://sqs.us-east-1.amazonaws.com/1/my.queue', awsRegion: 'x'},
	};
	const api = {type: 'metrics-api', metadata: {url: 'http://a', valueLocation: 'tasks.0', targetValue: '2.5'}};
	const memory = {type: 'memory', metricType: 'AverageValue', metadata: {value: '1Gi', containerName: 'm'}};
	const external = {type: 'external', metricType: 'Value', metadata: {scalerAddress: 'a:1', targetValue: '7'}};
	const triggers = [cpu(), prometheus(), cron(), sqs, api, memory, external];
	const {metrics} = kedaHpaSpecOf(scaledObject({triggers, minReplicaCount: 1}));
	t.deepEqual(metrics, [
		{
			type: 'ContainerResource',
			name: 'memory',
			container: 'm',
			target: {type: 'AverageValue', averageValueMilli: 2 ** 30 * 1000},
		},
		{type: 'External', name: 's1-prometheus', target: {type: 'AverageValue', averageValueMilli: 5000}},
		{
			type: 'External',
			name: 's2-cron-Etc-UTC-00xxThu-5923xxThu',
			target: {type: 'AverageValue', averageValueMilli: 1000},
		},
		{type: 'External', name: 's3-aws-sqs-my-queue', target: {type: 'AverageValue', averageValueMilli: 5000}},
		{type: 'External', name: 's4-metric-api-tasks-0', target: {type: 'AverageValue', averageValueMilli: 2500}},
		{type: 'External', name: 's6-external', target: {type: 'Value', valueMilli: 7000}},
		{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 60}},
	]);
});

// The names of KEDA v2.20 pkg/scalers/cron_scaler_test.go, cronMetricIdentifiers.
test('a cron trigger names its metric as upstream tests have it', t => {
	const nameOf = (start: string, end: string, index: number) => {
		const triggers = [...Array.from({length: index}, () => prometheus()), cron({start, end})];
		return kedaSpecOf(scaledObject({triggers})).triggers[index]!.metric;
	};
	t.is(nameOf('0 0 * * Thu', '59 23 * * Thu', 0), 's0-cron-Etc-UTC-00xxThu-5923xxThu');
	t.is(nameOf('0 */2 * * *', '0 1-23/2 * * *', 1), 's1-cron-Etc-UTC-0xSl2xxx-01-23Sl2xxx');
	t.is(nameOf('0,30 * * * *', '15,45 * * * *', 2), 's2-cron-Etc-UTC-0Cm30xxxx-15Cm45xxxx');
});

test('a formula puts one metric in the place of the External ones and leaves cpu', t => {
	const scalingModifiers = {formula: 'queue + wait', target: '2.5', metricType: 'Value'};
	const triggers = [cpu(), prometheus({}, {name: 'queue'}), prometheus({}, {name: 'wait'})];
	t.deepEqual(kedaHpaSpecOf(scaledObject({triggers, advanced: {scalingModifiers}})).metrics, [
		{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 60}},
		{type: 'External', name: 'composite-metric', target: {type: 'Value', valueMilli: 2500}},
	]);
});

test('annotations pause, freeze and force', t => {
	const paused = (annotations: Readonly<Record<string, string>>) => kedaSpecOf(scaledObject({}, annotations));
	t.deepEqual(paused({'autoscaling.keda.sh/paused': 'true'}).paused, {});
	t.is(paused({'autoscaling.keda.sh/paused': 'false'}).paused, undefined);
	t.deepEqual(paused({'autoscaling.keda.sh/paused': 'yes'}).paused, {}, 'what is no boolean counts as true');
	t.deepEqual(paused({'autoscaling.keda.sh/paused-replicas': '3'}).paused, {replicas: 3});
	t.true(paused({'autoscaling.keda.sh/force-activation': 'true'}).forcesActivation);
	const {behavior} = kedaHpaSpecOf(scaledObject({}, {'autoscaling.keda.sh/paused-scale-in': 'true'}));
	t.is(behavior?.scaleDown.selectPolicy, 'Disabled');
	t.is(behavior?.scaleUp.selectPolicy, 'Max');
	const out = kedaHpaSpecOf(scaledObject({}, {'autoscaling.keda.sh/paused-scale-out': 'true'}));
	t.is(out.behavior?.scaleUp.selectPolicy, 'Disabled');
});

test('cpu and memory alone never let the last pod go', t => {
	t.false(mayIdleAtZero(kedaSpecOf(scaledObject({triggers: [cpu()], minReplicaCount: 0}))));
	t.true(mayIdleAtZero(kedaSpecOf(scaledObject({triggers: [cpu(), prometheus()]}))));
	t.false(mayIdleAtZero(kedaSpecOf(scaledObject({minReplicaCount: 1}))));
	t.true(mayIdleAtZero(kedaSpecOf(scaledObject({minReplicaCount: 2, idleReplicaCount: 0}))));
});

// The cases of KEDA v2.20 pkg/scalers/cron_scaler_test.go, testCronMetadata.
test('a cron trigger is refused where KEDA refuses it', t => {
	const refused = (metadata: Readonly<Record<string, string>>) =>
		faults(scaledObject({triggers: [{type: 'cron', metadata}]})).length > 0;
	const zone = {timezone: 'Asia/Kolkata', desiredReplicas: '10'};
	t.true(refused({}));
	t.true(refused({timezone: 'Asia/Kolkata', start: '30 * * * *', end: '45 * * * *'}));
	t.true(refused({start: '30 * * * *', end: '45 * * * *', desiredReplicas: '10'}));
	t.false(refused({...zone, start: '30-33 * * * *', end: '45 * * * *'}));
	t.false(refused({...zone, start: '30 * * * *', end: '45-50 * * * *'}));
	t.true(refused({...zone, start: '-30 * * * *', end: '45 * * * *'}));
	t.true(refused({...zone, start: '30 * * * *', end: '-50 * * * *'}));
	t.true(refused({...zone, start: '30 * * * *', end: '50 * * -3 *'}));
	t.true(refused({...zone, start: '30 * * * *', end: '30 * * * *'}));
	t.true(refused({...zone, timezone: 'Mars/Olympus', start: '30 * * * *', end: '31 * * * *'}));
});

// The cases of KEDA v2.20 pkg/scalers/cpu_memory_scaler_test.go, testCPUMemoryMetadata.
test('a cpu trigger is refused where KEDA refuses it', t => {
	const refused = (metricType: string | undefined, metadata: Readonly<Record<string, string>>) =>
		faults(scaledObject({triggers: [{type: 'cpu', metadata, ...(metricType && {metricType})}], minReplicaCount: 1}))
			.length > 0;
	t.true(refused(undefined, {}));
	t.false(refused('Utilization', {value: '50'}));
	t.false(refused('AverageValue', {value: '50'}));
	t.true(refused('Value', {value: '50'}));
	t.true(refused(undefined, {value: ''}));
	t.false(refused(undefined, {value: '50', type: 'Utilization'}), 'metadata.type of KEDA up to 2.17');
	t.true(refused(undefined, {value: '50', type: 'Value'}));
});

test('each fault has its place and says what would do instead', t => {
	const fault = (spec: Readonly<Record<string, unknown>>) => faults(scaledObject(spec)).join('\n');
	t.regex(
		fault({triggers: [{type: 'datadog', metadata: {}}]}),
		/^spec\.triggers\.0\.type: one of prometheus, cpu, .* can come from an external trigger/,
	);
	t.is(fault({triggers: [prometheus({threshold: ''})]}), 'spec.triggers.0.metadata.threshold: given');
	t.is(
		fault({triggers: [prometheus({threshold: '0'})]}),
		'spec.triggers.0.metadata.threshold: a number, at least 0.001',
	);
	t.regex(fault({triggers: [{type: 'prometheus', metadata: {threshold: 5}}]}), /metadata\.threshold: text, in quotes/);
	t.is(
		fault({triggers: [prometheus({}, {metricType: 'Utilization'})]}),
		'spec.triggers.0.metricType: AverageValue or Value for a prometheus trigger',
	);
	t.is(
		fault({triggers: [cron(), {...cron(), useCachedMetrics: true}]}),
		'spec.triggers.1.useCachedMetrics: left out of a cron trigger',
	);
	t.is(fault({minReplicaCount: 5, maxReplicaCount: 4}), 'spec.maxReplicaCount: at least minReplicaCount');
	t.is(fault({minReplicaCount: 101}), 'spec.minReplicaCount: at most maxReplicaCount, 100 where that is left out');
	t.is(fault({idleReplicaCount: 0}), 'spec.idleReplicaCount: less than minReplicaCount');
	t.is(fault({idleReplicaCount: 0, minReplicaCount: 1}), '');
	t.regex(
		fault({triggers: [cpu()], minReplicaCount: 1, fallback: {failureThreshold: 3, replicas: 2}}),
		/^spec\.fallback: left out/,
	);
	t.is(
		fault({triggers: [prometheus({}, {name: 'a'}), prometheus({}, {name: 'a'})]}),
		'spec.triggers.1.name: a name that no trigger before it has',
	);
	const modifiers = (scalingModifiers: object) =>
		fault({advanced: {scalingModifiers}, triggers: [prometheus({}, {name: 'a'})]});
	t.is(modifiers({target: '2'}), 'spec.advanced.scalingModifiers.formula: given');
	t.is(modifiers({formula: 'a'}), 'spec.advanced.scalingModifiers.target: given beside a formula');
	t.regex(modifiers({formula: 'b + 1', target: '2'}), /scalingModifiers\.formula: .*\(b is no name of a trigger\)/);
	t.regex(
		fault({advanced: {scalingModifiers: {formula: 'a', target: '2'}}}),
		/^spec\.triggers\.0\.name: given, as a formula/,
	);
});

test('the region of a queue may come from a TriggerAuthentication', t => {
	const queue = (rest: object) =>
		faults(scaledObject({triggers: [{type: 'aws-sqs-queue', metadata: {queueURL: 'https://sqs/1/q'}, ...rest}]}));
	t.deepEqual(queue({}), ['spec.triggers.0.metadata.awsRegion: given']);
	t.deepEqual(queue({authenticationRef: {name: 'aws'}}), []);
});

test('values are handed on in thousandths, rounded as Go prints three places', t => {
	t.deepEqual(
		[0.0625, 0.1875, 1.2344, 1e16, -3, Number.NaN, Number.POSITIVE_INFINITY].map(milliOf),
		[62, 188, 1234, 1e19, 0, 0, 0],
	);
});
