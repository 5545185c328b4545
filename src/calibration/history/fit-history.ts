import {mean, median, sum} from 'simple-statistics';
import type {History} from '../../records/history.ts';
import {blockMeans, jackknifed} from './blocks.ts';
import {fitConcurrency} from './concurrency.ts';
import {type Distress, distressOf} from './distress.ts';
import {type Identification, notIdentified} from './identification.ts';
import {fitLatency, type LatencyFit} from './latency.ts';
import {fitLoad, type LoadFit} from './load.ts';
import {fitStartup, type StartupFit} from './startup.ts';
import {partOfHistory} from './stretch.ts';
import {fitWork, type WorkFit} from './work.ts';

/** Result of a fit to the history of a workload. */
export type HistoryFit = {
	/** The history in the stretch that the load covers. */
	readonly history: History;
	readonly load: LoadFit;
	/** Container whose CPU was fitted; undefined for all of a pod together. */
	readonly container?: string;
	/** CPU limit of that container or of the pod [cores]; left out where there is none. */
	readonly cpuLimit?: number;
	readonly work: WorkFit;
	/** Memory of a pod [bytes], while it has little to do. */
	readonly memory: Identification;
	readonly concurrency: Identification;
	readonly startup: StartupFit;
	/** Time that a request is under way, by Little's law [s]. */
	readonly timeInService: Identification;
	/** [tokens] */
	readonly promptTokens: Identification;
	readonly outputTokens: Identification;
	readonly latency?: LatencyFit;
	readonly distress: readonly Distress[];
	/** Most CPU of a pod in the mean of a step [cores]; NaN where it is not known. */
	readonly mostCpu: number;
};

/**
 * Fits everything that a history says of its workload.
 *
 * @param scaledContainer - container whose CPU alone the autoscaler goes by; undefined for none
 * @returns undefined where no load is known for ten minutes
 */
export function fitHistory(whole: History, scaledContainer?: string): HistoryFit | undefined {
	const load = fitLoad(whole);
	if (load === undefined) {
		return undefined;
	}

	const history = partOfHistory(whole, load.stretch);
	const own = scaledContainer === undefined ? undefined : history.cpuOfContainers[scaledContainer];
	const container = own === undefined ? undefined : scaledContainer;
	const cpu = own ?? history.series.cpu ?? new Float64Array(history.steps).fill(Number.NaN);
	const cpuLimit = limitOf(history, container);
	const latency = fitLatency(history);
	const {requestRate, promptTokenRate, outputTokenRate} = history.series;
	const underWay = history.series.running ?? history.series.inFlight;
	return {
		...{history, load, work: fitWork(history, cpu, cpuLimit), memory: fitMemory(history)},
		...(container !== undefined && {container}),
		...(cpuLimit !== undefined && {cpuLimit}),
		...(latency !== undefined && {latency}),
		concurrency: fitConcurrency(history),
		startup: fitStartup(history),
		timeInService: perRequest(history, {part: underWay, whole: requestRate}, 'requests under way'),
		promptTokens: perRequest(history, {part: promptTokenRate, whole: requestRate}, 'tokens of prompts'),
		outputTokens: perRequest(history, {part: outputTokenRate, whole: requestRate}, 'tokens of answers'),
		distress: distressOf(history, cpuLimit),
		mostCpu: mostCpuOf(history, cpu),
	};
}

function limitOf({containers}: History, container: string | undefined): number | undefined {
	const counted = container === undefined ? containers : containers.filter(({name}) => name === container);
	const limits = counted.map(({limits: {cpu}}) => cpu);
	return limits.length === 0 || limits.includes(undefined) ? undefined : sum(limits as number[]);
}

function mostCpuOf({series}: History, cpu: Float64Array): number {
	const pods = series.readyReplicas ?? series.currentReplicas;
	return cpu.reduce((most, value, step) => {
		const ofPod = value / (pods?.[step] ?? Number.NaN);
		return Number.isFinite(ofPod) && !(ofPod <= most) ? ofPod : most;
	}, Number.NaN);
}

/** Steps of a block over which a ratio is taken [s]. */
const blockSeconds = 300;

type Ratio = {readonly part: Float64Array | undefined; readonly whole: Float64Array | undefined};

function perRequest({stepSeconds}: History, {part, whole}: Ratio, name: string): Identification {
	if (part === undefined || whole === undefined) {
		return notIdentified(`${part === undefined ? name : 'the rate of requests'} were not recorded`);
	}

	const rows = blockMeans([part, whole], Math.max(1, Math.round(blockSeconds / stepSeconds)));
	const ratio = jackknifed(rows, each => {
		const requests = sum(each.map(row => row[1]!));
		return requests > 0 ? [sum(each.map(row => row[0]!)) / requests] : undefined;
	})?.[0];
	return ratio === undefined
		? notIdentified(`${name} and requests are known together for too short a time`)
		: {isIdentified: true, ...ratio, low: Math.max(0, ratio.low), from: `${name} for each request`};
}

const fewestSteps = 10;

/** Memory of a pod in the tenth of the steps in which pods have the least. */
function fitMemory({series, steps}: History): Identification {
	const {memory} = series;
	const pods = series.currentReplicas ?? series.readyReplicas;
	if (memory === undefined || pods === undefined) {
		return notIdentified('memory was not recorded');
	}

	// A pod that starts counts among the pods before it uses memory.
	const isSettled = (step: number) => series.readyReplicas === undefined || series.readyReplicas[step] === pods[step];
	const each = Array.from({length: steps}, (_, step) => (isSettled(step) ? memory[step]! / pods[step]! : Number.NaN))
		.filter(value => Number.isFinite(value) && value > 0)
		.sort((a, b) => a - b);
	if (each.length < fewestSteps) {
		return notIdentified('memory was recorded in too few steps');
	}

	const least = each.slice(0, Math.ceil(each.length / 10));
	return {
		isIdentified: true,
		value: Math.round(median(least)),
		low: Math.round(least[0]!),
		high: Math.round(Math.max(mean(each), median(least))),
		from: `memory of a pod at rest: the lowest tenth of ${each.length} steps, up to the mean of all`,
	};
}
