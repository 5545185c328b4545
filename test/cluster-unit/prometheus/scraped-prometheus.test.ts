import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {Registry} from 'prom-client';
import {median} from 'simple-statistics';
import {PrometheusApi} from '../../../src/cluster/prometheus/prometheus-api.ts';
import {PrometheusSource} from '../../../src/cluster/prometheus/prometheus-source.ts';
import {readFromSource} from '../../../src/history/read-from-source.ts';
import {Exporter, gaugesOf, growing, vllmMetrics} from './exporters.ts';
import {hasPrometheus, RealPrometheus} from './real-prometheus.ts';

const web = {namespace: 'shop', deployment: 'web'};
const chat = {namespace: 'llm', deployment: 'chat'};
const webHpa = {namespace: 'shop', horizontalpodautoscaler: 'web'};
const chatHpa = {namespace: 'llm', horizontalpodautoscaler: 'keda-hpa-chat'};
const chatPods = ['chat-7d9f8-aaaaa', 'chat-7d9f8-bbbbb'];
const webPod = {namespace: 'shop', pod: 'web-5c4d6-ccccc', container: 'web'};
const engine = {perSecond: 4, seconds: 2, running: 8};

/** What kube-state-metrics exports of a Deployment with an HPA, and of one with a ScaledObject. */
function stateMetrics(): Registry {
	const of = (labels: Record<string, string>, value: number) => ({labels, value});
	const both = (webValue: number, chatValue: number) => [of(webHpa, webValue), of(chatHpa, chatValue)];
	const deployments = [of(web, 1), of(chat, 2)];
	const inPod = (pod: string, resource: string, value: number) =>
		of({namespace: 'llm', pod, container: 'vllm', resource}, value);
	return gaugesOf({
		kube_horizontalpodautoscaler_spec_min_replicas: both(1, 1),
		kube_horizontalpodautoscaler_spec_max_replicas: both(5, 8),
		kube_horizontalpodautoscaler_status_desired_replicas: both(1, 2),
		kube_horizontalpodautoscaler_info: [
			of({...webHpa, scaletargetref_kind: 'Deployment', scaletargetref_name: 'web'}, 1),
			of({...chatHpa, scaletargetref_kind: 'Deployment', scaletargetref_name: 'chat'}, 1),
		],
		kube_horizontalpodautoscaler_spec_target_metric: [
			of({...webHpa, metric_name: 'cpu', metric_target_type: 'utilization'}, 60),
			of({...chatHpa, metric_name: 's0-prometheus', metric_target_type: 'average'}, 40),
		],
		kube_deployment_status_replicas: deployments,
		kube_deployment_status_replicas_ready: deployments,
		kube_replicaset_owner: [
			of({namespace: 'shop', replicaset: 'web-5c4d6', owner_kind: 'Deployment', owner_name: 'web'}, 1),
			of({namespace: 'llm', replicaset: 'chat-7d9f8', owner_kind: 'Deployment', owner_name: 'chat'}, 1),
		],
		kube_pod_container_resource_requests: [
			of({...webPod, resource: 'cpu'}, 0.5),
			...chatPods.flatMap(pod => [inPod(pod, 'cpu', 4), inPod(pod, 'nvidia_com_gpu', 1)]),
		],
	});
}

/** What the kubelets' cAdvisor exports. */
function containerMetrics(): Registry {
	const registry = new Registry();
	growing(registry, 'container_cpu_usage_seconds_total', [
		{labels: webPod, value: 0.3},
		...chatPods.map(pod => ({labels: {namespace: 'llm', pod, container: 'vllm'}, value: 1.5})),
	]);
	return registry;
}

function webMetrics(): Registry {
	const registry = new Registry();
	growing(registry, 'http_requests_total', [
		{labels: {code: '200'}, value: 9},
		{labels: {code: '500'}, value: 1},
	]);
	return registry;
}

/** Configuration with one target a job, as service discovery would label it. */
function scrapes(targets: readonly {exporter: Exporter; labels: Record<string, string>; honors?: boolean}[]): string {
	const jobs = targets.map(({exporter, labels, honors = false}, index) => ({
		job_name: `job-${index}`,
		honor_labels: honors,
		static_configs: [{targets: [exporter.target], labels}],
	}));
	return JSON.stringify({global: {scrape_interval: '500ms', scrape_timeout: '500ms'}, scrape_configs: jobs});
}

/** Waits until a server has new samples of all targets: it begins to scrape some seconds after it is up. */
async function scraped(server: RealPrometheus, targets: number): Promise<void> {
	const asked = new URLSearchParams({query: 'count(count_over_time(up[1s]) > 0)'});
	for (let tries = 0; tries < 200; tries++) {
		const answer = await fetch(`${server.url}/api/v1/query?${asked}`);
		const {data} = (await answer.json()) as {data?: {result: {value: [number, string]}[]}};
		if (data?.result[0]?.value[1] === String(targets)) {
			return;
		}

		await sleep(100);
	}

	throw new Error(`Expected Prometheus to scrape ${targets} targets, got fewer`);
}

test('series that a Prometheus scrapes are read through a restart of an exporter and one of the server', async t => {
	if (!hasPrometheus()) {
		t.log('skipped: this machine has no Prometheus (apt-get install prometheus)');
		t.pass();
		return;
	}

	const registries = [stateMetrics(), containerMetrics(), webMetrics(), vllmMetrics(engine), vllmMetrics(engine)];
	const exporters = await Promise.all(registries.map(async registry => Exporter.start(registry)));
	const [state, kubelet, service, first, second] = exporters as [Exporter, Exporter, Exporter, Exporter, Exporter];
	const server = await RealPrometheus.scraping(
		scrapes([
			{exporter: state, labels: {namespace: 'monitoring', pod: 'kube-state-metrics-0'}},
			{exporter: kubelet, labels: {node: 'one'}, honors: true},
			{exporter: service, labels: {namespace: 'shop', pod: webPod.pod}},
			{exporter: first, labels: {namespace: 'llm', pod: chatPods[0]!}},
			{exporter: second, labels: {namespace: 'llm', pod: chatPods[1]!}},
		]),
	);
	const folder = mkdtempSync(join(tmpdir(), 'history-'));
	try {
		await scraped(server, exporters.length);
		const start = Math.ceil(Date.now() / 1000) + 1;
		await sleep(start * 1000 + 3000 - Date.now());
		second.registry = vllmMetrics(engine);
		await sleep(3000);
		const downAt = Date.now() / 1000;
		await server.down();
		await sleep(2000);
		await server.up();
		await scraped(server, exporters.length);
		const upAt = Date.now() / 1000;
		await sleep(5000);
		const end = Math.floor(Date.now() / 1000);
		const grid = {start, stepSeconds: 1, steps: end - start + 1};
		const read = async (namespace: string, name: string) =>
			readFromSource(new PrometheusSource(new PrometheusApi(server.url, {}), {grid, pieces: join(folder, name)}), {
				grid,
				workload: {name, namespace},
				recordedUntil: end - 1,
			});
		const isWhole = (_: number, step: number) => {
			const at = start + step;
			return (at > start && at < downAt - 1.5) || (at > upAt + 1.5 && at < end - 1.5);
		};
		const near = (values: Float64Array | undefined, wanted: number, part: number, what: string) => {
			const known = [...values!].filter(isWhole).filter(Number.isFinite);
			t.true(known.length >= 4, what);
			t.true(Math.abs(median(known) - wanted) <= part * wanted, `${what}: ${known.join(' ')}`);
			t.true(
				known.every(value => value > 0.5 * wanted && value < 1.5 * wanted),
				`${what}: ${known.join(' ')}`,
			);
		};

		const ofWeb = await read('shop', 'web');
		near(ofWeb.series.requestRate, 10, 0.1, 'requests of the web service');
		near(ofWeb.series.failureRate, 1, 0.1, 'its failures');
		near(ofWeb.series.cpu, 0.3, 0.1, 'its CPU');
		near(ofWeb.series.desiredReplicas, 1, 0, 'its replicas');
		t.true(JSON.stringify(ofWeb.autoscaler?.document).includes('"averageUtilization":60'));
		t.deepEqual(ofWeb.containers, [{name: 'web', requests: {cpu: 0.5}, limits: {}}]);

		const ofChat = await read('llm', 'chat');
		near(ofChat.series.requestRate, 8, 0.1, 'requests of vLLM, over a counter that begins again');
		near(ofChat.series.promptTokenRate, 6400, 0.1, 'tokens of prompts');
		near(ofChat.series.running, 16, 0, 'requests under way');
		near(ofChat.series.waiting, 2, 0, 'requests that wait');
		near(ofChat.series.cpu, 3, 0.1, 'CPU of vLLM');
		t.deepEqual(ofChat.latency?.bounds, [1, 2.5, 5, 10, Number.POSITIVE_INFINITY]);
		t.deepEqual(ofChat.containers, [{name: 'vllm', requests: {cpu: 4, 'nvidia.com/gpu': 1}, limits: {}}]);
		t.true(ofChat.notes.some(note => note.includes('KEDA made the HPA of the ScaledObject chat')));
		const without = [...ofChat.series.requestRate!].filter(
			(value, step) => start + step > downAt && start + step < upAt && Number.isNaN(value),
		);
		t.true(without.length > 0, 'the time without a server is a gap');
		t.true(
			ofChat.notes.some(note => /requestRate.*: \d+ gap/.test(note)),
			ofChat.notes.join('\n'),
		);
	} finally {
		await server.close();
		await Promise.all(exporters.map(async exporter => exporter.close()));
		rmSync(folder, {recursive: true, force: true});
	}
});
