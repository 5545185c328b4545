import {ContainersSchema} from '../../../experiment/container-schema.ts';
import {modelContainer} from '../../../experiment/model-container.ts';
import type {ParsedManifests} from '../../manifests/parse-manifests.ts';
import {readDeployment} from '../../manifests/read-deployment.ts';
import {nodeAt, plainValue} from '../../yaml/source-tree.ts';

/** Manifests that an experiment is written around, as it refers to them. */
export type DraftParts = {
	readonly name: string;
	/** Path of the workload's manifest with its name, from the experiment's folder. */
	readonly manifest: string;
	/** Path of the autoscaler's manifest with its name, or `none`. */
	readonly autoscaler: string;
	readonly startsAt?: string;
	readonly metricSources?: Readonly<Record<string, string>>;
	readonly nodeAutoscaler?: object;
	/** Whether the autoscaler asks a queue of messages, from which the pods take them. */
	readonly isQueued?: boolean;
};

/** Time for which messages of a queue are kept, in an experiment and in words. */
const kept = {text: '1h', words: 'an hour'};

/** Part of a workload whose requests are messages of a queue: nobody waits for them by the minute. */
export function queuedWorkload({isQueued = false}: DraftParts) {
	return isQueued ? {timeout: kept.text} : {};
}

/** Part of a deployment whose pods take messages off a queue, so many at a time. */
export function queuedWaiting({isQueued = false}: DraftParts, atATime: number) {
	return isQueued ? {waiting: {at: 'proxy', connections: atATime}} : {};
}

/** Sentence on the queue of a draft. */
export function queueSentences({isQueued = false}: DraftParts, atATime: number): string[] {
	return isQueued
		? [
				`The queue: requests are messages that wait in front of all pods, of which each takes ${atATime} at a time, and are kept for ${kept.words} (deployment.waiting, workload.timeout).`,
			]
		: [];
}

/** An experiment as it is written, and its assumptions, a sentence each. */
export type Draft = {
	readonly experiment: object;
	readonly assumed: readonly string[];
	/** Models of the package that lie beside it, by the names of their files. */
	readonly models?: Readonly<Record<string, ShippedModel>>;
};

/** A model file of the package. */
export type ShippedModel = {readonly path: string; readonly schema: 'engine-model' | 'startup-model' | 'price-book'};

/** Length of the run, and where the peak of its load is. */
export const draftTimes = {duration: '25m', peak: '10m', end: '15m'} as const;

/** Load that rises to its peak and falls again, in straight lines. */
export function risingLoad({low, peak}: {readonly low: number; readonly peak: number}) {
	return {
		process: 'poisson',
		interpolation: 'linear',
		rate: [
			{at: '0s', perSecond: low},
			{at: draftTimes.peak, perSecond: peak},
			{at: draftTimes.end, perSecond: low},
		],
	};
}

/** Sentence on the nodes of a draft. */
export function nodesSentence({nodeAutoscaler}: DraftParts): string {
	return nodeAutoscaler === undefined
		? 'The nodes: room for every pod (deployment.nodes).'
		: 'The nodes: instance types of AWS in us-east-1, what they cost and how long they take to come (nodeAutoscaler.instanceTypes, nodeAutoscaler.delays).';
}

/** Assumption that report and experiment say first of a draft whose values nobody has put in yet. */
export function notMeasured(what: string): string {
	return `${what} are those that init wrote, not yours, and decide all below. Put yours in, then delete this line (deployment.assumed).`;
}

/** Experiment of an LLM of which nothing but the manifests is known. */
export function modelDraft(
	parts: DraftParts,
	{llm, threads}: {readonly llm: object; readonly threads?: string},
): Draft {
	const {name, manifest, autoscaler, startsAt, metricSources, nodeAutoscaler} = parts;
	return {
		experiment: {
			name,
			duration: draftTimes.duration,
			...(startsAt !== undefined && {startsAt}),
			workload: {arrivals: risingLoad({low: 0.05, peak: 0.8}), ...queuedWorkload(parts)},
			deployment: {
				manifest,
				assumed: [notMeasured('The load (0.05 to 0.8 requests/s) and the time in service (3 s in the mean)')],
				...(Object.keys(llm).length > 0 && {llm}),
				service: {distribution: 'lognormal', mean: '3s', cv: 0.5},
				...queuedWaiting(parts, 1),
			},
			autoscaler,
			...(metricSources !== undefined && {metricSources}),
			...(nodeAutoscaler !== undefined && {nodeAutoscaler}),
			slo: {p95: '15s', availability: 0.99},
		},
		assumed: [
			'The load: 0.05 requests/s, rising to 0.8 requests/s after 10 minutes, and down again (workload.arrivals).',
			'The time in service: 3 s in the mean, whatever the request, standard deviation 1.5 s (deployment.service); a service model, such as models/tinyllama.yaml of the package, makes it follow tokens and CPU.',
			'The start-up: as measured with Ollama on a kind cluster, images pulled before (deployment.startup).',
			nodesSentence(parts),
			'The objective: 95 % of requests within 15 s, and 99 % answered (slo).',
			...queueSentences(parts, 1),
			...(threads === undefined ? [] : [threads]),
		],
	};
}

type Located = {readonly file: string; readonly name: string | undefined};

/** Container that serves where the manifest does not surely say which, and cores of it where they are not told. */
type ServingContainer = {
	/** undefined where the workload has no container. */
	readonly name?: string;
	/** Others that request the same. */
	readonly candidates: readonly string[];
	/** Cores that it is taken to use, its CPU request in whole cores; undefined where a limit or an argument says it. */
	readonly untoldThreads?: number;
};

/** The container of a workload that serves, as far as its manifest says. */
export function servingContainer(manifests: ParsedManifests, {file, name}: Located): ServingContainer {
	const found = readDeployment(manifests, {path: file, name});
	const tree = 'tree' in found ? found.tree : undefined;
	const node = nodeAt(tree, ['containers']);
	const parsed = ContainersSchema.safeParse(node && plainValue(node)).data ?? {};
	const containers = Object.entries(parsed).map(([container, rest]) => ({name: container, ...rest}));
	if (containers.length === 0) {
		return {candidates: []};
	}

	const model = modelContainer(containers);
	const candidates = 'candidates' in model ? model.candidates : [];
	const serving = 'candidates' in model ? model.candidates[0]! : model.name;
	const {requests, limits} = containers.find(one => one.name === serving)!;
	const isTold = limits.cpu !== undefined || nodeAt(tree, ['llm', 'threads']) !== undefined;
	return {
		name: serving,
		candidates,
		...(!isTold && {untoldThreads: Math.max(1, Math.ceil(requests.cpu ?? 1))}),
	};
}
