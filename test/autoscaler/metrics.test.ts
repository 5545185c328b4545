import test from 'ava';
import {decide} from './questions.ts';

const pod = (name: string, rest: object = {}) => ({
	name,
	startTime: 0,
	ready: {status: true, lastTransitionTime: 5},
	containers: [
		{name: 'backend', requests: {cpu: '100m'}},
		{name: 'ollama', requests: {cpu: '100m'}},
	],
	...rest,
});
const usage = (name: string, cpu: string, rest: object = {}) => ({
	name,
	timestamp: 990,
	window: 15,
	containers: [
		{name: 'backend', usage: {cpu}},
		{name: 'ollama', usage: {cpu}},
	],
	...rest,
});
const cpu = (averageUtilization = 50) => ({
	type: 'Resource',
	resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization}},
});
const container = (name: string) => ({
	type: 'ContainerResource',
	containerResource: {name: 'cpu', container: name, target: {type: 'Utilization', averageUtilization: 50}},
});
const external = (name: string, target: object) => ({type: 'External', external: {metric: {name}, target}});
const object = (target: object) => ({
	type: 'Object',
	object: {describedObject: {apiVersion: 'v1', kind: 'Service', name: 'web'}, metric: {name: 'rps'}, target},
});

const ask = (metrics: readonly object[], rest: object) =>
	decide({now: 1000, hpa: {minReplicas: 1, maxReplicas: 100, metrics}, scale: {specReplicas: 2}, ...rest});
const two = {pods: [pod('a'), pod('b')]};
const busy = [usage('a', '90m'), usage('b', '90m')];

const failsWith = test.macro({
	exec(t, given: {metrics: readonly object[]} & object, error: string, reason: string) {
		const {metrics, ...rest} = given;
		const decision = ask(metrics, rest);
		t.true(decision.error?.startsWith('invalid metrics (1 invalid out of 1), first error is: failed to get '));
		t.true(decision.error?.endsWith(`: ${error}`), decision.error);
		t.is(decision.metrics[0]?.error, error);
		t.deepEqual(decision.reasons, [reason]);
		t.is(decision.desiredReplicas, 2);
		t.is(decision.proposal, undefined);
		t.is(decision.recommendation, undefined);
	},
	title: (title, _, error) => `${title}: ${error}`,
});

const noMetrics = 'no metrics returned from resource metrics API';
test(
	'null',
	failsWith,
	{metrics: [cpu()], ...two, podMetrics: null},
	`unable to get metrics for resource cpu: ${noMetrics}`,
	'FailedGetResourceMetric',
);
test(
	'empty',
	failsWith,
	{metrics: [container('ollama')], ...two, podMetrics: []},
	`unable to get metrics for resource cpu: ${noMetrics}`,
	'FailedGetContainerResourceMetric',
);
test(
	'no pods',
	failsWith,
	{metrics: [cpu()], pods: [], podMetrics: busy},
	'no pods returned by selector while calculating replica count',
	'FailedGetResourceMetric',
);
test(
	'all unready',
	failsWith,
	{metrics: [cpu()], pods: [pod('a', {phase: 'Pending'}), pod('b', {deletionTimestamp: 990})], podMetrics: busy},
	'did not receive metrics for targeted pods (pods might be unready)',
	'FailedGetResourceMetric',
);
test(
	'an ignored pod without a request',
	failsWith,
	{metrics: [cpu()], pods: [pod('a'), pod('b', {phase: 'Failed', containers: [{name: 'backend'}]})], podMetrics: busy},
	'missing request for cpu in container backend of Pod b',
	'FailedGetResourceMetric',
);
test(
	'a container that is nowhere',
	failsWith,
	{metrics: [container('ghost')], ...two, podMetrics: busy},
	'did not receive metrics for targeted pods (pods might be unready)',
	'FailedGetContainerResourceMetric',
);
test(
	'1.32, a container that a pod has no sample of',
	failsWith,
	{metrics: [container('ghost')], ...two, podMetrics: busy, kubernetes: '1.32'},
	'unable to get metrics for resource cpu: failed to get container metrics: container ghost not present in metrics for pod default/a',
	'FailedGetContainerResourceMetric',
);
test(
	'1.35, a container that a pod has not',
	failsWith,
	{
		metrics: [container('ollama')],
		pods: [pod('a'), pod('b', {containers: [{name: 'backend', requests: {cpu: 1}}]})],
		podMetrics: busy,
		kubernetes: '1.35',
	},
	'container ollama not found in Pod b',
	'FailedGetContainerResourceMetric',
);
test(
	'Pods',
	failsWith,
	{
		metrics: [{type: 'Pods', pods: {metric: {name: 'q'}, target: {type: 'AverageValue', averageValue: 1}}}],
		...two,
		podMetrics: busy,
	},
	'unable to get metric q: no metrics returned from custom metrics API',
	'FailedGetPodsMetric',
);
test(
	'External',
	failsWith,
	{metrics: [external('q', {type: 'Value', value: 1})], ...two},
	'unable to get external metric default/q/nil: no metrics returned from external metrics API',
	'FailedGetExternalMetric',
);
test(
	'Object',
	failsWith,
	{metrics: [object({type: 'Value', value: 1})], ...two},
	'unable to get metric rps: Service on default web/unable to fetch metrics from custom metrics API: the custom metrics API server returned 0 results when we asked for exactly one',
	'FailedGetObjectMetric',
);

test('without metrics the HPA follows CPU at 80 %', t => {
	const {metrics} = decide({now: 1000, hpa: {maxReplicas: 9}, scale: {specReplicas: 2}, ...two, podMetrics: busy});
	t.deepEqual(metrics, [{type: 'Resource', name: 'cpu', proposal: 3, utilization: 90, averageValueMilli: 180}]);
});

test('the largest of several proposals counts', t => {
	const metrics = [cpu(), external('q', {type: 'AverageValue', averageValue: 10}), container('ollama')];
	t.is(ask(metrics, {...two, podMetrics: busy, externalMetrics: {q: 70}}).proposal, 7);
});

const broken = external('gone', {type: 'Value', value: 1});

test('an invalid metric does not stand in the way up', t => {
	const {desiredReplicas, error, metrics, reasons} = ask([broken, cpu()], {...two, podMetrics: busy});
	t.is(desiredReplicas, 4);
	t.is(error, undefined);
	t.regex(metrics[0]!.error!, /gone/);
	t.deepEqual(reasons, ['ValidMetricFound', 'ReadyForNewScale', 'DesiredWithinRange']);
});

test('an invalid metric does not hinder to stay', t => {
	const {desiredReplicas, error, recommendation} = ask([broken, cpu(90)], {...two, podMetrics: busy});
	t.deepEqual([desiredReplicas, error, recommendation], [2, undefined, 2]);
});

test('an invalid metric stands in the way down, and nothing is recommended', t => {
	const idle = [usage('a', '10m'), usage('b', '10m')];
	const decision = ask([cpu(), broken], {...two, podMetrics: idle});
	t.is(decision.desiredReplicas, 2);
	t.is(decision.proposal, 1);
	t.is(decision.recommendation, undefined);
	t.deepEqual(decision.reasons, ['FailedGetExternalMetric']);
	t.is(
		decision.error,
		'invalid metrics (1 invalid out of 2), first error is: failed to get gone external metric value: failed to get external metric gone: unable to get external metric default/gone/nil: no metrics returned from external metrics API',
	);
});

const averageWords = {
	Resource: 'failed to get cpu resource metric value: failed to get cpu usage: ',
	ContainerResource: 'failed to get ollama container metric value: failed to get cpu usage: ',
	Pods: 'failed to get pods metric value: ',
	Object: 'failed to get object metric value: failed to get rps object metric: ',
	External: 'failed to get q external metric value: failed to get q external metric: ',
};

for (const [type, words] of Object.entries(averageWords)) {
	test(`the controller’s words round the error of one ${type} metric`, t => {
		const target = {type: 'AverageValue', averageValue: 1};
		const metric = {
			Resource: {type, resource: {name: 'cpu', target}},
			ContainerResource: {type, containerResource: {name: 'cpu', container: 'ollama', target}},
			Pods: {type, pods: {metric: {name: 'rps'}, target}},
			Object: object(target),
			External: external('q', target),
		}[type]!;
		const {error, metrics} = ask([metric], {...two, podMetrics: null});
		t.is(error, `invalid metrics (1 invalid out of 1), first error is: ${words}${metrics[0]!.error}`);
	});
}

test('an HPA of one metric fails in the words of kubectl describe', t => {
	t.is(
		ask([cpu()], {...two, podMetrics: null}).error,
		'invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API',
	);
});

test('Object and External: a value is against ready pods, an average against pods that exist', t => {
	const pods = [pod('a'), pod('b'), pod('c', {ready: {status: false, lastTransitionTime: 900}})];
	const rest = {pods, scale: {specReplicas: 3, statusReplicas: 6}, objectMetrics: {rps: 60}, externalMetrics: {q: 60}};
	t.is(ask([object({type: 'Value', value: 20})], rest).proposal, 6);
	t.is(ask([external('q', {type: 'Value', value: 20})], rest).proposal, 6);
	t.is(ask([object({type: 'AverageValue', averageValue: 10})], rest).proposal, 6);
	t.is(ask([external('q', {type: 'AverageValue', averageValue: '9500m'})], rest).proposal, 6);
	const {proposal, averageValueMilli} = ask([external('q', {type: 'AverageValue', averageValue: 9})], rest).metrics[0]!;
	t.deepEqual([proposal, averageValueMilli], [7, 10_000]);
});

test('a metric of pods that the selector does not match counts for an average and not for a utilization', t => {
	const podMetrics = [...busy, usage('stranger', '900m')];
	t.is(ask([cpu()], {...two, podMetrics}).metrics[0]!.utilization, 90);
	const average = {type: 'Resource', resource: {name: 'cpu', target: {type: 'AverageValue', averageValue: '200m'}}};
	t.is(ask([average], {...two, podMetrics}).metrics[0]!.averageValueMilli, 720);
});

test('pod-level requests take the place of the containers from 1.34 on', t => {
	const pods = [pod('a', {requests: {cpu: 1}}), pod('b', {requests: {cpu: 1}})];
	t.is(ask([cpu()], {pods, podMetrics: busy}).metrics[0]!.utilization, 18);
	t.is(ask([cpu()], {pods, podMetrics: busy, kubernetes: '1.33'}).metrics[0]!.utilization, 90);
});

test('sums beyond 2^53 are cut where 64-bit integers are cut', t => {
	const huge = Array.from({length: 40}, (_, index) => `p${index}`);
	const decision = ask(
		[{type: 'Resource', resource: {name: 'memory', target: {type: 'Utilization', averageUtilization: 100}}}],
		{
			scale: {specReplicas: 40},
			pods: huge.map(name => ({name, containers: [{name: 'main', requests: {memory: '64Gi'}}]})),
			podMetrics: huge.map((name, index) => ({
				name,
				containers: [{name: 'main', usage: {memory: index === 0 ? String(64 * 2 ** 30 - 1) : '64Gi'}}],
			})),
		},
	);
	t.is(decision.metrics[0]!.utilization, 99);
});
