import test from 'ava';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {faultsOf, sound} from './scratch.ts';

const path = 'test/fixtures/dynamic-scaling-reference.yaml';

const sets = test.macro({
	async exec(t, setting: string, expected: object) {
		t.like(await readExperiment(path, {set: [setting]}), expected);
	},
	title: (_, setting) => `--set ${setting}`,
});

test(sets, 'duration=20m', {duration: 1200});

test(sets, 'autoscaler.maxReplicas=8', {autoscaler: {minReplicas: 2, maxReplicas: 8}});
test(sets, 'autoscaler.spec.maxReplicas=8', {autoscaler: {minReplicas: 2, maxReplicas: 8}});
test(sets, 'autoscaler.behavior.scaleDown.stabilizationWindowSeconds=60', {
	autoscaler: {behavior: {scaleDown: {stabilizationWindowSeconds: 60}}},
});
test(sets, 'metrics.scrape.period=60', {metrics: {scrape: {period: 60}}});
test(sets, 'prices.perPodHour=0.05', {prices: {perPodHour: 0.05}});
test(sets, 'deployment.service.memory.weights=1000', {deployment: {service: {memory: {weights: 1000}}}});
test(sets, 'slo.ttft=2s', {slo: {p95: 10, ttft: 2}});

test('settings apply in their order, after the profile', async t => {
	const {autoscaler} = await readExperiment(path, {
		set: ['autoscaler={maxReplicas: 3}', 'autoscaler.spec.minReplicas=3'],
	});
	t.like(autoscaler, {minReplicas: 3, maxReplicas: 3});
});

test('an item of a list is changed in its place, one past the end is added', async t => {
	const {workload, autoscaler} = await readExperiment(path, {
		set: [
			'workload.arrivals.rate.1.perSecond=2',
			'workload.arrivals.rate[3]={at: 12m, perSecond: 3}',
			'autoscaler.metrics.0.resource.target.averageUtilization=50',
		],
	});
	t.deepEqual(workload.loop === 'open' && workload.arrivals.process !== 'trace' && workload.arrivals.rate, [
		{at: 0, perSecond: 0.2},
		{at: 180, perSecond: 2},
		{at: 600, perSecond: 0.2},
		{at: 720, perSecond: 3},
	]);
	t.deepEqual(autoscaler !== 'none' && autoscaler.metrics[0]!.target, {type: 'Utilization', averageUtilization: 50});
});

const refuses = test.macro({
	async exec(t, setting: string, message: string) {
		t.deepEqual(await faultsOf(t, {'file.yaml': sound}, {set: [setting]}), [`--set ${setting}: ${message}`]);
	},
	title: (_, setting) => `refuses --set ${setting}`,
});

test(refuses, 'foo', 'Expected path=value, a path being names or numbers with dots between');
test(refuses, '=3', 'Expected path=value, a path being names or numbers with dots between');
test(refuses, 'a..b=3', 'Expected path=value, a path being names or numbers with dots between');
test(refuses, '__proto__.x=3', 'Expected path=value, a path being names or numbers with dots between');
test(refuses, 'seed=abc', 'Expected seed to be a whole number, at least 0 and at most 4294967295, got "abc"');
test(refuses, 'seed=', 'Expected seed to be a whole number, at least 0 and at most 4294967295, got ""');
test(refuses, 'name=[1', 'Expected name to be valid YAML, got something else');
test(refuses, 'duratoin=3m', 'Expected duratoin to be a known key (perhaps duration), got "duratoin"');
test(refuses, 'name.first=a', 'Expected name to be a map or a list, got "sound"');
test(
	refuses,
	'workload.arrivals.rate.7.at=3m',
	'Expected workload.arrivals.rate to be a list with an item 7, got one of 2',
);
test(
	refuses,
	'workload.arrivals.rate.first.at=3m',
	'Expected workload.arrivals.rate to be a list with an item first, got one of 2',
);
test(refuses, 'autoscaler.maxReplicas=1', 'Expected autoscaler.maxReplicas to be at least minReplicas, got 1');
test(refuses, 'fixed.replicas=0', 'Expected fixed.replicas to be a whole number, at least 1 and at most 10000, got 0');
test(
	refuses,
	'prices.perCoreHour=-1',
	'Expected prices.perCoreHour.value to be a number, at least 0 and at most 1000000000, got -1',
);
test(
	refuses,
	'prices=none.yaml',
	'Expected prices to be the path of a file of kind PriceBook, got none.yaml (no such file)',
);

test('a wrong seed or number of replications is told of its option', async t => {
	t.deepEqual(await faultsOf(t, {'file.yaml': sound}, {seed: -1, replications: 0}), [
		'--seed: Expected seed to be a whole number, at least 0 and at most 4294967295, got -1',
		'--replications: Expected replications to be a whole number, at least 1 and at most 100000, got 0',
	]);
});
