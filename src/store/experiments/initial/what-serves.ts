import {isGpu} from '../../../autoscaler/resource-list.ts';
import {isModelServer, isSidecar} from '../../../experiment/model-container.ts';
import {type ManifestContainer, manifestContainers} from '../../manifests/manifest-containers.ts';
import type {SourceNode} from '../../yaml/source-tree.ts';

/** Kinds of service that an experiment can be written around: a language model, or anything whose requests take CPU time. */
export const serviceKinds = ['llm', 'web'] as const;

export type ServiceKind = (typeof serviceKinds)[number];

/** Kind of a workload’s service, and a sentence where its manifest does not surely say so. */
type Served = {readonly kind: ServiceKind; readonly assumed?: string};

/** Variables that servers of models read, and their clients do not. */
const serverVariables =
	/^(?:OLLAMA_(?:NUM_PARALLEL|KEEP_ALIVE|MAX_QUEUE|CONTEXT_LENGTH|MODELS|FLASH_ATTENTION|MAX_LOADED_MODELS)|LLAMA_ARG_.+|VLLM_(?:ATTENTION_BACKEND|USE_V1|LOGGING_LEVEL|CACHE_ROOT|WORKER_MULTIPROC_METHOD))$/;

/** Commands of servers of models, as words of a command line. */
const serverCommands =
	/(?:^|[\s/.])(?:vllm|ollama|llama-server|sglang|text-generation-launcher|tritonserver|lmdeploy)(?:$|[\s.])/;

/**
 * Kind of a workload’s service, as far as its containers say: a language model by the image, the name, the variables or the command
 * of a known server; perhaps one by a GPU; else anything else. Known sidecars are passed over.
 *
 * @param tree - a Deployment or a StatefulSet
 */
export function whatServes(tree: SourceNode): Served {
	const all = manifestContainers(tree);
	const others = all.filter(container => !isSidecar(container));
	const containers = others.length > 0 ? others : all;
	if (containers.some(servesModels)) {
		return {kind: 'llm'};
	}

	const gpu = containers.flatMap(({name, resources}) =>
		resources.filter(isGpu).map(resource => `container ${name} asks for ${resource}`),
	)[0];
	return gpu === undefined
		? {kind: 'web', assumed: `The service is no LLM: ${unknownImages(containers)}. If it is one: --service llm.`}
		: {
				kind: 'llm',
				assumed: `The service is an LLM, or another model whose time does not follow the CPU, as ${gpu}. If it is none: --service web.`,
			};
}

function servesModels({name, image, variables, words}: ManifestContainer): boolean {
	return (
		name === 'ollama' ||
		(image !== undefined && isModelServer(image)) ||
		variables.some(variable => serverVariables.test(variable)) ||
		serverCommands.test(words.join(' '))
	);
}

/** Images that a sentence names. */
const mostImages = 3;

function unknownImages(containers: readonly ManifestContainer[]): string {
	const images = containers.flatMap(({image}) => (image === undefined ? [] : [image]));
	const named = images.slice(0, mostImages).join(', ');
	const rest = images.length > mostImages ? ` and ${images.length - mostImages} more` : '';
	return images.length === 0
		? 'no container names an image'
		: `${named}${rest} ${images.length === 1 ? 'is no known server' : 'are no known servers'} of language models, and no GPU is asked for`;
}
