import test from 'ava';
import {hpaSpecOf} from '../../src/autoscaler/hpa-manifest.ts';
import {readManifests} from '../../src/cluster/setup/read-manifests.ts';
import {refuseUnreplayable} from '../../src/cluster/setup/refuse-unreplayable.ts';
import {renderManifests} from '../../src/cluster/setup/render-manifests.ts';
import {UserError} from '../../src/errors.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {type ExperimentParts, makeExperiment} from '../simulator/make-experiment.ts';

const images = {backend: 'backend:1', ollama: 'ollama:1'};
const autoscaler = hpaSpecOf({
	scaleTargetRef: {kind: 'Deployment', name: 'llm'},
	minReplicas: 3,
	maxReplicas: 5,
	metrics: [
		{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 60}}},
		{
			type: 'ContainerResource',
			containerResource: {name: 'memory', container: 'ollama', target: {type: 'AverageValue', averageValue: '300Mi'}},
		},
	],
	behavior: {scaleDown: {stabilizationWindowSeconds: 60, policies: [{type: 'Pods', value: 1, periodSeconds: 30}]}},
});

function playable(parts: ExperimentParts = {}): Experiment {
	const base = makeExperiment(parts);
	return makeExperiment({
		autoscaler,
		fixed: {replicas: 4},
		...parts,
		deployment: {
			containers: [
				{name: 'proxy', requests: {cpu: 0.025}, limits: {cpu: 0.1, memory: 2 ** 27}},
				{name: 'model', requests: {cpu: 0.125, memory: 2 ** 28}, limits: {cpu: 0.125}},
			],
			terminationGrace: 45,
			readiness: {periodSeconds: 7},
			rollout: {maxSurge: {absolute: 2}, maxUnavailable: {fraction: 0.5}},
			...parts.deployment,
			llm: {
				...base.deployment.llm,
				container: 'model',
				model: 'tiny:1b',
				parallel: 3,
				threads: 2,
				history: 4,
				...parts.deployment?.llm,
			},
		},
	});
}

// biome-ignore lint/suspicious/noExplicitAny: the Deployment is looked at in many places
const find = (objects: readonly {kind: string}[], kind: string): any => objects.find(object => object.kind === kind);

test('the Deployment has the experiment’s numbers', async t => {
	const {base} = renderManifests(await readManifests(), playable(), {arm: 'dynamic', images});
	const {replicas, strategy, template} = find(base, 'Deployment').spec;
	t.is(replicas, 3);
	t.deepEqual(strategy.rollingUpdate, {maxSurge: 2, maxUnavailable: '50%'});
	t.is(template.spec.terminationGracePeriodSeconds, 45);
	const [proxy, model] = template.spec.containers;
	t.deepEqual([proxy.name, proxy.image, model.name, model.image], ['proxy', 'backend:1', 'model', 'ollama:1']);
	t.deepEqual(proxy.resources, {requests: {cpu: '25m'}, limits: {cpu: '100m', memory: '134217728'}});
	t.deepEqual(model.resources, {requests: {cpu: '125m', memory: '268435456'}, limits: {cpu: '125m'}});
	t.is(proxy.readinessProbe.periodSeconds, 7);
	const environment = (container: {env: {name: string; value?: string}[]}) =>
		Object.fromEntries(container.env.map(({name, value}) => [name, value]));
	t.like(environment(proxy), {
		MODEL: 'tiny:1b',
		OLLAMA_CPU_LIMIT_MILLICORES: '2000',
		OLLAMA_NUM_PARALLEL: '3',
		HISTORY_TURNS: '4',
		DRAIN_SECONDS: '40',
	});
	t.like(environment(model), {OLLAMA_NUM_PARALLEL: '3', OLLAMA_KEEP_ALIVE: '-1'});
});

test('every variable that is set is one of the manifest’s', async t => {
	const {base} = await readManifests();
	const {containers} = find(base, 'Deployment').spec.template.spec;
	const names = containers.flatMap(({env}: {env: {name: string}[]}) => env.map(({name}) => name));
	for (const name of [
		'MODEL',
		'OLLAMA_CPU_LIMIT_MILLICORES',
		'NUM_CTX',
		'HISTORY_TURNS',
		'DRAIN_SECONDS',
		'OLLAMA_NUM_PARALLEL',
		'OLLAMA_MAX_QUEUE',
		'OLLAMA_CONTEXT_LENGTH',
	]) {
		t.true(names.includes(name), name);
	}
});

test('the HPA that is applied means what the experiment’s means', async t => {
	const {autoscaler: hpa} = renderManifests(await readManifests(), playable(), {arm: 'dynamic', images});
	t.deepEqual(hpaSpecOf(hpa), autoscaler);
});

test('the fixed arm has its replicas and no HPA', async t => {
	const {base, autoscaler: hpa} = renderManifests(await readManifests(), playable(), {arm: 'fixed', images});
	t.is(find(base, 'Deployment').spec.replicas, 4);
	t.is(hpa, undefined);
	t.is(find(base, 'HorizontalPodAutoscaler'), undefined);
});

test('metrics-server is applied on its own', async t => {
	const {base, metricsServer} = await readManifests();
	t.is(find(base, 'APIService'), undefined);
	t.truthy(find(metricsServer, 'APIService'));
});

test('an experiment that a cluster can play is not refused', t => {
	t.notThrows(() => refuseUnreplayable(playable(), ['dynamic', 'fixed'], {reachesNodes: true}));
});

const refused = test.macro((t, parts: ExperimentParts, message: RegExp, reachesNodes: boolean = true) => {
	const {fixed, ...rest} = playable(parts);
	const experiment = parts.fixed === undefined && 'fixed' in parts ? rest : {...rest, fixed: fixed!};
	const error = t.throws(() => refuseUnreplayable(experiment, ['fixed'], {reachesNodes}), {
		instanceOf: UserError,
		message,
	});
	t.false(error.message.includes('\n'));
});

const container = {requests: {}, limits: {}};
const llm = playable().deployment.llm;

test(
	'one container',
	refused,
	{deployment: {containers: [{name: 'model', ...container}]}},
	/containers to be a backend and/,
);
test('no model', refused, {deployment: {llm: {...llm, model: 'none'}}}, /llm\.model to be a model of Ollama/);
test('a model that is unloaded', refused, {deployment: {llm: {...llm, keepAlive: 60}}}, /keepAlive to be forever/);
test('another balancer', refused, {deployment: {balancing: 'round-robin'}}, /balancing to be random/);
test('no fixed arm', refused, {fixed: undefined} as unknown as ExperimentParts, /fixed to be given/);
test(
	'a metric that needs an adapter',
	refused,
	{
		autoscaler: {
			...autoscaler,
			metrics: [{type: 'Pods', name: 'queue', target: {type: 'AverageValue', averageValueMilli: 1}}],
		},
	},
	/metrics to be resource metrics, or a ScaledObject .* in a replay, got Pods queue/,
);
test(
	'pressure on a node out of reach',
	refused,
	{faults: [{kind: 'node-pressure', at: 1, count: 1, duration: 1, cpuFraction: 0.5}]},
	/faults to be possible/,
	false,
);
