import test from 'ava';
import {modelContainer} from '../../src/experiment/model-container.ts';

type Candidate = Parameters<typeof modelContainer>[0][number];

const one = (name: string, requests: Candidate['requests'] = {}, image?: string): Candidate => ({
	name,
	requests,
	...(image !== undefined && {image}),
});

const finds = test.macro({
	exec(t, containers: readonly Candidate[], expected: ReturnType<typeof modelContainer>) {
		t.deepEqual(modelContainer(containers), expected);
		t.deepEqual(
			modelContainer(containers.toReversed()),
			'name' in expected ? expected : modelContainer(containers.toReversed()),
		);
	},
	title: (title = '') => `the container of the model: ${title}`,
});

test('the only container', finds, [one('app')], {name: 'app'});
test('the only one beside known sidecars', finds, [one('app'), one('istio-proxy', {cpu: 4}), one('vault-agent')], {
	name: 'app',
});
test(
	'a sidecar that its image tells',
	finds,
	[one('app', {cpu: 1}), one('mesh', {cpu: 2}, 'docker.io/istio/proxyv2:1.24')],
	{
		name: 'app',
	},
);
test('ollama by name, whatever the others request', finds, [one('ollama', {cpu: 1}), one('web', {cpu: 8})], {
	name: 'ollama',
});
test('a sidecar with a GPU is none of the model', finds, [one('app'), one('dcgm-exporter', {'nvidia.com/gpu': 1})], {
	name: 'app',
});
for (const image of [
	'ollama/ollama:0.5.7',
	'vllm/vllm-openai@sha256:0123',
	'ghcr.io/ggml-org/llama.cpp:server',
	'ghcr.io/ggerganov/llama.cpp:server-cuda',
	'ghcr.io/huggingface/text-generation-inference:3.0',
	'lmsysorg/sglang:latest',
	'quay.io/go-skynet/local-ai:v2',
	'localai/localai:latest',
	'nvcr.io/nvidia/tritonserver:24.10-py3',
	'registry.example:5000/team/vllm-cpu:1',
]) {
	test(`by its image, ${image}`, finds, [one('server', {cpu: 1}, image), one('api', {cpu: 2}, 'team/api:1')], {
		name: 'server',
		from: 'image',
	});
}

test(
	'an image about a server is no server',
	finds,
	[one('ui', {cpu: 1}, 'ghcr.io/open-webui/ollama-webui'), one('api', {cpu: 2}, 'api')],
	{name: 'api', from: 'cpu'},
);
test('the most CPU', finds, [one('llama-server', {cpu: 2}), one('api', {cpu: 1, memory: 2 ** 40})], {
	name: 'llama-server',
	from: 'cpu',
});
test('a GPU before CPU', finds, [one('engine', {cpu: 1, 'nvidia.com/gpu': 1}), one('api', {cpu: 4})], {
	name: 'engine',
	from: 'gpu',
});
test(
	'a GPU of another maker',
	finds,
	[one('engine', {'amd.com/gpu': 1}), one('api', {cpu: 4, 'example.com/dongle': 1})],
	{
		name: 'engine',
		from: 'gpu',
	},
);
test('memory where CPU is equal', finds, [one('a', {cpu: 1, memory: 1}), one('b', {cpu: 1, memory: 2})], {
	name: 'b',
	from: 'memory',
});
test('nothing tells equals apart', finds, [one('a', {cpu: 1}), one('b', {cpu: 1}), one('c')], {candidates: ['a', 'b']});
test('among sidecars alone the largest', finds, [one('envoy', {cpu: 2}), one('fluent-bit', {cpu: 1})], {
	name: 'envoy',
	from: 'cpu',
});
