import {readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {parse} from 'yaml';
import {removeTemporaryFolders, replicast, temporaryFolder} from '../run-command.ts';

test.after.always(removeTemporaryFolders);

/** Manifests of servers that batch requests, as a platform team has them. */
const deployment = (container: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: chat}
spec:
  selector: {matchLabels: {app: chat}}
  template:
    metadata: {labels: {app: chat}}
    spec:
      containers:
        - name: server
${container.trimEnd().replaceAll(/^/gm, '          ')}
          resources: {requests: {cpu: 4, memory: 24Gi, nvidia.com/gpu: 1}, limits: {nvidia.com/gpu: 1}}
          readinessProbe: {httpGet: {path: /health, port: 8000}}
`;
const hpa = (metric = 'vllm:num_requests_running', target: number | string = 8) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: chat}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: chat}
  minReplicas: 1
  maxReplicas: 4
  metrics:
    - type: Pods
      pods: {metric: {name: "${metric}"}, target: {type: AverageValue, averageValue: ${target}}}
`;

async function around(container: string, autoscaler = hpa()) {
	const cwd = await temporaryFolder();
	await writeFile(join(cwd, 'deployment.yaml'), deployment(container));
	await writeFile(join(cwd, 'hpa.yaml'), autoscaler);
	const {stdout, stderr, exitCode} = await replicast(['init', 'mine', '--from', 'deployment.yaml', 'hpa.yaml'], {cwd});
	return {cwd, stdout: stdout.replaceAll(/\n {2}(?=\S)/g, ' '), stderr, exitCode};
}

const vllm = `image: vllm/vllm-openai:v0.19.0
args: [--model, example/small-model, --max-model-len=32k, --max-num-seqs, "64", --no-enable-prefix-caching]`;

test('a server that batches gets an engine, its start-up and a load that its pods can serve', async t => {
	const {cwd, stdout, stderr, exitCode} = await around(vllm);
	t.is(exitCode, 0, stderr);
	t.deepEqual((await readdir(join(cwd, 'mine'))).toSorted(), [
		'engine.yaml',
		'experiment.yaml',
		'prices.yaml',
		'startup.yaml',
	]);
	t.regex(stdout, /Assumed: The engine: the times of Llama-3\.1-8B .+ where the pods serve example\/small-model\./);
	t.regex(stdout, /Assumed: The batch: at most 64 requests and 2048 tokens in a step, and a context of 32000 tokens/);
	t.regex(stdout, /a pod serves about 2\.\d requests\/s with 8 at a time, the autoscaler’s target/);
	const document = parse(await readFile(join(cwd, 'mine', 'experiment.yaml'), 'utf8'));
	t.like(document, {deployment: {service: 'engine.yaml', startup: 'startup.yaml'}, slo: {ttft: '2s'}});

	const run = await replicast(['run', 'mine/experiment.yaml', '--replications', '2', '--json'], {cwd});
	t.is(run.exitCode, 0, run.stderr);
	const [{dynamic, answer}] = JSON.parse(run.stdout);
	t.true(dynamic.replicas.max >= 2, 'it scales');
	t.true(dynamic.requests.completed / dynamic.requests.arrived > 0.99, 'it serves them');
	t.true(answer.costPerHour > 2, 'a GPU is paid for');
});

test('a line for a shell and variables of the environment say the settings, too', async t => {
	const {stdout} = await around(`image: registry.example.com/inference:3
command: [/bin/sh, -c]
args:
  - |
    exec vllm serve $MODEL \\
      --max-model-len \${LONGEST} --max-num-batched-tokens 4096 \\
      --max-num-seqs=$(SEQUENCES)
env:
  - {name: MODEL, value: example/other-model}
  - {name: LONGEST, value: "8192"}
  - {name: SEQUENCES, value: "48"}`);
	t.regex(stdout, /where the pods serve example\/other-model\./);
	t.regex(stdout, /at most 48 requests and 4096 tokens in a step, and a context of 8192 tokens/);
});

test('an argument that only the cluster knows is named, not refused', async t => {
	const {cwd, exitCode, stderr} = await around(`image: vllm/vllm-openai:v0.19.0
args: [--max-model-len, $(FROM_A_SECRET), --max-num-seqs, "32"]`);
	t.is(exitCode, 0, stderr);
	const run = await replicast(['run', 'mine/experiment.yaml', '--replications', '1', '--set', 'duration=2m'], {cwd});
	t.regex(
		run.stdout.replaceAll(/\n +/g, ' '),
		/ignores parts of the manifest: the argument --max-model-len \$\(FROM_A_SECRET\)/,
	);
});

for (const [image, isBatching] of [
	['lmsysorg/sglang:v0.5.2-cu126', true],
	['ghcr.io/huggingface/text-generation-inference:3.3', true],
	['nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8', true],
	['nvcr.io/nvidia/tritonserver:25.01-trtllm-python-py3', true],
	['ollama/ollama:0.11', false],
	['ghcr.io/ggml-org/llama.cpp:server-cuda', false],
] as const) {
	test(`${image} is ${isBatching ? 'an engine that batches' : 'a server of slots'}`, async t => {
		const {cwd, stderr, exitCode} = await around(`image: ${image}`);
		t.is(exitCode, 0, stderr);
		const {deployment: written} = parse(await readFile(join(cwd, 'mine', 'experiment.yaml'), 'utf8'));
		t.is(written.service === 'engine.yaml', isBatching);
	});
}
