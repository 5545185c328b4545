import test from 'ava';
import {caseInput} from '../../src/autoscaler/case-input.ts';
import {DecideCase} from '../../src/autoscaler/decide-case.ts';
import {defaultControllerConfig, reconcile} from '../../src/autoscaler/reconcile.ts';

const read = (given: object) => caseInput(DecideCase.parse({hpa: {maxReplicas: 9}, ...given}));

test('what a case leaves out has its default', t => {
	const {input, state} = read({});
	t.deepEqual(input.controller, defaultControllerConfig);
	t.deepEqual([input.now, input.specReplicas, input.statusReplicas, input.podMetrics], [0, 1, 1, null]);
	t.deepEqual([input.spec.minReplicas, input.spec.metrics.length, input.spec.behavior], [1, 1, undefined]);
	t.deepEqual(state, {recommendations: [], scaleUps: [], scaleDowns: []});
});

test('null is the same as left out', t => {
	const absent = {
		now: null,
		kubernetes: null,
		controller: null,
		scale: null,
		pods: null,
		podMetrics: null,
		history: null,
	};
	t.deepEqual(read({...absent, id: null, objectMetrics: null, externalMetrics: null}), read({}));
});

test('a controller that is partly given keeps its other flags', t => {
	const {input} = read({controller: {toleranceUp: 0}, kubernetes: 1.33});
	t.deepEqual(input.controller, {...defaultControllerConfig, toleranceUp: 0, kubernetes: '1.33'});
});

test('one tolerance stands for both directions, as the flag does', t => {
	const {toleranceUp, toleranceDown} = read({controller: {tolerance: 0.2, toleranceDown: 0}}).input.controller;
	t.deepEqual([toleranceUp, toleranceDown], [0.2, 0]);
});

test('without pods there are as many ready ones as the scale asks for', t => {
	const {input} = read({now: 1000, scale: {specReplicas: 3}});
	t.deepEqual(
		input.pods.map(({name, phase, ready}) => [name, phase, ready?.status]),
		['pod-0', 'pod-1', 'pod-2'].map(name => [name, 'Running', true]),
	);
	const metrics = [{type: 'External', external: {metric: {name: 'q'}, target: {type: 'Value', value: 10}}}];
	const asked = read({hpa: {maxReplicas: 9, metrics}, scale: {specReplicas: 3}, externalMetrics: {q: 20}});
	t.is(reconcile(asked.input, asked.state).desiredReplicas, 6);
});

test('without pods the metrics name them', t => {
	const podMetrics = ['x', 'pod-0'].map(name => ({name, metrics: {q: 30}}));
	const metrics = [{type: 'Pods', pods: {metric: {name: 'q'}, target: {type: 'AverageValue', averageValue: 10}}}];
	const {input, state} = read({hpa: {maxReplicas: 9, metrics}, scale: {specReplicas: 2}, podMetrics});
	t.deepEqual(
		input.pods.map(({name}) => name),
		['x', 'pod-0'],
	);
	t.is(reconcile(input, state).proposal, 6);
});

test('without requests a utilization cannot be computed', t => {
	const podMetrics = [{name: 'x', containers: [{name: 'main', usage: {cpu: 1}}]}];
	const {input, state} = read({podMetrics});
	t.is(reconcile(input, state).metrics[0]!.error, 'missing request for cpu in container main of Pod x');
});

test('without a clock the last event is now', t => {
	t.is(read({podMetrics: [{name: 'a', timestamp: 70}], history: {scaleUps: [{time: 90, change: 1}]}}).input.now, 90);
});

test('a whole manifest is an HPA', t => {
	const hpa = {
		apiVersion: 'autoscaling/v2',
		kind: 'HorizontalPodAutoscaler',
		metadata: {name: 'web'},
		spec: {scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}, maxReplicas: 7},
	};
	t.is(read({hpa}).input.spec.maxReplicas, 7);
});

test('a key that is not known is refused', t => {
	t.throws(() => read({podMetric: []}));
	t.throws(() => read({pods: [{name: 'a', startime: 5}]}));
	for (const kubernetes of ['1.22', '1.37', '1.3', 1.3, '35', 'x']) {
		t.throws(() => read({kubernetes}));
	}

	t.is(read({kubernetes: 'v1.30.2'}).input.controller.kubernetes, '1.30');
	t.is(read({kubernetes: 1.35}).input.controller.kubernetes, '1.35');
	t.throws(() => read({scale: {specReplicas: -1}}));
});

test('a container requests its limit of what it does not request, and native sidecars count', t => {
	const containers = [
		{name: 'app', requests: {cpu: '100m'}, limits: {cpu: 1, memory: '512Mi'}},
		{name: 'side', limits: {memory: '512Mi'}},
	];
	const initContainers = [
		{name: 'proxy', limits: {cpu: '200m'}, restartPolicy: 'Always'},
		{name: 'migrate', limits: {cpu: 8}},
	];
	const [pod] = read({pods: [{name: 'a', containers, initContainers}]}).input.pods;
	const memory = 512 * 2 ** 20 * 1000;
	t.deepEqual(pod!.containers, [
		{name: 'app', requests: {cpu: 100, memory}},
		{name: 'side', requests: {memory}},
		{name: 'proxy', requests: {cpu: 200}, isSidecar: true},
	]);
});

test('46 % of requests that were filled in from limits is within the tolerance of 50 %', t => {
	const names = ['a', 'b', 'c'];
	const parts = ['app', 'side'];
	const metrics = [
		{type: 'Resource', resource: {name: 'memory', target: {type: 'Utilization', averageUtilization: 50}}},
	];
	const {input, state} = read({
		now: 1000,
		hpa: {minReplicas: 2, maxReplicas: 5, metrics},
		scale: {specReplicas: 3},
		pods: names.map(name => ({
			name,
			startTime: 0,
			ready: {status: true, lastTransitionTime: 9},
			containers: parts.map(part => ({name: part, limits: {memory: '512Mi'}})),
		})),
		podMetrics: names.map(name => ({
			name,
			timestamp: 990,
			window: 15,
			containers: parts.map(part => ({name: part, usage: {memory: part === 'app' ? '450Mi' : '24Mi'}})),
		})),
	});
	const decision = reconcile(input, state);
	t.deepEqual([decision.desiredReplicas, decision.metrics[0]?.utilization], [3, 46]);
});
