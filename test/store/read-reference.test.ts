import {readFile} from 'node:fs/promises';
import test from 'ava';
import {parse} from 'yaml';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';

const path = 'test/fixtures/dynamic-scaling-reference.yaml';

const model = async (name: string) => parse(await readFile(`models/${name}.yaml`, 'utf8'));

test('every key of the reference file reaches the experiment', async t => {
	const {hash: _, ...experiment} = await readExperiment(path);
	t.deepEqual(experiment.workload, {
		loop: 'open',
		arrivals: {
			process: 'poisson',
			cv: 1,
			interpolation: 'step',
			rate: [
				{at: 0, perSecond: 0.2},
				{at: 180, perSecond: 1.2},
				{at: 600, perSecond: 0.2},
			],
		},
		requests: {
			promptTokens: {distribution: 'lognormal', mean: 40, cv: 0.5, max: 512},
			outputTokens: {distribution: 'constant', value: 16},
		},
		tenants: [
			{name: 'team-a', share: 2, conversations: 10},
			{name: 'team-b', share: 1, conversations: 10},
		],
		connections: 'per-request',
		timeout: 60,
	});
	const {service, startup, ...deployment} = experiment.deployment;
	t.deepEqual(deployment, {
		containers: [
			{name: 'backend', requests: {cpu: 0.025, memory: 64 * 2 ** 20}, limits: {cpu: 0.1, memory: 128 * 2 ** 20}},
			{name: 'ollama', requests: {cpu: 0.125, memory: 256 * 2 ** 20}, limits: {cpu: 0.125, memory: 2 ** 30}},
		],
		llm: {
			model: 'smollm2:135m',
			container: 'ollama',
			parallel: 1,
			threads: 1,
			keepAlive: Number.POSITIVE_INFINITY,
			contextLength: 2048,
			history: 0,
			maxQueue: 512,
		},
		readiness: {periodSeconds: 2},
		terminationGrace: 30,
		rollout: {maxSurge: {fraction: 0.25}, maxUnavailable: {fraction: 0.25}},
		nodes: {count: 1, cpu: 8, memory: 16 * 2 ** 30},
		balancing: 'random',
	});
	const {work} = await model('smollm2-135m');
	t.like(service, {kind: 'work', name: 'smollm2:135m', perOutputToken: work.perOutputToken.value});
	const {stages} = await model('startup-kind');
	t.like(startup, {kind: 'stages', name: 'startup-kind', stages: {modelLoad: stages.modelLoad.value}});
	const {housekeeping, scrape} = await model('metrics-pipeline');
	t.like(experiment, {
		name: 'dynamic-scaling',
		seed: 42,
		replications: 20,
		duration: 900,
		warmup: 0,
		metrics: {
			name: 'metrics-pipeline',
			housekeeping: {
				period: housekeeping.period.value,
				idlePeriod: housekeeping.idlePeriod.value,
				jitter: housekeeping.jitter.value,
			},
			scrape: {period: scrape.period.value, jitter: scrape.jitter.value},
		},
		fixed: {replicas: 6},
		prices: {kind: 'per-pod', perPodHour: 0.029, currency: 'USD'},
		energy: {idleWattsPerCore: 0.74, fullWattsPerCore: 3.5, pue: 1.135},
		slo: {p95: 10, availability: 0.99},
		accept: {
			replicasMeanAbsoluteError: {absolute: 0.5},
			podHours: {fraction: 0.05},
			p95: {fraction: 0.2},
			scaleLag: {absolute: 15},
		},
		faults: [{at: 300, kind: 'pod-kill', count: 1}],
	});
	t.deepEqual(experiment.autoscaler, {
		minReplicas: 2,
		maxReplicas: 6,
		metrics: [
			{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 70}},
			{type: 'Resource', name: 'memory', target: {type: 'Utilization', averageUtilization: 80}},
		],
	});
});

test('the forms that its comments name are taken', async t => {
	const forms = {
		'workload.arrivals={process: gamma, cv: 2, rate: [{at: 0s, perSecond: 1}]}': {
			workload: {arrivals: {process: 'gamma', cv: 2}},
		},
		'workload.arrivals={process: deterministic, rate: [{at: 0s, perSecond: 1}]}': {workload: {arrivals: {cv: 0}}},
		'workload={loop: closed, users: {count: 15, thinkTime: {distribution: exponential, mean: 2s}}}': {
			workload: {loop: 'closed', users: {count: 15, thinkTime: {distribution: 'exponential', mean: 2}}},
		},
		'workload.connections=keep-alive': {workload: {connections: 'keep-alive'}},
		'deployment.service={distribution: exponential, mean: 500ms}': {
			deployment: {
				service: {kind: 'time', time: {distribution: 'exponential', mean: 0.5}},
				llm: {model: 'smollm2:135m'},
			},
		},
		'deployment.service={distribution: lognormal, mean: 1s, cv: 1, max: 9s}': {
			deployment: {service: {time: {cv: 1, max: 9}}},
		},
		'deployment.startup=0s': {deployment: {startup: {kind: 'total', total: {distribution: 'constant', value: 0}}}},
		'deployment.startup={distribution: uniform, min: 3s, max: 8s}': {deployment: {startup: {total: {min: 3, max: 8}}}},
		'deployment.balancing=least-requests': {deployment: {balancing: 'least-requests'}},
		'deployment.rollout={maxSurge: 1, maxUnavailable: 0}': {
			deployment: {rollout: {maxSurge: {absolute: 1}, maxUnavailable: {absolute: 0}}},
		},
		'autoscaler={maxReplicas: 3}': {autoscaler: {minReplicas: 1, maxReplicas: 3}},
		'metrics=ideal': {metrics: 'ideal'},
		'deployment.llm.keepAlive=5m': {deployment: {llm: {keepAlive: 300}}},
		'faults=[{at: 1m, kind: node-pressure}, {at: 2m, kind: metrics-outage}, {at: 3m, kind: rollout}]': {
			faults: [{count: 1, duration: 60, cpuFraction: 0.5}, {duration: 60}, {kind: 'rollout'}],
		},
		'faults=[{at: 1m, kind: container-restart, container: backend}]': {faults: [{count: 1, container: 'backend'}]},
	};
	for (const [setting, expected] of Object.entries(forms)) {
		t.like(await readExperiment(path, {set: [setting]}), expected as object, setting);
	}
});

test('an autoscaler none takes deployment.replicas', async t => {
	const experiment = await readExperiment(path, {set: ['autoscaler=none', 'deployment.replicas=4']});
	t.is(experiment.autoscaler, 'none');
	t.is(experiment.deployment.replicas, 4);
});

test('seed and replications of the command line come last', async t => {
	t.like(await readExperiment(path, {set: ['seed=1'], seed: 7, replications: 2}), {seed: 7, replications: 2});
});
