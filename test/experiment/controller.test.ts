import test from 'ava';
import {controllerConfig} from '../../src/autoscaler/contracts.ts';
import {nearestRelease, parseFlagDuration} from '../../src/autoscaler/controller-flags.ts';
import {DecideCase} from '../../src/autoscaler/decide-case.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {assumptions} from '../../src/forecast/assumptions.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {runKey} from '../../src/tune/scaling.ts';

const path = 'test/fixtures/dynamic-scaling-reference.yaml';
const read = async (...set: string[]) =>
	readExperiment(path, {set: ['duration=10m', 'warmup=0s', 'faults=[]', ...set]});
const flags =
	'controller={syncPeriod: 30s, downscaleStabilization: 1m30s, tolerance: 0.2, initialReadinessDelay: 10, cpuInitializationPeriod: 2m}';

test('an experiment says the release and the flags of the controller, as a case of decide does', async t => {
	const {kubernetes, controller, metrics} = await read('kubernetes=1.35', flags);
	t.is(kubernetes, '1.35');
	const wanted = {
		syncPeriod: 30,
		downscaleStabilization: 90,
		tolerance: 0.2,
		initialReadinessDelay: 10,
		cpuInitializationPeriod: 120,
	};
	t.deepEqual(controller, wanted);
	t.is(metrics === 'ideal' ? 0 : metrics.sync.period, 30);
	const asked = DecideCase.parse({
		kubernetes: 1.35,
		controller: {...wanted, downscaleStabilization: '1m30s', syncPeriod: '30s'},
		hpa: {maxReplicas: 2},
	});
	t.is(asked.kubernetes, '1.35');
	t.deepEqual(asked.controller, wanted);
});

test('a release is text or a number, and 1.30 without quotes is refused, not taken for another', async t => {
	for (const text of ['"1.30"', "'1.30.4'", 'v1.30']) {
		t.is((await read(`kubernetes=${text}`)).kubernetes, '1.30');
	}

	for (const [text, got] of [
		['1.30', '1.3'],
		['1.22', '1.22'],
		['1.37', '1.37'],
		['true', 'true'],
	]) {
		await t.throwsAsync(async () => read(`kubernetes=${text}`), {
			message: `--set kubernetes=${text}: Expected kubernetes to be a release from 1.23 to 1.36, or 1.13, in quotes where it ends in 0, got ${got}`,
		});
	}
});

for (const [setting, message] of [
	['controller.syncPeriod=0s', /controller\.syncPeriod to be a duration such as 5m, .*, from 1s to 7d, got "0s"/],
	['controller.tolerance=-0.1', /controller\.tolerance to be a fraction, at least 0, got -0\.1/],
	['controller.syncPeriods=1s', /controller\.syncPeriods to be a known key \(perhaps syncPeriod\)/],
	['controller=fast', /controller to be a map of flags/],
] as const) {
	test(`${setting} is refused in a line`, async t => {
		await t.throwsAsync(async () => read('controller={tolerance: 0.1}', setting), {message});
	});
}

test('what holds without a word leaves the hash as it is, and anything else changes it', async t => {
	const {hash} = await read();
	t.is((await read('kubernetes=1.34', 'controller={tolerance: 0.1, syncPeriod: 15s}')).hash, hash);
	const others = await Promise.all([
		read('kubernetes=1.35'),
		read('controller={tolerance: 0.2}'),
		read('controller={syncPeriod: 30s}'),
	]);
	t.is(new Set([hash, ...others.map(other => other.hash)]).size, 4);
});

test('the simulator reconciles at the period that is given, with the tolerance that is given', async t => {
	const timesOf = async (...set: string[]) => {
		const experiment = await read(...set);
		const schedule = new Schedule(experiment, 0);
		const {decisions} = simulate(experiment, {replication: 0, arm: 'dynamic', schedule, isRecorded: true}).tables!;
		return decisions.seconds.length;
	};

	const usual = await timesOf();
	t.true(usual > 38 && usual < 42, `${usual}`);
	const rare = await timesOf('controller={syncPeriod: 1m}');
	t.true(rare > 8 && rare < 12, `${rare}`);
	t.is(await timesOf('metrics=ideal', 'controller={syncPeriod: 1m}'), 9);
	const ideal = await read('metrics=ideal');
	const slow = await read('metrics=ideal', 'controller={syncPeriod: 1m}');
	const versions = {controller: controllerConfig(ideal), version: '1'};
	t.not(runKey(ideal, versions), runKey(slow, versions));
});

test('reports tell the release that was assumed, and a tolerance that it does not obey', async t => {
	const manifest = 'autoscaler={maxReplicas: 6, behavior: {scaleUp: {tolerance: 0.05}, scaleDown: {}}}';
	const told = async (...set: string[]) =>
		assumptions(await read('deployment.llm.threads=1', ...set)).filter(text => text.includes('Kubernetes'));
	t.deepEqual((await told()).length, 1);
	t.regex((await told())[0]!, /^The autoscaler is that of Kubernetes 1\.34\./);
	t.deepEqual(await told('kubernetes=1.34'), []);
	const [first, second] = await told(manifest, 'controller={tolerance: 0.2}');
	t.regex(first!, /1\.34/);
	t.regex(second!, /^Kubernetes 1\.34 does not obey behavior\.scaleUp\.tolerance of the manifest \(0\.05\)/);
	t.regex(second!, /The controller’s tolerance of 0\.2 holds\.$/);
	t.deepEqual(await told(manifest, 'kubernetes=1.35'), []);
	const container =
		'autoscaler={maxReplicas: 6, metrics: [{type: ContainerResource, containerResource: {name: cpu, container: ollama, target: {type: Utilization, averageUtilization: 60}}}]}';
	t.regex((await told(container, 'kubernetes=1.26'))[0]!, /HPAContainerMetrics/);
	t.deepEqual(await told(container, 'kubernetes=1.27'), []);
});

test('durations of flags are read as Go writes them', t => {
	const texts = ['5m0s', '1m30s', '500ms', '1.5h', '15', '', '5 m', '-5m'];
	t.deepEqual(texts.map(parseFlagDuration), [300, 90, 0.5, 5400, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
});

test('a server’s version is the nearest known release', t => {
	const texts = ['v1.34.4+k3s1', 'v1.99.0', 'v1.20.1', 'devel'];
	t.deepEqual(texts.map(nearestRelease), ['1.34', '1.36', '1.23', '1.34']);
});
