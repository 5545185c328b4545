import {existsSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {parse, parseAllDocuments} from 'yaml';
import {removeTemporaryFolders, replicast, temporaryFolder} from '../run-command.ts';

test.after.always(removeTemporaryFolders);

const service = ({annotations = '', predictor = ''}) => `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: llama
  namespace: serving
  annotations: {${annotations}}
spec:
  predictor:
    minReplicas: 1
    maxReplicas: 5
${predictor}`;

const model = `    model:
      modelFormat: {name: huggingface}
      args: [--model_name=llama, --max-model-len=8192]
      storageUri: hf://meta-llama/Llama-3.1-8B-Instruct
      resources:
        requests: {cpu: 6, memory: 24Gi, nvidia.com/gpu: 1}
        limits: {cpu: 6, memory: 24Gi, nvidia.com/gpu: 1}
`;
const waiting = `    autoScaling:
      behavior: {scaleDown: {stabilizationWindowSeconds: 120, policies: []}}
      metrics:
        - type: External
          external:
            metric: {backend: prometheus, serverAddress: "http://prometheus:9090", query: "sum(vllm:num_requests_waiting)"}
            target: {type: Value, value: 2}
`;
const raw = 'serving.kserve.io/deploymentMode: RawDeployment';
const keda = `${raw}, serving.kserve.io/autoscalerClass: keda`;

async function started(text: string) {
	const cwd = await temporaryFolder();
	await writeFile(join(cwd, 'isvc.yaml'), text);
	const {stdout, stderr, exitCode} = await replicast(['init', '--from', 'isvc.yaml'], {cwd});
	const made = async () =>
		parseAllDocuments(await readFile(join(cwd, 'kserve.yaml'), 'utf8')).map(document => document.toJS());
	return {cwd, stdout: stdout.replaceAll(/\n +/g, ' '), stderr, exitCode, made};
}

test('an InferenceService with KEDA becomes the Deployment and the ScaledObject that KServe makes of it', async t => {
	const {cwd, stdout, stderr, exitCode, made} = await started(service({annotations: keda, predictor: model + waiting}));
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /Written: kserve\.yaml/);
	t.regex(
		stdout,
		/Assumed: The server of the model is kserve\/huggingfaceserver, by the name huggingface: KServe chooses/,
	);
	const [deployment, scaledObject, ...others] = await made();
	t.is(others.length, 0);
	t.like(deployment, {kind: 'Deployment', metadata: {name: 'llama-predictor', namespace: 'serving'}});
	t.like(deployment.spec.template.spec.containers[0], {
		name: 'kserve-container',
		image: 'kserve/huggingfaceserver',
		args: ['--model_name=llama', '--max-model-len=8192'],
	});
	t.deepEqual(scaledObject.spec, {
		scaleTargetRef: {name: 'llama-predictor'},
		minReplicaCount: 1,
		maxReplicaCount: 5,
		triggers: [
			{
				type: 'prometheus',
				metadata: {serverAddress: 'http://prometheus:9090', query: 'sum(vllm:num_requests_waiting)', threshold: '2'},
			},
		],
		advanced: {horizontalPodAutoscalerConfig: {behavior: {scaleDown: {stabilizationWindowSeconds: 120}}}},
	});
	const experiment = parse(await readFile(join(cwd, 'experiment.yaml'), 'utf8'));
	t.is(experiment.deployment.manifest, 'kserve.yaml#llama-predictor');
	t.is(experiment.autoscaler, 'kserve.yaml#llama-predictor');

	const run = await replicast(['run', 'experiment.yaml', '--replications', '2', '--json'], {cwd});
	t.is(run.exitCode, 0, run.stderr);
	const [{dynamic}] = JSON.parse(run.stdout);
	t.true(dynamic.replicas.max >= 2);
});

test('without a class it is an HPA, by CPU of 80 % unless the predictor says what', async t => {
	const {stdout, stderr, exitCode, made} = await started(service({predictor: model}));
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /Assumed: KServe deploys llama in its Standard mode .*Knative scales it, which is not simulated\./);
	const [, hpa] = await made();
	t.like(hpa, {kind: 'HorizontalPodAutoscaler', metadata: {name: 'llama-predictor'}});
	const cpu = (averageUtilization: number) => [
		{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization}}},
	];
	t.deepEqual(hpa.spec.metrics, cpu(80));

	const said = await started(
		service({annotations: raw, predictor: `    scaleMetric: cpu\n    scaleTarget: 55\n${model}`}),
	);
	t.notRegex(said.stdout, /Standard mode/);
	const [, own] = await said.made();
	t.deepEqual(own.spec.metrics, cpu(55));
	t.like(own.spec, {minReplicas: 1, maxReplicas: 5});
});

test('metrics that KServe’s HPA passes over are told', async t => {
	const {stdout, stderr, exitCode, made} = await started(service({annotations: raw, predictor: model + waiting}));
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /Assumed: A metric of type External is passed over: KServe's HPA takes cpu and memory alone/);
	t.regex(stdout, /Assumed: The autoscaler aims at a CPU utilization of 80 %/);
	const [, hpa] = await made();
	t.is(hpa.spec.metrics[0].resource.name, 'cpu');
});

test('the container of a ServingRuntime among the manifests is taken, its arguments before those of the model', async t => {
	const runtime = `---
apiVersion: serving.kserve.io/v1alpha1
kind: ServingRuntime
metadata: {name: vllm-cuda}
spec:
  supportedModelFormats: [{name: vLLM}]
  containers:
    - name: kserve-container
      image: quay.io/modh/vllm:rhoai-2.20
      command: [python, -m, vllm.entrypoints.openai.api_server]
      args: [--port=8080, --model=/mnt/models]
`;
	const predictor = model.replace(
		'modelFormat: {name: huggingface}',
		'modelFormat: {name: vLLM}\n      runtime: vllm-cuda',
	);
	const {stdout, stderr, exitCode, made} = await started(service({annotations: raw, predictor}) + runtime);
	t.is(exitCode, 0, stderr);
	t.notRegex(stdout, /The server of the model/);
	const [deployment] = await made();
	t.like(deployment.spec.template.spec.containers[0], {
		image: 'quay.io/modh/vllm:rhoai-2.20',
		command: ['python', '-m', 'vllm.entrypoints.openai.api_server'],
		args: ['--port=8080', '--model=/mnt/models', '--model_name=llama', '--max-model-len=8192'],
	});
});

test('a container of its own without resources gets those of KServe', async t => {
	const {stdout, stderr, exitCode, made} = await started(
		service({annotations: raw, predictor: '    containers: [{image: example/scorer}]\n'}),
	);
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /Assumed: The cpu and memory of a pod: 1 and 2Gi, KServe's own, as the predictor names none\./);
	const [deployment] = await made();
	t.deepEqual(deployment.spec.template.spec.containers[0].resources, {
		requests: {cpu: '1', memory: '2Gi'},
		limits: {cpu: '1', memory: '2Gi'},
	});
});

for (const [what, text, expected] of [
	[
		'one for Knative',
		service({annotations: 'serving.kserve.io/deploymentMode: Serverless', predictor: model}),
		/^isvc\.yaml:6:\d+: Expected metadata\.annotations\.\S+ to be Standard or RawDeployment, as .*, got "Serverless"\n$/,
	],
	[
		'one of several nodes',
		service({annotations: raw, predictor: `    workerSpec: {pipelineParallelSize: 2}\n${model}`}),
		/^isvc\.yaml:11:\d+: Expected spec\.predictor\.workerSpec to be left out, .*\n$/,
	],
	[
		'a metric of Knative',
		service({annotations: raw, predictor: `    scaleMetric: concurrency\n${model}`}),
		/^isvc\.yaml:11:\d+: Expected spec\.predictor\.scaleMetric to be cpu or memory, .*, got "concurrency"\n$/,
	],
	[
		'KEDA without a metric',
		service({annotations: keda, predictor: model}),
		/^isvc\.yaml:\d+:\d+: Expected spec\.predictor\.autoScaling\.metrics to be metrics, .*, got nothing\n$/,
	],
	[
		'a class that is none',
		service({annotations: `${raw}, serving.kserve.io/autoscalerClass: kpa`, predictor: model}),
		/to be hpa, keda, external or none, got "kpa"\n$/,
	],
	[
		'one without a model',
		service({annotations: raw}),
		/Expected spec\.predictor to be a predictor with a model or containers/,
	],
	[
		'replicas that are none',
		service({annotations: raw, predictor: model}).replace('maxReplicas: 5', 'maxReplicas: many'),
		/^isvc\.yaml:10:\d+: Expected spec\.predictor\.maxReplicas to be .*, got "many"\n$/,
	],
] as const) {
	test(`an InferenceService that cannot be simulated is refused in one line, and nothing is written: ${what}`, async t => {
		const {cwd, stderr, exitCode} = await started(text);
		t.is(exitCode, 2);
		t.regex(stderr, expected);
		for (const file of ['kserve.yaml', 'experiment.yaml']) {
			t.false(existsSync(join(cwd, file)));
		}
	});
}

test('what fails later leaves no file behind', async t => {
	const other = service({annotations: raw, predictor: model}).replace('name: llama', 'name: other');
	const {cwd, stderr, exitCode} = await started(`${service({annotations: raw, predictor: model})}---\n${other}`);
	t.is(exitCode, 2);
	t.regex(
		stderr,
		/Expected isvc\.yaml to hold one Deployment.*got Deployment llama-predictor, Deployment other-predictor/,
	);
	t.false(existsSync(join(cwd, 'kserve.yaml')));
});
