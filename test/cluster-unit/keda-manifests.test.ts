import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {parse} from 'yaml';
import {kedaHpaSpecOf} from '../../src/autoscaler/keda/keda-hpa.ts';
import {kedaSpecOf} from '../../src/autoscaler/keda/scaled-object.ts';
import {scaledObjectManifest} from '../../src/autoscaler/keda/scaled-object-manifest.ts';
import {readKedaManifest} from '../../src/cluster/keda/install-keda.ts';
import {needsGateway} from '../../src/cluster/keda/needs.ts';
import {renderPrometheus} from '../../src/cluster/keda/render-keda.ts';
import {readManifests} from '../../src/cluster/setup/read-manifests.ts';
import {refuseUnreplayable} from '../../src/cluster/setup/refuse-unreplayable.ts';
import {renderManifests} from '../../src/cluster/setup/render-manifests.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';

const images = {backend: 'backend:1', ollama: 'ollama:1'};
const identity = {
	metadata: {name: 'llm', namespace: 'replicast'},
	scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'llm'},
};

type Parts = {readonly query?: string; readonly trigger?: string; readonly atZero?: string; readonly workload?: string};

async function experiment({query = 'sum(replicast_backend_in_flight)', trigger, atZero, workload = ''}: Parts = {}) {
	const given =
		trigger ?? `{type: prometheus, metadata: {serverAddress: "http://p", query: "${query}", threshold: "1.5"}}`;
	const text = `name: keda
duration: 10m
workload: {arrivals: {process: poisson, rate: [{at: 0s, perSecond: 1}]}${workload}}
deployment:
  containers:
    backend: {requests: {cpu: 25m, memory: 64Mi}, limits: {cpu: 100m, memory: 128Mi}}
    ollama: {requests: {cpu: 125m, memory: 448Mi}, limits: {cpu: 125m, memory: 1Gi}}
  llm: {model: tiny, keepAlive: forever}
  service: {distribution: constant, value: 2s}
${atZero === undefined ? '' : `  atZero: ${atZero}\n`}autoscaler:
  apiVersion: keda.sh/v1alpha1
  kind: ScaledObject
  metadata: {name: mine}
  spec: {scaleTargetRef: {name: llm}, minReplicaCount: 0, maxReplicaCount: 4, pollingInterval: 15, triggers: [${given}]}
`;
	return readExperiment('/nowhere/experiment.yaml', {text});
}

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked at in many places
const find = (objects: readonly any[], kind: string, name: string): any =>
	objects.find(object => object.kind === kind && object.metadata.name === name);

test('the ScaledObject that is applied means what the experiment’s means, and its HPA has the usual name', async t => {
	const given = await experiment();
	const {autoscaler} = renderManifests(await readManifests(), given, {arm: 'dynamic', images});
	t.deepEqual(kedaSpecOf(autoscaler), {...given.keda!, name: 'llm'});
	t.deepEqual(kedaHpaSpecOf(autoscaler), given.autoscaler as object);
	const {triggers, advanced} = (autoscaler as unknown as {spec: {triggers: {metadata: object}[]; advanced: object}})
		.spec;
	t.like(triggers[0]!.metadata, {serverAddress: 'http://prometheus.replicast-prometheus.svc:9090'});
	t.like(advanced, {horizontalPodAutoscalerConfig: {name: 'llm'}});
	t.is(renderManifests(await readManifests(), given, {arm: 'fixed', images}).autoscaler, undefined);
});

test('every setting that KEDA obeys comes back from the manifest that is written', t => {
	const manifest = {
		apiVersion: 'keda.sh/v1alpha1',
		kind: 'ScaledObject',
		metadata: {name: 'llm', annotations: {'autoscaling.keda.sh/paused-scale-in': 'true'}},
		spec: {
			scaleTargetRef: {name: 'llm'},
			pollingInterval: 7,
			cooldownPeriod: 60,
			initialCooldownPeriod: 20,
			idleReplicaCount: 0,
			minReplicaCount: 2,
			maxReplicaCount: 9,
			fallback: {failureThreshold: 3, replicas: 4, behavior: 'currentReplicasIfHigher'},
			advanced: {
				restoreToOriginalReplicaCount: true,
				horizontalPodAutoscalerConfig: {behavior: {scaleDown: {stabilizationWindowSeconds: 30}}},
				scalingModifiers: {formula: 'a + b', target: '2', activationTarget: '1', metricType: 'AverageValue'},
			},
			triggers: [
				{
					type: 'prometheus',
					name: 'a',
					metadata: {
						serverAddress: 'http://p',
						query: 'sum(x)',
						threshold: '1.5',
						activationThreshold: '0.5',
						ignoreNullValues: 'false',
					},
					useCachedMetrics: true,
				},
				{
					type: 'prometheus',
					name: 'b',
					metricType: 'Value',
					metadata: {serverAddress: 'http://p', query: 'y', threshold: '3'},
				},
				{type: 'cpu', metricType: 'Utilization', metadata: {value: '70', containerName: 'ollama'}},
			],
		},
	};
	const keda = kedaSpecOf(manifest);
	const written = scaledObjectManifest(
		{keda, autoscaler: kedaHpaSpecOf(manifest), prometheus: 'http://q'},
		{...identity, metadata: {name: 'llm'}},
	);
	t.deepEqual(kedaSpecOf(written), keda);
	t.deepEqual(kedaHpaSpecOf(written), kedaHpaSpecOf(manifest));
});

test('a gateway stands at the node port where requests are held at zero, or its metrics are asked for', async t => {
	const plain = await experiment();
	t.false(needsGateway(plain, 'dynamic'));
	const held = await experiment({atZero: '{queue: 7, timeout: 90s}'});
	t.true(needsGateway(held, 'dynamic'));
	t.false(needsGateway(held, 'fixed'));
	t.true(needsGateway(await experiment({query: 'sum(replicast_gateway_in_flight)'}), 'dynamic'));
	const manifests = await readManifests();
	const {base} = renderManifests(manifests, held, {arm: 'dynamic', images});
	t.is(find(base, 'Service', 'llm').spec.type, 'ClusterIP');
	t.is(find(base, 'Service', 'llm').spec.ports[0].nodePort, undefined);
	t.is(find(base, 'Service', 'gateway').spec.ports[0].nodePort, 30_080);
	const [{image, env}] = find(base, 'Deployment', 'gateway').spec.template.spec.containers;
	t.is(image, 'backend:1');
	t.like(Object.fromEntries(env.map(({name, value}: {name: string; value: string}) => [name, value])), {
		HOLD_REQUESTS: '7',
		HOLD_MILLISECONDS: '90000',
	});
	const bare = renderManifests(manifests, held, {arm: 'dynamic', images, isBare: true}).base;
	t.is(find(bare, 'Service', 'llm').spec.type, 'NodePort');
	t.is(find(bare, 'Deployment', 'gateway'), undefined);
});

test('Prometheus has the periods of the model and the image that is given, and finds pods and gateway', async t => {
	const {prometheus} = await readManifests();
	const model = (await experiment()).customMetrics!.prometheus;
	const scrape = {interval: 5, discovery: 2};
	const objects = renderPrometheus(prometheus, {model: {...model, scrape, lookback: 60}, image: 'mine:1'});
	const config = parse(find(objects, 'ConfigMap', 'prometheus').data['prometheus.yml']);
	t.is(config.global.scrape_interval, '5000ms');
	const jobs = config.scrape_configs as {dns_sd_configs: {names: string[]; port: number; refresh_interval: string}[]}[];
	t.deepEqual(
		jobs.flatMap(job =>
			job.dns_sd_configs.map(({names, port, refresh_interval}) => [names[0], port, refresh_interval]),
		),
		['llm-pods', 'gateway-pods'].map(name => [`${name}.replicast.svc.cluster.local.`, 8080, '2000ms']),
	);
	for (const name of ['llm', 'gateway']) {
		t.deepEqual(find(objects, 'Service', `${name}-pods`).spec.selector, {'app.kubernetes.io/name': name});
	}

	const [container] = find(objects, 'Deployment', 'prometheus').spec.template.spec.containers;
	t.is(container.image, 'mine:1');
	t.true(container.args.includes('--query.lookback-delta=60000ms'));
	const [own] = find(prometheus, 'Deployment', 'prometheus').spec.template.spec.containers;
	t.is(own.image, 'prom/prometheus:v2.42.0');
});

const refusals: [string, Parts, RegExp][] = [
	[
		'a series that nothing exports',
		{query: 'sum(vllm:num_requests_waiting)'},
		/replicast_backend_in_flight.*got vllm:num_requests_waiting$/,
	],
	[
		'a trigger that the cluster has no source for',
		{trigger: '{type: external, metadata: {scalerAddress: "a:1", source: waiting, targetValue: "2"}}'},
		/triggers\[0\]\.type to be prometheus, cpu or memory in a replay, got external$/,
	],
	[
		'connections that a gateway does not keep',
		{atZero: 'held', workload: ', connections: keep-alive'},
		/workload\.connections to be per-request, .*got keep-alive$/,
	],
];

for (const [what, parts, message] of refusals) {
	test(`${what} is refused in one line`, async t => {
		const given: Experiment = await experiment(parts);
		const error = t.throws(() => refuseUnreplayable(given, ['dynamic'], {reachesNodes: true}));
		t.regex(error.message, message);
		t.notRegex(error.message, /\n/);
	});
}

test('a ScaledObject on what the backend exports is replayable', async t => {
	const given = await experiment({atZero: 'held', query: 'sum(replicast_gateway_in_flight)'});
	t.notThrows(() => refuseUnreplayable(given, ['dynamic'], {reachesNodes: true}));
});

test('a file that is no manifest of KEDA is refused in one line with its place', async t => {
	const folder = mkdtempSync(join(tmpdir(), 'replicast-keda-'));
	const path = join(folder, 'keda.yaml');
	await t.throwsAsync(readKedaManifest(join(folder, 'none.yaml')), {
		message: /^Expected --keda to name a file [^\n]+$/,
	});
	writeFileSync(path, 'kind: [\n');
	await t.throwsAsync(readKedaManifest(path), {
		message: /^\S+keda\.yaml:\d+:\d+: Expected KEDA's manifest, got [^\n]+$/,
	});
	writeFileSync(path, 'kind: Deployment\n');
	await t.throwsAsync(readKedaManifest(path), {
		message: /keda\.yaml: Expected KEDA's manifest with an APIService [^\n]+$/,
	});
});
