import test from 'ava';
import {faultsOf, sound} from './scratch.ts';

/*
 * Each case changes one thing of a sound file and expects one line. A bar in the new text says where the line ought to
 * point.
 */
const refuses = test.macro({
	async exec(t, from: string, to: string, message: string) {
		t.true(sound.includes(from), `the sound file has no ${from}`);
		const marked = sound.replace(from, () => to);
		const before = marked.slice(0, marked.indexOf('¦')).split('\n');
		const position = `${before.length}:${before.at(-1)!.length + 1}`;
		t.deepEqual(await faultsOf(t, {'file.yaml': marked.replace('¦', '')}), [`file.yaml:${position}: ${message}`]);
	},
	title: (_, __, to: string, message: string) => `${to.replaceAll(/\s+/g, ' ').trim()} — ${message.slice(0, 60)}`,
});

test('the sound file is read', async t => {
	t.deepEqual(await faultsOf(t, {'file.yaml': sound}), []);
});

// Keys
test(refuses, 'workload:', '¦worklod:', 'Expected worklod to be a known key (perhaps workload), got "worklod"');
test(refuses, 'fixed:', '¦bananas: 3\nfixed:', 'Expected bananas to be a known key, got "bananas"');
test(
	refuses,
	'  arrivals:',
	'  ¦arival:',
	'Expected workload.arival to be a known key (perhaps arrivals), got "arival"',
);
test(refuses, 'fixed:', '¦__proto__: {a: 1}\nfixed:', 'Expected __proto__ to be a known key, got "__proto__"');
test(refuses, 'fixed:', '¦constructor: {a: 1}\nfixed:', 'Expected constructor to be a known key, got "constructor"');
test(refuses, 'warmup: 1m', 'warmup: 1m\n¦duration: 3m', 'Expected duration to be given once, got it twice');
test(refuses, 'name: sound\n', '¦', 'Expected name to be given, got nothing');

test(
	refuses,
	'autoscaler: {minReplicas: 2, maxReplicas: 6}',
	'¦autoscaler: {minReplicas: 2}',
	'Expected autoscaler.maxReplicas to be given, got nothing',
);
test(refuses, 'fixed: {replicas: 6}', '¦fixed: {}', 'Expected fixed.replicas to be given, got nothing');

// Types and units
test(
	refuses,
	'duration: 10m',
	'duration: ¦10',
	'Expected duration to be a duration such as 15m, longer than 0s and at most 366d, got 10',
);
test(
	refuses,
	'duration: 10m',
	'duration: ¦10 minutes',
	'Expected duration to be a duration such as 15m, longer than 0s and at most 366d, got "10 minutes"',
);
test(refuses, 'warmup: 1m', 'warmup: ¦-1m', 'Expected warmup to be a duration such as 15m, 0s to 366d, got "-1m"');
test(
	refuses,
	'cpu: 25m,',
	'cpu: ¦25mm,',
	'Expected deployment.containers.backend.requests.cpu to be CPU such as 500m or 2, above 0, got "25mm"',
);
test(
	refuses,
	'memory: 64Mi',
	'memory: ¦-64Mi',
	'Expected deployment.containers.backend.requests.memory to be memory such as 512Mi or 1Gi, above 0, got "-64Mi"',
);
test(
	refuses,
	'memory: 64Mi',
	'memory: ¦.nan',
	'Expected deployment.containers.backend.requests.memory to be memory such as 512Mi or 1Gi, above 0, got NaN',
);
test(
	refuses,
	'fixed:',
	'seed: ¦.inf\nfixed:',
	'Expected seed to be a whole number, at least 0 and at most 4294967295, got Infinity',
);
test(
	refuses,
	'fixed:',
	'seed: ¦-1\nfixed:',
	'Expected seed to be a whole number, at least 0 and at most 4294967295, got -1',
);
test(
	refuses,
	'fixed:',
	'replications: ¦2.5\nfixed:',
	'Expected replications to be a whole number, at least 1 and at most 100000, got 2.5',
);
test(refuses, 'fixed:', 'description: ¦[a]\nfixed:', 'Expected description to be text, got a list');
test(
	refuses,
	'name: sound',
	'name: ¦Sound It',
	'Expected name to be a name of small letters, digits and hyphens, got "Sound It"',
);
test(
	refuses,
	'fixed:',
	'apiVersion: ¦replicast/v2\nfixed:',
	'Expected apiVersion to be replicast/v1, got "replicast/v2"',
);
test(
	refuses,
	'fixed: {replicas: 6}',
	'fixed: {replicas: ¦0}',
	'Expected fixed.replicas to be a whole number, at least 1 and at most 10000, got 0',
);
test(refuses, 'fixed: {replicas: 6}', 'fixed: ¦6', 'Expected fixed to be a map, got 6');
test(
	refuses,
	'slo: {p95: 10s}',
	'slo: {p95: ¦10}',
	'Expected slo.p95 to be a duration such as 15m, longer than 0s and at most 366d, got 10',
);
test(
	refuses,
	'slo: {p95: 10s}',
	'slo: {availability: ¦99}',
	'Expected slo.availability to be a number, at least 0 and at most 1, got 99',
);
test(
	refuses,
	'podHours: 5%',
	'podHours: ¦5s',
	'Expected accept.podHours to be a number, at least 0, or a percentage such as 5%, got "5s"',
);
test(
	refuses,
	'podHours: 5%',
	'p95: ¦20',
	'Expected accept.p95 to be a duration such as 15s, or a percentage such as 20%, got 20',
);
test(
	refuses,
	'podHours: 5%',
	'¦podHour: 5%',
	'Expected accept.podHour to be a known key (perhaps podHours), got "podHour"',
);

// Workload
test(
	refuses,
	'perSecond: 0.2',
	'perSecond: ¦-0.2',
	'Expected workload.arrivals.rate[0].perSecond to be a number, at least 0 and at most 1000000, got -0.2',
);
test(
	refuses,
	'{at: 3m, perSecond: 1.2}',
	'{at: ¦0s, perSecond: 1.2}',
	'Expected workload.arrivals.rate[1].at to be later than 0s, the point before, got "0s"',
);
test(
	refuses,
	'rate: [{at: 0s, perSecond: 0.2}, {at: 3m, perSecond: 1.2}]',
	'rate: ¦[]',
	'Expected workload.arrivals.rate to be a list of at least one point, got a list',
);
test(
	refuses,
	'rate: [{at: 0s, perSecond: 0.2}, {at: 3m, perSecond: 1.2}]',
	'rate: ¦0.2',
	'Expected workload.arrivals.rate to be a list of points such as {at: 3m, perSecond: 1.2}, or the path of a table of them, got 0.2',
);
test(
	refuses,
	'{at: 3m, perSecond: 1.2}',
	'¦7',
	'Expected workload.arrivals.rate[1] to be a map such as {at: 3m, perSecond: 1.2}, got 7',
);
test(
	refuses,
	'process: poisson',
	'process: ¦poison',
	'Expected workload.arrivals.process to be one of poisson, gamma, deterministic, trace, got "poison"',
);
test(
	refuses,
	'  arrivals:\n    process: poisson',
	'  ¦arrivals:\n    process: gamma',
	'Expected workload.arrivals.cv to be given, got nothing',
);
test(
	refuses,
	'  arrivals:',
	'  loop: ¦opn\n  arrivals:',
	'Expected workload.loop to be one of open, closed, got "opn"',
);
test(
	refuses,
	'max: 512',
	'min: ¦600, max: 512',
	'Expected workload.requests.promptTokens.min to be at most its max, got 600',
);
test(
	refuses,
	'cv: 0.5',
	'cv: ¦-0.5',
	'Expected workload.requests.promptTokens.cv to be a number, at least 0 and at most 100, got -0.5',
);
test(
	refuses,
	'distribution: constant',
	'distribution: ¦constnt',
	'Expected workload.requests.outputTokens.distribution to be one of constant, uniform, exponential, gamma, lognormal, empirical, got "constnt"',
);
test(
	refuses,
	'{distribution: constant, value: 16}',
	'{distribution: empirical, values: [1, 2], weights: ¦[1]}',
	'Expected workload.requests.outputTokens.weights to be a list of 2, one weight a value, got a list',
);
test(
	refuses,
	'{distribution: constant, value: 16}',
	'{distribution: empirical, values: [1, 2], weights: ¦[0, 0]}',
	'Expected workload.requests.outputTokens.weights to be a list with a weight above 0, got a list',
);
test(
	refuses,
	'{distribution: constant, value: 16}',
	'{distribution: uniform, min: ¦9, max: 3}',
	'Expected workload.requests.outputTokens.min to be at most its max, got 9',
);
test(
	refuses,
	'share: 2',
	'share: ¦0',
	'Expected workload.tenants[0].share to be a number, above 0 and at most 1000000, got 0',
);
test(
	refuses,
	'share: 2',
	'conversations: ¦0',
	'Expected workload.tenants[0].conversations to be a whole number, at least 1 and at most 1000000, got 0',
);
test(
	refuses,
	'{name: team-b}',
	'{name: ¦team-a}',
	'Expected workload.tenants[1].name to be a name that no other tenant has, got "team-a"',
);
test(
	refuses,
	'[{at: 0s, perSecond: 0.2}, {at: 3m, perSecond: 1.2}]',
	'¦[{at: 0s, perSecond: 999999}]',
	'Expected workload.arrivals.rate to be a curve of at most 100000000 requests a run, got about 6.0e+8',
);

// Deployment
test(
	refuses,
	'requests: {cpu: 25m,',
	'requests: {cpu: ¦250m,',
	'Expected deployment.containers.backend.requests.cpu to be at most its limit, got "250m"',
);
test(
	refuses,
	'requests: {cpu: 125m, memory: 256Mi}',
	'requests: {cpu: 125m, memory: ¦2Gi}',
	'Expected deployment.containers.ollama.requests.memory to be at most its limit, got "2Gi"',
);
test(
	refuses,
	'backend: {',
	'¦Back_end: {',
	'Expected deployment.containers.Back_end to be a name of small letters, digits and hyphens, got "Back_end"',
);
test(
	refuses,
	'parallel: 2',
	'parallel: ¦0',
	'Expected deployment.llm.parallel to be a whole number, at least 1 and at most 1024, got 0',
);
test(
	refuses,
	'parallel: 2',
	'contextLength: ¦0',
	'Expected deployment.llm.contextLength to be a whole number, at least 1 and at most 10000000, got 0',
);
test(
	refuses,
	'parallel: 2',
	'container: ¦olama',
	'Expected deployment.llm.container to be a container of the pod (backend, ollama), got "olama"',
);
test(
	refuses,
	'parallel: 2',
	'keepAlive: ¦5',
	'Expected deployment.llm.keepAlive to be a duration such as 5m, or forever, got 5',
);
test(
	refuses,
	'cpu: 8,',
	'cpu: ¦100m,',
	'Expected deployment.nodes.cpu to be at least the requests of one pod, 0.15 cores, got "100m"',
);
test(
	refuses,
	'memory: 16Gi',
	'memory: ¦100Mi',
	'Expected deployment.nodes.memory to be at least the requests of one pod, 335544320 bytes, got "100Mi"',
);
test(
	refuses,
	'  startup: 5s',
	'  rollout: {maxSurge: 0, maxUnavailable: ¦0}',
	'Expected deployment.rollout.maxUnavailable to be above 0 when maxSurge is 0, got 0',
);
test(
	refuses,
	'  startup: 5s',
	'  rollout: {maxSurge: ¦0.5}',
	'Expected deployment.rollout.maxSurge to be a whole number of pods, or a percentage such as 25%, got 0.5',
);
test(
	refuses,
	'  startup: 5s',
	'  balancing: ¦fair',
	'Expected deployment.balancing to be one of random, round-robin, least-requests, got "fair"',
);
test(
	refuses,
	'{distribution: exponential, mean: 500ms}',
	'{distribution: exponential, mean: ¦500}',
	'Expected deployment.service.mean to be a duration such as 15m, longer than 0s and at most 366d, got 500',
);
test(
	refuses,
	'  service: {distribution: exponential, mean: 500ms}',
	'  service: ¦5',
	'Expected deployment.service to be the path of a service model, or a distribution of durations, got 5',
);
test(
	refuses,
	'  startup: 5s',
	'  startup: ¦nowhere.yaml',
	'Expected deployment.startup to be the path of a file of kind StartupModel, got nowhere.yaml (no such file)',
);

// The rest
test(refuses, 'warmup: 1m', 'warmup: ¦10m', 'Expected warmup to be shorter than the duration, 10m, got "10m"');
test(
	refuses,
	'minReplicas: 2, maxReplicas: 6',
	'minReplicas: 7, maxReplicas: ¦6',
	'Expected autoscaler.maxReplicas to be at least minReplicas, got 6',
);
test(
	refuses,
	'{minReplicas: 2, maxReplicas: 6}',
	'¦5',
	'Expected autoscaler to be the path of an autoscaling/v2 HorizontalPodAutoscaler or a ScaledObject, its spec, or none, got 5',
);
test(refuses, '{at: 5m,', '{at: ¦10m,', 'Expected faults[0].at to be before the end, 10m, got "10m"');
test(
	refuses,
	'kind: pod-kill',
	'kind: ¦pod-kil',
	'Expected faults[0].kind to be one of pod-kill, container-restart, node-pressure, metrics-outage, rollout, spot-interruption, zone-outage, got "pod-kil"',
);
test(
	refuses,
	'kind: pod-kill',
	'kind: container-restart, container: ¦web',
	'Expected faults[0].container to be a container of the pod (backend, ollama), got "web"',
);
test(
	refuses,
	'kind: pod-kill',
	'kind: node-pressure, cpuFraction: ¦2',
	'Expected faults[0].cpuFraction to be a number, above 0 and at most 1, got 2',
);

test('a missing key is told where the map that lacks it begins', async t => {
	const lacking = sound.replace(/^ {2}service.*\n/m, '').replace(/^autoscaler.*\n/m, '');
	t.deepEqual(await faultsOf(t, {'file.yaml': lacking}), [
		'file.yaml:1:1: Expected autoscaler to be given, got nothing',
		'file.yaml:12:1: Expected deployment.service to be given, got nothing',
	]);
});

test('without an autoscaler the replicas are wanted', async t => {
	t.deepEqual(await faultsOf(t, {'file.yaml': sound.replace(/^autoscaler.*$/m, 'autoscaler: none')}), [
		'file.yaml:12:1: Expected deployment.replicas to be given when autoscaler is none, got nothing',
	]);
});

test('a tenant has no arrivals of its own in a closed loop', async t => {
	const closed = sound
		.replace(/ {2}arrivals:\n.*\n.*\n/, '  loop: closed\n  users: {count: 3}\n')
		.replace('{name: team-b}', '{name: team-b, arrivals: {process: poisson, rate: [{at: 0s, perSecond: 1}]}}');
	t.deepEqual(await faultsOf(t, {'file.yaml': closed}), [
		'file.yaml:10:54: Expected workload.tenants[1].arrivals to be a known key, got "arrivals"',
	]);
});

test('a rate that is wrong hides no point that is out of order', async t => {
	const mistaken = sound.replace('{at: 3m, perSecond: 1.2}', '{at: 0s, perSecond: -1}');
	t.deepEqual(await faultsOf(t, {'file.yaml': mistaken}), [
		'file.yaml:7:43: Expected workload.arrivals.rate[1].at to be later than 0s, the point before, got "0s"',
		'file.yaml:7:58: Expected workload.arrivals.rate[1].perSecond to be a number, at least 0 and at most 1000000, got -1',
	]);
});

test('ten different mistakes are ten lines, in the order of the file', async t => {
	const mistaken = sound
		.replace('duration: 10m', 'duration: 10 min')
		.replace('  arrivals:', '  arival:')
		.replace('max: 512', 'min: 600, max: 512')
		.replace('share: 2', 'share: -2')
		.replace('requests: {cpu: 25m', 'requests: {cpu: 250m')
		.replace('parallel: 2', 'parallel: two')
		.replace('mean: 500ms', 'mean: -500ms')
		.replace('maxReplicas: 6', 'maxReplicas: 1')
		.replace('kind: pod-kill', 'kind: pod-kil')
		.concat('slo: {p95: 5s}\n');
	t.deepEqual(await faultsOf(t, {'file.yaml': mistaken}), [
		'file.yaml:2:11: Expected duration to be a duration such as 15m, longer than 0s and at most 366d, got "10 min"',
		'file.yaml:5:3: Expected workload.arival to be a known key (perhaps arrivals), got "arival"',
		'file.yaml:9:69: Expected workload.requests.promptTokens.min to be at most its max, got 600',
		'file.yaml:11:35: Expected workload.tenants[0].share to be a number, above 0 and at most 1000000, got -2',
		'file.yaml:14:31: Expected deployment.containers.backend.requests.cpu to be at most its limit, got "250m"',
		'file.yaml:16:19: Expected deployment.llm.parallel to be a whole number, at least 1 and at most 1024, got "two"',
		'file.yaml:18:46: Expected deployment.service.mean to be a duration such as 15m, longer than 0s and at most 366d, got "-500ms"',
		'file.yaml:20:43: Expected autoscaler.maxReplicas to be at least minReplicas, got 1',
		'file.yaml:24:25: Expected faults[0].kind to be one of pod-kill, container-restart, node-pressure, metrics-outage, rollout, spot-interruption, zone-outage, got "pod-kil"',
		'file.yaml:25:1: Expected slo to be given once, got it twice',
	]);
});

// Metrics that no source gives a value
const metric = '{metric: {name: ¦queue}, target: {type: AverageValue, averageValue: 5}}';
const unknown =
	'to be a metric that is known (perhaps tgi_queue_size) or mapped in metricSources, such as metricSources: {"queue": waiting}, got';
for (const [type, key, value] of [
	['Pods', 'pods', metric],
	['External', 'external', metric],
	['Object', 'object', metric.replace('{metric', '{describedObject: {kind: Service, name: llm}, metric')],
]) {
	test(
		refuses,
		'autoscaler: {minReplicas: 2, maxReplicas: 6}',
		`autoscaler: {minReplicas: 2, maxReplicas: 6, metrics: [{type: ${type}, ${key}: ${value}}]}`,
		`Expected autoscaler.metrics[0].${key}.metric.name ${unknown} "queue"`,
	);
}

test('a manifest with a metric that is not known is refused at its own line', async t => {
	const manifest = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: llm}
spec:
  minReplicas: 2
  maxReplicas: 6
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
    - type: External
      external: ${metric.replace('¦', '')}
`;
	const file = sound.replace('autoscaler: {minReplicas: 2, maxReplicas: 6}', 'autoscaler: hpa.yaml');
	t.deepEqual(await faultsOf(t, {'file.yaml': file, 'hpa.yaml': manifest}), [
		`hpa.yaml:11:33: Expected autoscaler.spec.metrics[1].external.metric.name ${unknown} "queue"`,
	]);
});

const asked = (sources: string) =>
	sound.replace(
		'autoscaler: {minReplicas: 2, maxReplicas: 6}',
		`autoscaler: {minReplicas: 2, maxReplicas: 6, metrics: [{type: External, external: ${metric.replace('¦', '')}}]}\nmetricSources: ${sources}`,
	);

test('a mapping and its query are refused at their place', async t => {
	t.deepEqual(await faultsOf(t, {'file.yaml': asked('{queue: waiting}')}), []);
	t.deepEqual(await faultsOf(t, {'file.yaml': asked('{queue: {query: "sum(vllm:num_requests_waiting)"}}')}), []);
	t.deepEqual(await faultsOf(t, {'file.yaml': asked('{queue: wating}')}), [
		'file.yaml:21:24: Expected metricSources.queue to be one of waiting, running, in-flight, slot-use, kv-cache-use, gpu-use, tokens-per-second, arrived, completed, prompt-tokens, output-tokens, ttft, queue-time, latency, or a map with source or query, got "wating"',
	]);
	t.deepEqual(await faultsOf(t, {'file.yaml': asked('{queue: {query: "topk(1, vllm:num_requests_waiting)"}}')}), [
		'file.yaml:21:32: Expected metricSources.queue.query to be PromQL that is evaluated: at character 1 one of the aggregations sum, avg, min, max, count, got topk',
	]);
	t.deepEqual(await faultsOf(t, {'file.yaml': asked('{queue: {query: "sum(a"}}')}), [
		'file.yaml:21:32: Expected metricSources.queue.query to be PromQL that is evaluated: at character 6 a PromQL expression, got its end',
	]);
});

const closed = (users: string) =>
	sound
		.replace(/ {2}arrivals:\n.*\n.*\n/, `  loop: closed\n  users: ${users}\n`)
		.replace('{distribution: exponential, mean: 500ms}', '{distribution: constant, value: 0s}');
const endless = 'Expected workload.users.thinkTime to be longer than 0s where requests take no time, got';

test('users who never stop are refused', async t => {
	t.deepEqual(await faultsOf(t, {'file.yaml': closed('{count: 3}')}), [`file.yaml:6:3: ${endless} nothing`]);
	t.deepEqual(await faultsOf(t, {'file.yaml': closed('{count: 3, thinkTime: {distribution: constant, value: 0s}}')}), [
		`file.yaml:6:32: ${endless} a map`,
	]);
	t.deepEqual(
		await faultsOf(t, {'file.yaml': closed('{count: 3, thinkTime: {distribution: exponential, mean: 1s}}')}),
		[],
	);
});
