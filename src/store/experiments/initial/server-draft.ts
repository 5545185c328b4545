import type {Experiment} from '../../../experiment/experiment.ts';
import {llmContainer} from '../../../experiment/model-container.ts';
import {counted} from '../../../statistics/format-number.ts';
import type {ManifestContainer} from '../../manifests/manifest-containers.ts';
import {type Draft, type DraftParts, draftTimes, nodesSentence, notMeasured, risingLoad} from './draft-experiment.ts';
import {concurrencyOf, serverDocument} from './server-document.ts';
import {type ServerLoad, serverLoad, usualWork} from './server-load.ts';

/** Manifests of a server as its draft refers to them, and the container that serves. */
type ServerParts = DraftParts & {
	/** Name of the container that serves, where the manifest leaves several. */
	readonly container?: string;
	/** The container that serves, as its manifest writes it. */
	readonly written: ManifestContainer | undefined;
};

/** Bytes of a mebibyte, and the memory of an idle pod that requests none. */
const mebibyte = 2 ** 20;
const usualMemory = 64 * mebibyte;

/** Time that a pod takes to start before its readiness probe looks [s]. */
const usualStart = 10;

/** Bound on the 95th percentile of a message's time in a queue and in service [s]. */
const queueBound = 60;

/**
 * Experiment of a service whose requests bring CPU time along, of which nothing but the manifests is known.
 *
 * @param read - reads a draft as an experiment, so that the load fits the pods and the autoscaler of the manifests
 */
export async function serverDraft(
	parts: ServerParts,
	read: (experiment: object) => Promise<Pick<Experiment, 'autoscaler' | 'deployment' | 'keda'>>,
): Promise<Draft> {
	const unknown: ServerLoad = {
		work: 1,
		rates: {low: 1, peak: 1},
		pods: {atPeak: 1, most: 1, use: ''},
		p95: 1,
	};
	const resolved = await read(documentOf(parts, unknown, {threads: 1, memory: usualMemory, isQueue: false}));
	const isQueue = resolved.keda?.triggers.some(({source}) => source.kind === 'queue') ?? false;
	const cpu = cpuOf(resolved.deployment);
	const memory = memoryOf(resolved.deployment);
	const fitting = serverLoad({
		...resolved,
		deployment: {...resolved.deployment, llm: {...resolved.deployment.llm, threads: cpu.threads}},
	});
	const load = isQueue ? {...fitting, p95: queueBound} : fitting;
	return {
		experiment: documentOf(parts, load, {threads: cpu.threads, memory, isQueue}),
		assumed: sentencesOf(parts, load, {resolved, cpu, memory, isQueue}),
	};
}

type Size = {
	readonly threads: number;
	readonly memory: number;
	/** Whether the requests are the messages of a queue, which the autoscaler goes by. */
	readonly isQueue: boolean;
};

function documentOf(parts: ServerParts, {work, rates, p95}: ServerLoad, {threads, memory, isQueue}: Size) {
	const {name, manifest, autoscaler, startsAt, metricSources, nodeAutoscaler, container, written} = parts;
	return {
		name,
		duration: draftTimes.duration,
		...(startsAt !== undefined && {startsAt}),
		workload: {
			arrivals: risingLoad(rates),
			requests: {cpuSeconds: {distribution: 'exponential', mean: timeText(work)}},
			...(isQueue && {timeout: '1h'}),
		},
		deployment: {
			manifest,
			assumed: [
				notMeasured(
					`The load (${rates.low} to ${rates.peak} requests/s) and the CPU time of a request (${timeWords(work)})`,
				),
			],
			...(container !== undefined && {llm: {container}}),
			service: serverDocument({
				concurrency: isQueue ? oneMessage : concurrencyOf(written),
				threads: {
					value: threads,
					source: 'The CPU limit in whole cores, or else the request. A process of Node.js or Python computes on one.',
				},
				memory: {value: memory, source: 'Assumed: half of the memory that is requested, 64 MiB where none is.'},
			}),
			...(isQueue && {waiting: {at: 'proxy', connections: oneMessage.value}}),
			startup: {distribution: 'lognormal', mean: `${startOf(written)}s`, cv: 0.3},
		},
		autoscaler,
		...(metricSources !== undefined && {metricSources}),
		...(nodeAutoscaler !== undefined && {nodeAutoscaler}),
		slo: {p95: timeText(p95), availability: 0.99},
	};
}

/** Messages that a consumer works on at a time. */
const oneMessage = {value: 1, source: 'Assumed: a consumer works on one message at a time.'} as const;

type Found = {
	readonly resolved: Pick<Experiment, 'autoscaler'>;
	readonly cpu: ReturnType<typeof cpuOf>;
	readonly memory: number;
	readonly isQueue: boolean;
};

function sentencesOf(
	parts: ServerParts,
	{work, rates, pods, p95}: ServerLoad,
	{resolved, cpu, memory, isQueue}: Found,
) {
	const {written} = parts;
	const delay = written?.readinessDelay ?? 0;
	const scalesOnMemory =
		resolved.autoscaler !== 'none' && resolved.autoscaler.metrics.some(({name}) => name === 'memory');
	const {value: atATime} = isQueue ? oneMessage : concurrencyOf(written);
	return [
		...(isQueue
			? [
					'The queue: requests are its messages, which wait there until a pod takes one, also while there is none (deployment.waiting).',
				]
			: []),
		`The work of a request: ${timeWords(work)} of CPU time in the mean, exponential${work > usualWork ? ', so long that a first run has few requests' : ''} (workload.requests.cpuSeconds). Yours: the CPU seconds of all pods, divided by the requests that they served meanwhile. Requests that rather wait, as for a database: serviceSeconds in its place.`,
		`The load: ${rates.low} requests/s, rising to ${rates.peak} requests/s after 10 minutes, and down again; the peak is what ${pods.atPeak} of at most ${pods.most} pods serve ${pods.use} (workload.arrivals).`,
		`The server: a pod serves ${counted(atATime, 'request')} at a time on ${counted(cpu.threads, 'core')} at most, ${cpu.limit === undefined ? 'as it has no CPU limit' : `within its CPU limit of ${cpu.limit} ${cpu.limit === 1 ? 'core' : 'cores'}`} (deployment.service.concurrency, deployment.service.threads).`,
		`The memory: ${Math.round(memory / mebibyte)} MiB of a pod that serves nothing, and 64 KiB a request (deployment.service.memory)${scalesOnMemory ? '; the autoscaler goes by it, so it decides the replicas: put in what a pod uses, idle and under load' : ''}.`,
		`The start-up: ${startOf(written)} s in the mean until a pod is Ready${delay > 0 ? `, ${delay} s of them the initial delay of its readiness probe` : ''} (deployment.startup).`,
		nodesSentence(parts),
		`The objective: 95 % of requests within ${timeWords(p95)}, and 99 % answered (slo).`,
	];
}

/** Whole cores that a pod uses at most, and its CPU limit [cores]. */
function cpuOf(deployment: Experiment['deployment']): {readonly threads: number; readonly limit: number | undefined} {
	const {limits, requests} = llmContainer(deployment) ?? {limits: {}, requests: {}};
	const cores: number = limits.cpu ?? requests.cpu ?? 1;
	return {threads: Math.min(1024, Math.max(1, Math.ceil(cores))), limit: limits.cpu};
}

function memoryOf(deployment: Experiment['deployment']): number {
	const requested = llmContainer(deployment)?.requests.memory;
	return requested === undefined ? usualMemory : Math.round(requested / 2);
}

function startOf(written: ManifestContainer | undefined): number {
	return usualStart + (written?.readinessDelay ?? 0);
}

function timeWords(seconds: number): string {
	return timeText(seconds).replace(/[a-z]+$/, unit => ` ${unit}`);
}

function timeText(seconds: number): string {
	return seconds < 1 ? `${Math.round(seconds * 1000)}ms` : `${seconds}s`;
}
