import {isGpu} from '../autoscaler/resource-list.ts';
import type {Container, Deployment, MemoryModel, Resources} from './experiment.ts';

/** Container that runs the model, with the property that identifies it; or the candidates when none does. */
export type ModelContainer =
	| {readonly name: string; readonly from?: NonNullable<Deployment['llm']['containerFrom']>}
	| {readonly candidates: readonly string[]};

type Containers = Pick<Deployment, 'containers'> & {readonly llm: Pick<Deployment['llm'], 'container'>};

/** The container that runs the model. */
export function llmContainer({containers, llm}: Containers): Container | undefined {
	return containers.find(({name}) => name === llm.container);
}

/** The container beside the model's, which takes the requests; undefined in a pod of one container. */
export function backendContainer({containers, llm}: Containers): Container | undefined {
	return containers.find(({name}) => name !== llm.container);
}

/** Places of both in the list of containers, −1 for a backend that is not there. */
export function containerIndices({containers, llm}: Containers): {readonly llm: number; readonly backend: number} {
	return {
		llm: containers.findIndex(({name}) => name === llm.container),
		backend: containers.findIndex(({name}) => name !== llm.container),
	};
}

type Candidate = Pick<Container, 'name' | 'image' | 'requests'>;

/**
 * The container that runs the model where nobody says: the only one but known sidecars, the one called `ollama`, the one
 * with the image of a model server, the one with a GPU, else that which requests the most CPU, then memory.
 */
export function modelContainer(containers: readonly Candidate[]): ModelContainer {
	const others = containers.filter(container => !isSidecar(container));
	const candidates = others.length > 0 ? others : containers;
	if (candidates.length === 1) {
		return {name: candidates[0]!.name};
	}

	const named = candidates.find(({name}) => name === 'ollama');
	if (named !== undefined) {
		return {name: named.name};
	}

	const served = candidates.filter(({image}) => image !== undefined && isModelServer(image));
	return served.length === 1
		? {name: served[0]!.name, from: 'image'}
		: largest(served.length > 0 ? served : candidates);
}

const sizes = [
	{
		from: 'gpu',
		of: (requests: Resources) =>
			sum(
				Object.keys(requests)
					.filter(isGpu)
					.map(name => requests[name]!),
			),
	},
	{from: 'cpu', of: ({cpu = 0}: Resources) => cpu},
	{from: 'memory', of: ({memory = 0}: Resources) => memory},
] as const;

function largest(candidates: readonly Candidate[]): ModelContainer {
	let left = candidates;
	for (const {from, of} of sizes) {
		const most = Math.max(...left.map(({requests}) => of(requests)));
		left = left.filter(({requests}) => of(requests) === most);
		if (left.length === 1) {
			return {name: left[0]!.name, from};
		}
	}

	return {candidates: left.map(({name}) => name)};
}

/** Containers that are put beside others: proxies of meshes, agents for secrets, logs and metrics. */
const sidecars = [
	'aws-otel-collector',
	'aws-xray-daemon',
	'cloud-sql-proxy',
	'cloudsql-proxy',
	'config-reloader',
	'consul-dataplane',
	'daprd',
	'datadog-agent',
	'dcgm-exporter',
	'envoy',
	'envoy-sidecar',
	'filebeat',
	'fluent-bit',
	'fluentbit',
	'fluentd',
	'gke-gcsfuse-sidecar',
	'istio-init',
	'istio-proxy',
	'jaeger-agent',
	'kube-rbac-proxy',
	'kuma-sidecar',
	'linkerd-init',
	'linkerd-proxy',
	'oauth2-proxy',
	'opa',
	'open-telemetry-collector',
	'opentelemetry-collector',
	'opentelemetry-collector-contrib',
	'otc-container',
	'otel-agent',
	'otel-collector',
	'promtail',
	'proxyv2',
	'queue-proxy',
	'telegraf',
	'vault-agent',
	'vault-agent-init',
	'vector',
];

/** Whether a container is put beside others, by its name or its image. */
export function isSidecar({name, image}: Pick<Candidate, 'name' | 'image'>): boolean {
	return sidecars.includes(name) || (image !== undefined && sidecars.includes(repositoryOf(image).at(-1)!));
}

/** Parts of the names of images that serve language models. */
const servers = [
	'gpustack',
	'huggingfaceserver',
	'koboldcpp',
	'llama-box',
	'llama-cpp',
	'llama-server',
	'llama.cpp',
	'llamacpp',
	'llamafile',
	'lmdeploy',
	'localai',
	'local-ai',
	'mlc-llm',
	'ollama',
	'openvino/model_server',
	'ovms',
	'sglang',
	'tensorrt-llm',
	'tensorrtllm',
	'text-embeddings-inference',
	'text-generation-inference',
	'tgi',
	'triton',
	'tritonserver',
	'vllm',
	'xinference',
];

/** Images about a model server that are none. */
const clients = /(?:webui|web-ui|exporter|proxy|router|gateway|frontend|client|operator)/;

/** Whether an image is of a known server of models. */
export function isModelServer(image: string): boolean {
	const parts = repositoryOf(image);
	const path = parts.join('/');
	return (
		!clients.test(parts.at(-1)!) &&
		(/^nvcr\.io\/nim\//i.test(image) ||
			servers.some(server => new RegExp(`(?:^|[^a-z0-9])${server.replaceAll('.', '\\.')}(?:$|[^a-z0-9])`).test(path)))
	);
}

/** Servers that put requests into a batch as they come, by parts of their images or commands. */
const batchingServers =
	/(?:^|[^a-z0-9])(?:vllm|vllme|sglang|text-generation-inference|text-generation-launcher|tgi|tensorrt-llm|tensorrtllm|trtllm|lmdeploy|huggingfaceserver|nvcr\.io\/nim)(?:$|[^a-z0-9])/;

/** Whether a container's server puts the requests that come into the batch that runs, as vLLM does. */
export function batchesRequests({image, words}: {readonly image?: string; readonly words: readonly string[]}): boolean {
	return [...(image !== undefined && isModelServer(image) ? [image.toLowerCase()] : []), ...words.slice(0, 4)].some(
		word => batchingServers.test(word),
	);
}

/** Parts of an image's path, without registry, tag and digest. */
function repositoryOf(image: string): string[] {
	const [path = ''] = image.toLowerCase().split('@');
	const parts = path.split('/');
	const isRegistry = parts.length > 1 && /[.:]|^localhost$/.test(parts[0]!);
	return parts.slice(isRegistry ? 1 : 0).map(part => part.replace(/:.*$/, ''));
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}

/** Memory of the idle model's container, the model loaded [bytes]. */
export function llmMemory(
	{server, weights, perContextToken}: MemoryModel,
	{contextLength, parallel}: {readonly contextLength: number; readonly parallel: number},
): number {
	return server + weights + perContextToken * contextLength * parallel;
}

/** Whether the memory limit of the model's container holds the loaded model with a context for each slot. */
export function hasRoomForModel(pod: Containers & Pick<Deployment, 'llm' | 'service'>): boolean {
	const {service, llm} = pod;
	const limit = llmContainer(pod)?.limits.memory;
	return service.kind !== 'work' || limit === undefined || llmMemory(service.memory, llm) <= limit;
}
