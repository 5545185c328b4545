import {sum} from 'simple-statistics';
import {counted} from '../../statistics/format-number.ts';
import type {HistoryFit} from './fit-history.ts';

/** Requests that an experiment of a history simulates, and how each is served. */
export type SimulatedLoad = {
	/** CPU of a server, or a time in service whatever the CPU. */
	readonly kind: 'work' | 'time';
	/** Rate at the steps [simulated requests/s]. */
	readonly rate: Float64Array;
	/** Recorded requests that a simulated one stands for; NaN where requests were not recorded. */
	readonly standsFor: number;
	readonly process: 'poisson' | 'deterministic';
	/**
	 * Pod that a request goes to. Requests that stand for many take turns: at random, pods would differ as they do under few
	 * requests, and an autoscaler by CPU would keep about a tenth more of them.
	 */
	readonly balancing: 'random' | 'round-robin';
	/** Work [CPU s] or time in service [s] of a simulated request. */
	readonly mean: number;
	/** Coefficient of variation of the work or of the time. */
	readonly cv: number;
	/** CPU of an idle pod that the model has [cores]. */
	readonly idleCpu: number;
	/** Cores that a pod keeps busy while it serves, of a time in service. */
	readonly threads?: number;
	/** Standard error of the mean, as a fraction of it; 0 where it is not known. */
	readonly uncertainty: number;
	/** Assumptions, a sentence each. */
	readonly assumed: readonly string[];
};

/** Most requests of a run that is quick to simulate. */
const quickRequests = 1e6;
/** Work of a request that stands for others [CPU s]: more would smear the load over time. */
const mostWork = 2;
/** A time under way that is longer than this many times the CPU has waiting in it that is not for CPU. */
const boundByCpu = 2;
/** Tokens of an answer where requests were not recorded. */
const assumedTokens = 256;
const tQuantile = 2.09;

/**
 * Requests to simulate; undefined where nothing says how much work or time a request takes.
 *
 * @param isByCpu - whether the autoscaler goes by CPU alone, so that the work of a request says more than its time
 */
export function simulatedLoad(fit: HistoryFit, isByCpu = false): SimulatedLoad | undefined {
	const {load, work} = fit;
	if (load.witness === 'cpu') {
		return cpuLoad(fit);
	}

	const isOfTokens = load.witness === 'outputTokenRate' || (fit.outputTokens.isIdentified && !isByCpu);
	const served = isOfTokens || work.mostWork === undefined ? timedLoad(fit) : undefined;
	return served ?? (work.mostWork === undefined ? undefined : workLoad(fit, work.mostWork));
}

/** The CPU of the pods as the load: requests of equal work at an even rate. */
function cpuLoad({load, history}: HistoryFit): SimulatedLoad {
	const total = sum([...load.values]) * history.stepSeconds;
	const unit = rounded(Math.min(mostWork, Math.max(0.05, total / quickRequests)));
	return {
		...{kind: 'work', rate: load.values.map(cores => cores / unit), standsFor: Number.NaN, process: 'deterministic'},
		balancing: 'round-robin',
		...{mean: unit, cv: 0, idleCpu: 0, uncertainty: 0},
		assumed: [
			`The load is the CPU that the pods used, in requests of ${unit} CPU s: requests were not recorded. Work that pods could not do at the time is not in it, latencies mean nothing, and pods are taken to use no CPU when idle.`,
		],
	};
}

function workLoad(fit: HistoryFit, most: number): SimulatedLoad {
	const {load, work, latency, history} = fit;
	const assumed: string[] = [];
	const idleCpu = work.idleCpu.isIdentified ? rounded(work.idleCpu.value) : 0;
	// A server's model uses no idle CPU while it serves: a request takes that much more than it adds.
	const each = work.work.isIdentified ? work.work.value / (1 - Math.min(0.5, idleCpu)) : most;
	const isByCpu = latency !== undefined && latency.atLowLoad <= boundByCpu * each;
	const cv = isByCpu && Number.isFinite(latency.cv) ? rounded(Math.min(5, latency.cv)) : 1;
	if (!work.work.isIdentified) {
		assumed.push(
			`A request takes ${rounded(most)} CPU s and an idle pod none, since the two cannot be told apart: ${work.work.reason}.`,
		);
	}

	if (!isByCpu) {
		assumed.push(
			latency === undefined
				? 'The work of requests varies as much as its mean (cv 1), and a request only uses CPU: response times were not recorded, so forecast latencies are not to be believed.'
				: `The work of requests varies as much as its mean (cv 1). A request took ${rounded(latency.atLowLoad)} s at low load, of which ${rounded(each)} s is CPU: the rest is waiting for others, which the simulator leaves out, so its latencies are too short.`,
		);
	}

	const total = sum([...load.values]) * history.stepSeconds;
	const standsFor = Math.max(1, Math.min(Math.ceil(total / quickRequests), Math.floor(mostWork / each)));
	if (standsFor > 1) {
		assumed.push(
			`A simulated request stands for ${standsFor} recorded ones with their work, so that ${total.toPrecision(2)} requests are simulated soon enough, and goes to the pods in turn, since so many share out evenly: pods and cost follow, latencies mean nothing.`,
		);
	}

	const {low, high} = work.work.isIdentified ? work.work : {low: each, high: each};
	return {
		kind: 'work',
		rate: load.values.map(perSecond => perSecond / standsFor),
		standsFor,
		process: standsFor > 1 || load.hasChance ? 'deterministic' : 'poisson',
		balancing: standsFor > 1 ? 'round-robin' : 'random',
		mean: rounded(each * standsFor),
		cv: rounded(cv / Math.sqrt(standsFor)),
		idleCpu,
		uncertainty: rounded((high - low) / (2 * tQuantile) / each),
		assumed,
	};
}

/** Requests that take a time in service, as of a GPU; undefined where nothing says how long. */
function timedLoad(fit: HistoryFit): SimulatedLoad | undefined {
	const {load, history, latency, timeInService} = fit;
	const assumed: string[] = [];
	const isByTokens = load.witness === 'outputTokenRate';
	const rate = isByTokens ? load.values.map(tokens => tokens / assumedTokens) : load.values;
	if (isByTokens) {
		assumed.push(`An answer has ${assumedTokens} tokens: requests were not recorded, only tokens.`);
	}

	const time = timeInService.isIdentified
		? timeInService.value
		: isByTokens
			? littlesTime(fit, rate)
			: latency?.atLowLoad;
	if (time === undefined || !(time > 0)) {
		return undefined;
	}

	const {low, high} = timeInService.isIdentified ? timeInService : {low: time, high: time};
	assumed.push(
		`A request takes ${rounded(time)} s in service however many others its pod serves: the speed of an engine at other loads cannot be identified from a history. replicast calibrate --engine fits it.`,
	);
	const busy = busyCores(fit);
	const threads = Math.max(1, Math.round(busy ?? 1));
	assumed.push(
		`A pod keeps ${counted(threads, 'core')} busy while it serves, and none when idle: ${busy === undefined ? 'CPU was not recorded' : `recorded were ${rounded(busy)} cores a pod in the mean`}, and it says nothing of a request on a GPU.`,
	);
	const cv = latency !== undefined && Number.isFinite(latency.cv) ? rounded(Math.min(5, latency.cv)) : 0.5;
	const total = sum([...rate]) * history.stepSeconds;
	return {
		...{kind: 'time', rate, standsFor: 1, process: load.hasChance ? 'deterministic' : 'poisson'},
		balancing: 'random',
		...{mean: rounded(time), cv, idleCpu: 0, threads},
		uncertainty: rounded((high - low) / (2 * tQuantile) / time),
		assumed: total > 0 ? assumed : [...assumed, 'No request came.'],
	};
}

/** CPU of a ready pod in the steps in which requests are under way [cores]; undefined where it was not recorded. */
function busyCores({history: {series}}: HistoryFit): number | undefined {
	const {cpu, readyReplicas, currentReplicas} = series;
	const pods = readyReplicas ?? currentReplicas;
	const underWay = series.running ?? series.inFlight;
	const each = [...(cpu ?? [])]
		.map((cores, step) => (underWay?.[step] === 0 ? Number.NaN : cores / (pods?.[step] ?? Number.NaN)))
		.filter(Number.isFinite);
	return each.length === 0 ? undefined : sum(each) / each.length;
}

function littlesTime({history: {series}}: HistoryFit, rate: Float64Array): number | undefined {
	const underWay = series.running ?? series.inFlight;
	const known = rate.map((_, step) => (Number.isNaN(underWay?.[step] ?? Number.NaN) ? 0 : 1));
	const total = (values: Float64Array) => values.reduce((all, value, step) => all + (known[step] === 1 ? value : 0), 0);
	return underWay === undefined ? undefined : total(underWay) / total(rate);
}

/** Three digits that say something. */
export function rounded(value: number): number {
	return Number(value.toPrecision(3));
}
