import {mean, sampleStandardDeviation, sum} from 'simple-statistics';
import type {History} from '../../records/history.ts';
import {blockMeans, jackknifed} from './blocks.ts';
import {type Identification, notIdentified} from './identification.ts';

/** Work of a request and CPU of an idle pod, from the CPU of the pods and the rate of the requests. */
export type WorkFit = {
	/** CPU that a request adds to that of idle pods [CPU s]. */
	readonly work: Identification;
	/** CPU of a pod that serves nothing [cores]. */
	readonly idleCpu: Identification;
	/**
	 * Work where idle pods used none [CPU s]: the most that a request can take; left out where not even that is known.
	 */
	readonly mostWork?: number;
	/** Share of the steps that were left out, as their pods were at their limit. */
	readonly saturated: number;
};

/** A pod with less of its limit left is saturated. */
const nearLimit = 0.9;
const mostThrottled = 0.25;
/** An interval that is wider than this part of its value to either side says too little. */
const widest = 0.5;
const mostSaturated = 0.5;
/** CPU is at most so late behind the requests [s]. */
const longestLag = 150;
const lagStep = 5;
/** CPU of a new pod is seen this long after it became ready, at the latest [s]. */
const unsettled = 90;
const shortestBlock = 60;
const longestBlock = 300;
const wantedBlocks = 40;
const fewestBlocks = 16;

/**
 * Fits the CPU of all pods to `work × rate + idle × ready pods` over blocks of one to five minutes, in which requests end
 * that began in them.
 *
 * @param cpu - over all pods [cores]
 * @param limit - CPU limit of a pod [cores]; undefined for none
 */
export function fitWork(history: History, cpu: Float64Array, limit: number | undefined): WorkFit {
	const {stepSeconds, steps, series} = history;
	const {requestRate} = series;
	const ready = series.readyReplicas ?? series.currentReplicas;
	if (requestRate === undefined || ready === undefined) {
		const missing = requestRate === undefined ? 'the rate of requests' : 'the number of ready pods';
		return {...neither(`${missing} was not recorded`), saturated: 0};
	}

	const isSaturated = saturatedSteps(history, cpu, limit);
	const saturated = sum([...isSaturated].map(Number)) / Math.max(1, steps);
	const seconds = Math.min(longestBlock, Math.max(shortestBlock, (steps * stepSeconds) / wantedBlocks));
	const stepsPerBlock = Math.max(1, Math.round(seconds / stepSeconds));
	const isUnsettled = unsettledSteps(ready, stepSeconds);
	const blocksOf = (lag: number) =>
		blockMeans(
			[later(cpu, lag / stepSeconds), requestRate, ready],
			stepsPerBlock,
			step => isSaturated[step] === 1 || isUnsettled[step] === 1,
		);
	const lag = bestLag(blocksOf);
	const rows = blocksOf(lag);
	if (saturated > mostSaturated) {
		const share = `${Math.round(saturated * 100)} %`;
		return {...neither(`pods were throttled or at their CPU limit ${share} of the time`), saturated};
	}

	if (rows.length < fewestBlocks) {
		const known = Math.round((rows.length * stepsPerBlock * stepSeconds) / 60);
		return {...neither(`CPU, rate and ready pods are known together for ${known} minutes only`), saturated};
	}

	return {
		...fitRows(rows, `${rows.length} blocks of ${Math.round(stepsPerBlock * stepSeconds)} s, CPU being ${lag} s late`),
		saturated,
	};
}

/** 1 for steps soon after the number of ready pods changed: the CPU of a new pod is not seen yet, that of one that went still is. */
function unsettledSteps(ready: Float64Array, stepSeconds: number): Uint8Array {
	const isUnsettled = new Uint8Array(ready.length);
	const steps = Math.ceil(unsettled / stepSeconds);
	for (let step = 1; step < ready.length; step++) {
		if (ready[step] !== ready[step - 1]) {
			isUnsettled.fill(1, step - 1, step + steps);
		}
	}

	return isUnsettled;
}

/** Values that many steps later, straight lines between them, NaN at the end. */
function later(values: Float64Array, lag: number): Float64Array {
	const [whole, part] = [Math.floor(lag), lag - Math.floor(lag)];
	return values.map((_, step) => {
		const [low, high] = [values[step + whole] ?? Number.NaN, values[step + whole + 1] ?? Number.NaN];
		return part === 0 ? low : low + part * (high - low);
	});
}

/** Lag of the CPU behind the requests at which the fit leaves least unexplained [s]: averages and scrapes take a while. */
function bestLag(blocksOf: (lag: number) => Rows): number {
	let [best, least] = [0, Number.POSITIVE_INFINITY];
	for (let lag = 0; lag <= longestLag; lag += lagStep) {
		const rows = blocksOf(lag);
		const [work = 0, idle = 0] = jointFit(rows) ?? ratioOf(rows) ?? [];
		const squares = rows.map(([cpu = 0, rate = 0, pods = 0]) => (cpu - work * rate - idle * pods) ** 2);
		const unexplained = sum(squares) / rows.length;
		if (unexplained < least) {
			[best, least] = [lag, unexplained];
		}
	}

	return best;
}

function neither(reason: string): Pick<WorkFit, 'work' | 'idleCpu'> {
	return {work: notIdentified(reason), idleCpu: notIdentified(reason)};
}

/** 1 for steps in which pods are throttled or near their limit, and for the one after each. */
function saturatedSteps(history: History, cpu: Float64Array, limit: number | undefined): Uint8Array {
	const {throttled, readyReplicas, currentReplicas} = history.series;
	const pods = readyReplicas ?? currentReplicas;
	const isSaturated = new Uint8Array(history.steps);
	for (let step = 0; step < history.steps; step++) {
		const isAtLimit = limit !== undefined && pods !== undefined && cpu[step]! > nearLimit * limit * pods[step]!;
		if (isAtLimit || (throttled?.[step] ?? 0) > mostThrottled) {
			isSaturated.fill(1, step, step + 2);
		}
	}

	return isSaturated;
}

type Rows = ReturnType<typeof blockMeans>;

function fitRows(rows: Rows, blocks: string): Pick<WorkFit, 'work' | 'idleCpu' | 'mostWork'> {
	const rates = rows.map(row => row[1]!);
	if (mean(rates) === 0) {
		return neither('no request came');
	}

	const alone = jackknifed(rows, each => ratioOf(each));
	const joint = jackknifed(rows, each => jointFit(each));
	const mostWork = alone === undefined ? {} : {mostWork: alone[0]!.value};
	const varies = sampleStandardDeviation(rates) / mean(rates);
	const [work, idle] = joint ?? [];
	if (work === undefined || idle === undefined || !(work.high - work.value < widest * work.value)) {
		const why =
			varies < 0.1
				? `the rate of requests hardly varied (standard deviation ${Math.round(varies * 100)} % of the mean)`
				: 'pods and requests rose and fell together, so that work and idle CPU cannot be told apart';
		return {...neither(why), ...mostWork};
	}

	const from = `least squares of CPU on requests and ready pods over ${blocks}, interval by a block jackknife`;
	if (idle.value < 0 && alone !== undefined) {
		const value = Math.min(work.high, Math.max(work.low, alone[0]!.value));
		return {
			work: {isIdentified: true, value, low: work.low, high: work.high, from},
			idleCpu: {isIdentified: true, value: 0, low: 0, high: Math.max(0, idle.high), from: 'the same least squares'},
			...mostWork,
		};
	}

	return {
		work: {isIdentified: true, ...work, low: Math.max(0, work.low), from},
		idleCpu: {isIdentified: true, ...idle, low: Math.max(0, idle.low), from: 'the same least squares'},
		...mostWork,
	};
}

function ratioOf(rows: Rows): readonly number[] | undefined {
	const requests = sum(rows.map(row => row[1]!));
	return requests > 0 ? [sum(rows.map(row => row[0]!)) / requests] : undefined;
}

/** Work and idle CPU by least squares through the origin; undefined where one follows from the other. */
function jointFit(rows: Rows): readonly number[] | undefined {
	const [rr, rn, nn, rc, nc] = [0, 0, 0, 0, 0].map((_, moment) =>
		sum(
			rows.map(
				([cpu = 0, rate = 0, pods = 0]) => [rate * rate, rate * pods, pods * pods, rate * cpu, pods * cpu][moment]!,
			),
		),
	) as [number, number, number, number, number];
	const determinant = rr * nn - rn * rn;
	return determinant > 1e-9 * rr * nn
		? [(rc * nn - nc * rn) / determinant, (nc * rr - rc * rn) / determinant]
		: undefined;
}
