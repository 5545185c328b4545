import test from 'ava';
import type {HpaSpec} from '../../src/autoscaler/hpa-spec.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {replicate} from '../../src/forecast/replicate.ts';
import {summarize} from '../../src/forecast/summarize.ts';
import {type ExperimentParts, makeExperiment, openWorkload} from '../simulator/make-experiment.ts';

const target = (averageUtilization: number) => ({type: 'Utilization', averageUtilization}) as const;
const cpu = {type: 'Resource', name: 'cpu', target: target(70)} as const;
const memory = {type: 'Resource', name: 'memory', target: target(70)} as const;
const ofContainer = (container: string) => ({...cpu, type: 'ContainerResource', container}) as const;
const ollama = {name: 'ollama', requests: {cpu: 1, memory: 2 ** 30}, limits: {cpu: 1, memory: 2 ** 31}};
const envoy = {name: 'envoy', requests: {}, limits: {}};

/** Load that needs three pods for five minutes, and then none. */
const burst = {
	...(openWorkload(0) as Extract<Experiment['workload'], {loop: 'open'}>),
	arrivals: {
		process: 'poisson',
		cv: 1,
		interpolation: 'step',
		rate: [
			{at: 0, perSecond: 2},
			{at: 300, perSecond: 0},
		],
	},
	timeout: 60,
} satisfies Experiment['workload'];

function warningsOf(spec: Partial<HpaSpec>, parts: ExperimentParts = {}): readonly string[] {
	const experiment = makeExperiment({
		duration: 1500,
		workload: burst,
		autoscaler: {minReplicas: 1, maxReplicas: 4, metrics: [cpu], ...spec},
		...parts,
	});
	const results = [0, 1].map(replication => replicate(experiment, replication, {record: false}));
	return summarize(experiment, results).warnings;
}

test('an autoscaler that works is said nothing of', t => {
	t.deepEqual(warningsOf({}), []);
	t.deepEqual(warningsOf({}, {autoscaler: 'none'}), []);
});

test('a request that is missing in a container is told with the reason of the condition', t => {
	const [first, ...others] = warningsOf({}, {deployment: {containers: [envoy, ollama]}});
	t.regex(
		first!,
		/^In 100 % of the reconciles the autoscaler had no valid metric .*: missing request for cpu in container envoy of Pod .*ScalingActive is False with the reason FailedGetResourceMetric\.$/,
	);
	t.deepEqual(others, []);
});

test('a container that the pod does not have is named', t => {
	const [first] = warningsOf({metrics: [ofContainer('olama')]});
	t.regex(first!, /^In 100 % .*the pod has no container olama, but ollama\. .*FailedGetContainerResourceMetric\.$/);
});

test('metrics that never arrive', t => {
	const [first] = warningsOf({}, {faults: [{kind: 'metrics-outage', at: 0, duration: 1500}]});
	t.regex(first!, /^In (100|9\d(\.\d+)?) % .*no metrics returned from resource metrics API/);
});

test('one invalid metric of several blocks the way down', t => {
	const both = warningsOf({metrics: [cpu, ofContainer('ollama')]}, {deployment: {containers: [envoy, ollama]}});
	t.is(both.length, 1);
	t.regex(
		both[0]!,
		/^In 100 % of the reconciles the metric cpu had no value: missing request .*it would have in \d+ % of/,
	);
});

test('bounds that are equal', t => {
	t.deepEqual(warningsOf({minReplicas: 3, maxReplicas: 3}), [
		'The autoscaler cannot change anything: minReplicas and maxReplicas are both 3.',
	]);
});

test('a target that is never crossed, although requests go unanswered', t => {
	const containers = [{...ollama, requests: {cpu: 2, memory: 2 ** 30}, limits: {cpu: 2, memory: 2 ** 31}}];
	const [first, ...others] = warningsOf({}, {deployment: {containers}});
	t.regex(
		first!,
		/^The autoscaler never acted: .* more than minReplicas, 1\. At its highest cpu was at 50 %, with a target of 70 %\. Yet only [\d.]+ % /,
	);
	t.deepEqual(others, []);
	const [calm] = warningsOf({}, {workload: openWorkload(0.1)});
	t.regex(calm!, /^The autoscaler never acted: /);
	t.false(calm!.includes('Yet only'));
});

test('a way up that is forbidden', t => {
	const rules = {selectPolicy: 'Max', policies: [{type: 'Pods', value: 4, periodSeconds: 15}]} as const;
	const behavior = {scaleUp: {...rules, selectPolicy: 'Disabled'}, scaleDown: rules} as const;
	t.regex(
		warningsOf({behavior})[0]!,
		/^The autoscaler never acted: its metrics asked for more pods in \d+ % .*scaleUp/,
	);
});

test('pods that memory at rest keeps', t => {
	const heavy = warningsOf(
		{metrics: [cpu, memory]},
		{
			deployment: {
				containers: [ollama],
				service: {
					kind: 'work',
					name: 'heavy',
					status: 'uncalibrated',
					perRequest: 1,
					perPromptToken: 0,
					perOutputToken: 0,
					residualCv: 0,
					backendPerRequest: 0,
					idleCpu: {llm: 0, backend: 0},
					memory: {server: 0, weights: 0.7 * 2 ** 30, perContextToken: 0, backend: 0, backendPerRequest: 0},
				},
			},
		},
	);
	t.true(heavy.some(text => /^The autoscaler never scaled down: in \d+ % .* memory alone kept the pods/.test(text)));
});

test('an autoscaler that is at its most all the time', t => {
	const [first] = warningsOf({maxReplicas: 2}, {workload: {...openWorkload(4), timeout: 60}});
	t.regex(first!, /^In (100|9\d(\.\d+)?) % of the reconciles the autoscaler was at maxReplicas, 2, /);
});
