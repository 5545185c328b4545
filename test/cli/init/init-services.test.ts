import {readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {type Experiment, readExperiment} from '../../../src/index.ts';
import {removeTemporaryFolders, replicast, temporaryFolder} from '../run-command.ts';

test.after.always(removeTemporaryFolders);

/** Manifests as they lie around, by what is particular about them. */
const manifests = {
	'one file, limits far above the requests': `apiVersion: apps/v1
kind: Deployment
metadata: {name: podinfo}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: podinfod
          image: ghcr.io/stefanprodan/podinfo:6.7.1
          command: [./podinfo, --port=9898]
          readinessProbe: {exec: {command: [podcli, check]}, initialDelaySeconds: 5}
          resources: {limits: {cpu: 2000m, memory: 512Mi}, requests: {cpu: 100m, memory: 64Mi}}
---
${hpa('podinfo', {min: 2, max: 4, metrics: '[{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 99}}}]'})}`,
	'no requests, an HPA of v1': `apiVersion: apps/v1
kind: Deployment
metadata: {name: nginx}
spec: {replicas: 3, template: {spec: {containers: [{name: nginx, image: "nginx:1.14.2"}]}}}
---
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: nginx}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: nginx}, maxReplicas: 10, targetCPUUtilizationPercentage: 50}
`,
	'rendered by Helm, a sidecar, requests without limits, CPU of a container and memory': `# Source: orders/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
  labels: {helm.sh/chart: orders-1.4.2}
spec:
  template:
    spec:
      containers:
        - name: orders
          image: "registry.example.com/shop/orders-api:1.4.2"
          readinessProbe: {httpGet: {path: /ready, port: http}, initialDelaySeconds: 30}
          resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 1Gi}}
        - {name: istio-proxy, image: "docker.io/istio/proxyv2:1.22.0", resources: {requests: {cpu: 100m, memory: 128Mi}}}
---
# Source: orders/templates/hpa.yaml
${hpa('orders', {min: 3, max: 30, metrics: '[{type: ContainerResource, containerResource: {name: cpu, container: orders, target: {type: Utilization, averageUtilization: 65}}}, {type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 80}}}]'})}`,
	'an HPA on memory alone': `apiVersion: apps/v1
kind: Deployment
metadata: {name: php}
spec: {template: {spec: {containers: [{name: php, image: registry.k8s.io/hpa-example, resources: {limits: {cpu: 500m}, requests: {cpu: 200m, memory: 256Mi}}}]}}}
---
${hpa('php', {min: 1, max: 10, metrics: '[{type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 200Mi}}}]'})}`,
	'a StatefulSet of two containers alike': `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - {name: app, image: "node:20-alpine", resources: {requests: {cpu: 250m, memory: 256Mi}}}
        - {name: cache, image: "redis:7", resources: {requests: {cpu: 250m, memory: 256Mi}}}
---
${hpa('web', {kind: 'StatefulSet', min: 2, max: 6, metrics: '[{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]'})}`,
	'a List, limits alone, a small pod': `apiVersion: v1
kind: List
items:
  - apiVersion: apps/v1
    kind: Deployment
    metadata: {name: backend, namespace: prod}
    spec: {template: {spec: {containers: [{name: backend, image: "haproxytech/haproxy-alpine:2.9", resources: {limits: {cpu: 100m, memory: 64Mi}}}]}}}
  - apiVersion: autoscaling/v2beta2
    kind: HorizontalPodAutoscaler
    metadata: {name: backend, namespace: prod}
    spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: backend}, maxReplicas: 20, metrics: [{type: Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: 75m}}}]}
`,
	"Gunicorn's threads, which are no model's": `apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec: {template: {spec: {containers: [{name: api, image: "example.com/api:1", command: [gunicorn, app.wsgi, --workers=4, --threads, "2"], resources: {limits: {cpu: 1, memory: 512Mi}}}]}}}
---
${hpa('api', {min: 1, max: 5, metrics: '[{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]'})}`,
	'requests a second, as an adapter names them': `apiVersion: apps/v1
kind: Deployment
metadata: {name: sample}
spec: {template: {spec: {containers: [{name: sample, image: "luxas/autoscale-demo:v0.1.2", resources: {requests: {cpu: 100m}}}]}}}
---
${hpa('sample', {min: 1, max: 10, metrics: '[{type: Pods, pods: {metric: {name: http_requests_per_second}, target: {type: AverageValue, averageValue: 2}}}]'})}`,
} as const;

type Bounds = {readonly kind?: string; readonly min: number; readonly max: number; readonly metrics: string};

function hpa(name: string, {kind = 'Deployment', min, max, metrics}: Bounds): string {
	return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ${name}}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: ${kind}, name: ${name}}, minReplicas: ${min}, maxReplicas: ${max}, metrics: ${metrics}}
`;
}

async function initFrom(text: string, ...options: readonly string[]) {
	const cwd = await temporaryFolder();
	await writeFile(join(cwd, 'all.yaml'), text);
	const outcome = await replicast(['init', 'mine', '--from', 'all.yaml', ...options], {cwd});
	return {cwd, ...outcome, told: outcome.stdout.replaceAll('\n  ', ' ')};
}

/** Rates of the load, in the order of time [requests/s]. */
function ratesOf({workload}: Experiment): number[] {
	return workload.loop === 'open' && workload.arrivals.process !== 'trace'
		? workload.arrivals.rate.map(({perSecond}) => perSecond)
		: [];
}

for (const [particular, text] of Object.entries(manifests)) {
	test(`a service that is no LLM gets a model of work per request, its assumptions first, and runs: ${particular}`, async t => {
		const {cwd, stderr, exitCode, told} = await initFrom(text);
		t.is(exitCode, 0, stderr);
		const [first, second, third, fourth] = told.split('\n');
		t.is(first, 'Written: mine/experiment.yaml');
		t.regex(second!, /^Assumed: The service is no LLM: .* language models, and no GPU is asked for\./);
		t.regex(third!, /^Assumed: The work of a request: .*\(workload\.requests\.cpuSeconds\)\. Yours: the CPU seconds/);
		t.regex(fourth!, /^Assumed: The load: .*\(workload\.arrivals\)\.$/);
		const written = await readFile(join(cwd, 'mine', 'experiment.yaml'), 'utf8');
		for (const [, sentence] of told.matchAll(/^Assumed: (.*)$/gm)) {
			t.true(written.includes(`# - ${sentence}\n`), sentence);
		}

		const {deployment, workload} = await readExperiment(join(cwd, 'mine', 'experiment.yaml'));
		t.is(deployment.service.kind, 'server');
		t.is(typeof workload.requests.cpuSeconds, 'object');
		const few = ['--set', 'duration=11m', '--replications', '2', '--baselines=false', '--prediction-runs', '0'];
		const run = await replicast(['run', 'mine/experiment.yaml', ...few], {cwd});
		t.is(run.exitCode, 0, run.stderr);
		t.regex(run.stdout, /\nAssumed: The load \([\d.]+ to\s+[\d.]+\s+requests\/s\) and\s+the CPU time of/);
		t.notRegex(run.stdout.replace('without\ntokens', '').replace('without tokens', ''), /token|the model/i);
	});
}

test('the load takes the autoscaler from its fewest pods to three quarters of its most, at its target', async t => {
	const read = async (text: string) => {
		const {cwd} = await initFrom(text);
		return readExperiment(join(cwd, 'mine', 'experiment.yaml'));
	};
	// 20 ms a request; 99 % of 0.1 cores, 2 to 4 pods: half of 2 pods' 9.9 requests/s, then that of 3 pods
	const podinfo = await read(manifests['one file, limits far above the requests']);
	t.deepEqual(ratesOf(podinfo), [5, 15, 5]);
	t.like(podinfo.slo, {p95: 0.2});
	// 0.075 cores a pod, 1 to 20 of them; a request of 20 ms takes 0.2 s by itself at 0.1 cores
	const small = await read(manifests['a List, limits alone, a small pod']);
	t.deepEqual(ratesOf(small), [1.9, 56, 1.9]);
	t.like(small.slo, {p95: 2});
	// 65 % of 0.5 cores, 23 pods: 374 requests/s of 20 ms are too many for a first run
	const orders = await read(
		manifests['rendered by Helm, a sidecar, requests without limits, CPU of a container and memory'],
	);
	t.deepEqual(orders.workload.requests.cpuSeconds, {distribution: 'exponential', mean: 0.1});
	t.deepEqual(ratesOf(orders), [4.9, 75, 4.9]);
});

test('the requests of a ScaledObject that goes by a queue are its messages, which wait for a pod', async t => {
	const consumer = (trigger: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: consumer}
spec: {template: {spec: {containers: [{name: consumer, image: registry.example.com/consumer:1, resources: {requests: {cpu: 100m}, limits: {cpu: 500m}}}]}}}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: consumer}
spec: {scaleTargetRef: {name: consumer}, minReplicaCount: 0, maxReplicaCount: 8, triggers: [${trigger}]}
`;
	for (const trigger of [
		'{type: rabbitmq, metadata: {protocol: http, hostFromEnv: URL, queueName: work, mode: QueueLength, value: "20"}}',
		'{type: aws-sqs-queue, metadata: {queueURL: "https://sqs/1/work", awsRegion: eu-west-1}}',
	]) {
		const {cwd, stderr, exitCode, told} = await initFrom(consumer(trigger));
		t.is(exitCode, 0, stderr);
		t.regex(told, /The queue: requests are its messages/);
		const {deployment, workload, slo} = await readExperiment(join(cwd, 'mine/experiment.yaml'));
		t.deepEqual(deployment.waiting, {at: 'proxy', connections: 1});
		t.like(deployment.service, {kind: 'server', concurrency: 1});
		t.is(workload.timeout, 3600);
		t.is(slo?.p95, 60);
	}
});

test('what a manifest says of a server goes into its model: start-up, concurrency, cores, memory, container', async t => {
	const read = async (text: string) => {
		const {cwd, told} = await initFrom(text);
		return {told, deployment: (await readExperiment(join(cwd, 'mine', 'experiment.yaml'))).deployment};
	};
	const gunicorn = await read(manifests["Gunicorn's threads, which are no model's"]);
	t.like(gunicorn.deployment.service, {kind: 'server', concurrency: 8, threads: 1, memory: {idle: 2 ** 28}});
	t.regex(gunicorn.told, /a pod serves 8 requests at a time on 1 core at most, within its CPU limit of 1 core /);
	const orders = await read(
		manifests['rendered by Helm, a sidecar, requests without limits, CPU of a container and memory'],
	);
	t.like(orders.deployment.startup, {kind: 'total', total: {distribution: 'lognormal', mean: 40}});
	t.regex(orders.told, /The start-up: 40 s in the mean until a pod is Ready, 30 s of them the initial delay/);
	t.regex(orders.told, /the autoscaler goes by it, so it decides the replicas/);
	const alike = await read(manifests['a StatefulSet of two containers alike']);
	t.is(alike.deployment.llm.container, 'app');
	t.regex(alike.told, /Requests are served by container app, where app and cache request the same/);
});

const image = (text: string, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: x}
spec: {template: {spec: {containers: [{name: main, image: "${text}", resources: {requests: {cpu: 1, memory: 1Gi}}${more}}, {name: istio-proxy, image: proxyv2}]}}}
`;

test('an LLM stays one where its image, its command or its variables say so; a GPU alone is said to decide', async t => {
	const llms = [
		['time', image('ollama/ollama:0.12')],
		['engine', image('vllm/vllm-openai:latest')],
		['time', image('ghcr.io/ggml-org/llama.cpp:server')],
		['engine', image('ghcr.io/huggingface/text-generation-inference:3')],
		['time', image('nvcr.io/nvidia/tritonserver:24.05-py3')],
		['engine', image('registry.example.com/chat:1', ', args: ["vllm serve mistralai/Mistral-7B-Instruct-v0.3"]')],
		['time', image('registry.example.com/chat:1', ', env: [{name: OLLAMA_KEEP_ALIVE, value: 5m}]')],
	] as const;
	for (const [kind, text] of llms) {
		const {told, cwd} = await initFrom(text);
		t.notRegex(told, /no LLM|cpuSeconds/, text);
		t.is((await readExperiment(join(cwd, 'mine', 'experiment.yaml'))).deployment.service.kind, kind, text);
	}

	// Clients of an LLM serve none.
	for (const more of [
		', env: [{name: OLLAMA_HOST, value: "http://ollama:11434"}]',
		', args: [--llm, "http://vllm:8000"]',
	]) {
		t.regex((await initFrom(image('example.com/shop:1', more))).told, /\nAssumed: The service is no LLM: /);
	}

	const gpu = image('example.com/detector:3').replace('memory: 1Gi}', 'memory: 1Gi, nvidia.com/gpu: 1}');
	const sure = gpu.replace('requests: {', 'limits: {nvidia.com/gpu: 1}, requests: {');
	t.regex(
		(await initFrom(sure)).told,
		/\nAssumed: The service is an LLM, or another model .* as container main asks for nvidia\.com\/gpu\. If it is none: --service web\./,
	);
});

test('--service decides whatever the manifests say, and is no assumption then', async t => {
	const web = await initFrom(image('ollama/ollama:0.12'), '--service', 'web');
	t.is(web.exitCode, 0, web.stderr);
	t.regex(web.told, /\nAssumed: The work of a request/);
	const llm = await initFrom(image('nginx:1.27'), '--service', 'llm');
	t.regex(llm.told, /\nAssumed: The time in service: 3 s/);
	for (const {told} of [web, llm]) {
		t.notRegex(told, /is no LLM|is an LLM/);
	}
});

test('a metric that nobody knows is asked for, and --metric-source says what it is', async t => {
	const text = manifests['requests a second, as an adapter names them'].replace(
		'http_requests_per_second',
		'packets-per-second',
	);
	const {exitCode, stderr, cwd} = await initFrom(text);
	t.is(exitCode, 2);
	t.regex(
		stderr,
		/^Expected the source of the metric "packets-per-second", .* --metric-source packets-per-second=arrived .*\n$/,
	);
	t.deepEqual(await readdir(cwd), ['all.yaml'], 'nothing is written');
	const said = await initFrom(text, '--metric-source', 'packets-per-second=arrived');
	t.is(said.exitCode, 0, said.stderr);
	t.regex(
		await readFile(join(said.cwd, 'mine', 'experiment.yaml'), 'utf8'),
		/metricSources:\n {2}packets-per-second: arrived\n/,
	);
	const guessed = await initFrom(text.replace('packets-per-second', 'orders_pending'));
	t.regex(guessed.told, /\nAssumed: The metric orders_pending is taken to show waiting requests, by its name alone/);
});

test('an autoscaler of another workload is named where none scales the given one', async t => {
	const {told} = await initFrom(`${image('nginx:1.27')}---\n${hpa('other', {min: 1, max: 5, metrics: '[]'})}`);
	t.regex(told, /\nAssumed: The autoscaler: none, as .* scales it: HorizontalPodAutoscaler other scales other\.\n/);
});

test('without manifests, --service web writes a first experiment of a web service that runs, and init offers it', async t => {
	const cwd = await temporaryFolder();
	const offered = await replicast(['init', 'llm'], {cwd});
	t.regex(offered.stdout, /\nFor a service that is no LLM: --service web\.\n$/);
	const {stdout, stderr, exitCode} = await replicast(['init', 'web', '--service', 'web'], {cwd});
	t.is(exitCode, 0, stderr);
	t.regex(
		stdout,
		/^Written: web\/experiment\.yaml\nWritten: web\/hpa\.yaml\nWritten: web\/models\/web-four-workers\.yaml\n/,
	);
	t.notRegex(stdout, /--service web/);
	const run = await replicast(['run', 'web/experiment.yaml', '--replications', '2', '--baselines=false'], {cwd});
	t.is(run.exitCode, 0, run.stderr);
	t.regex(
		run.stdout,
		/\nAssumed: The load, the pods and the CPU time of a request are those that init\s+wrote, not\s+yours/,
	);
	t.notRegex(run.stdout.slice(run.stdout.indexOf('Replicas over time')), /token/);
});
