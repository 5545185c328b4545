import {join} from 'node:path';
import type {Experiment} from '../../../experiment/experiment.ts';
import type {EngineModel} from '../../../experiment/serving/engine-model.ts';
import {packageRoot} from '../../disk/package.ts';
import type {ManifestContainer} from '../../manifests/manifest-containers.ts';
import {
	type Draft,
	type DraftParts,
	draftTimes,
	nodesSentence,
	notMeasured,
	queuedWaiting,
	queuedWorkload,
	queueSentences,
	risingLoad,
} from './draft-experiment.ts';
import {type EngineLoad, engineLoad} from './engine-load.ts';

/** Manifests of an engine as its draft refers to them, and the container that serves. */
type EngineParts = DraftParts & {
	/** Name of the container that serves, where the manifest leaves several. */
	readonly container?: string;
	readonly written: ManifestContainer | undefined;
};

/** Models that lie beside the experiment, the engine whose steps are assumed, and what an hour of its GPU costs. */
const models = {
	'engine.yaml': {path: 'models/engines/llama-3.1-8b-rtx-pro-6000.yaml', schema: 'engine-model'},
	'startup.yaml': {path: 'models/startup-vllm.yaml', schema: 'startup-model'},
} as const;
const prices = {'prices.yaml': {path: 'models/gpu-prices/akash-rtx-pro-6000.yaml', schema: 'price-book'}} as const;
const shippedEngine = 'Llama-3.1-8B on one RTX PRO 6000';

type BesideIt = keyof typeof models | keyof typeof prices;

type Resolved = Pick<Experiment, 'autoscaler' | 'deployment' | 'customMetrics'>;

/**
 * Experiment of an engine that batches requests, of which nothing but the manifests is known.
 *
 * @param read - reads a draft as an experiment, so that the load fits the engine and the autoscaler
 */
export async function engineDraft(
	parts: EngineParts,
	read: (experiment: object) => Promise<Resolved>,
): Promise<Required<Draft> & {readonly trial: object}> {
	const first: EngineLoad = {
		tokens: {prompt: 1, output: 1},
		rates: {low: 1, peak: 1},
		pod: {perSecond: 1, batch: 1, at: ''},
	};
	const inPackage = (file: BesideIt) => join(packageRoot(), {...models, ...prices}[file].path);
	const resolved = await read(documentOf(parts, first, inPackage));
	const engine = resolved.deployment.service as EngineModel;
	const load = engineLoad(resolved, engine);
	return {
		experiment: documentOf(parts, load, file => file),
		trial: documentOf(parts, load, inPackage),
		assumed: sentencesOf(parts, load, engine),
		models: {...models, ...(hasPricedGpu(parts) && prices)},
	};
}

function documentOf(parts: EngineParts, load: EngineLoad, at: (file: BesideIt) => string) {
	const {name, manifest, autoscaler, startsAt, metricSources, nodeAutoscaler, container} = parts;
	const {tokens, rates, pod} = load;
	return {
		name,
		duration: draftTimes.duration,
		...(startsAt !== undefined && {startsAt}),
		workload: {
			arrivals: risingLoad(rates),
			requests: {
				promptTokens: {distribution: 'lognormal', mean: tokens.prompt, cv: 0.8},
				outputTokens: {distribution: 'lognormal', mean: tokens.output, cv: 0.7},
			},
			...queuedWorkload(parts),
		},
		deployment: {
			manifest,
			assumed: [
				notMeasured(
					`The load (${rates.low} to ${rates.peak} requests/s), the lengths of requests, the start-up of minutes and the times of the engine (${shippedEngine})`,
				),
			],
			...(container !== undefined && {llm: {container}}),
			service: at('engine.yaml'),
			startup: at('startup.yaml'),
			...queuedWaiting(parts, pod.batch),
		},
		autoscaler,
		...(metricSources !== undefined && {metricSources}),
		...(nodeAutoscaler !== undefined && {nodeAutoscaler}),
		...(hasPricedGpu(parts) && {prices: at('prices.yaml')}),
		slo: {ttft: '2s', availability: 0.99},
	};
}

function sentencesOf(parts: EngineParts, {tokens, rates, pod}: EngineLoad, {engine}: EngineModel): string[] {
	const served = servedModel(parts.written);
	return [
		`The engine: the times of ${shippedEngine} (engine.yaml), ${served === undefined ? 'whatever the pods serve and on which GPUs' : `where the pods serve ${served}`}. They decide latency, pods and cost: replicast calibrate --from RESULT --engine-model engine.yaml fits them to a benchmark of yours, such as that of vllm bench serve.`,
		`The batch: at most ${engine.maxNumSeqs} requests and ${engine.maxNumBatchedTokens} tokens in a step, and a context of ${engine.maxModelLen} tokens, of the arguments as far as they say it, else of engine.yaml.`,
		`The requests: prompts of ${tokens.prompt} tokens and answers of ${tokens.output} in the mean (workload.requests).`,
		`The load: ${rates.low} requests/s, rising to ${rates.peak} requests/s after 10 minutes, and down again; a pod serves about ${pod.perSecond} requests/s with ${pod.batch} at a time, ${pod.at} (workload.arrivals).`,
		'The start-up: two to three minutes until a pod serves, image and weights included (startup.yaml).',
		nodesSentence(parts),
		...queueSentences(parts, pod.batch),
		...(hasPricedGpu(parts)
			? [
					'The price: $2.04 an hour of a GPU, what an RTX PRO 6000 costs at one provider, and nothing else (prices.yaml).',
				]
			: []),
		'The objective: 95 % of first tokens within 2 s, and 99 % answered (slo).',
	];
}

/** Whether the pods ask for a GPU that the price book has, on nodes that nobody pays for by themselves. */
function hasPricedGpu({nodeAutoscaler, written}: EngineParts): boolean {
	return nodeAutoscaler === undefined && written?.resources.includes('nvidia.com/gpu') === true;
}

/** The model that a server's command line names; undefined where it names none. */
function servedModel(written: ManifestContainer | undefined): string | undefined {
	const words = written?.words ?? [];
	const flag = /^--(?:model|model-path|model-id|model-name)(?:=(.+))?$/;
	const at = words.findIndex(word => flag.test(word) || word === 'serve');
	const name = at === -1 ? undefined : (flag.exec(words[at]!)?.[1] ?? words[at + 1]);
	return name !== undefined && /^[\w./-]{1,100}$/.test(name) && !name.startsWith('-') ? name : undefined;
}
