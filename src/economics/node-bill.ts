import type {NodePrices} from '../experiment/experiment.ts';
import {heldSeconds, type PodUsage} from '../records/pod-usage.ts';
import type {Bill, BilledWindow} from './cost.ts';
import {type NodeSpan, packNodes} from './pack-nodes.ts';

const secondsPerHour = 3600;
const bytesPerGibibyte = 2 ** 30;

export type NodeBillOptions = {
	readonly prices: NodePrices;
	readonly window: BilledWindow;
	/** As many nodes all the time; left out, they come and go. */
	readonly fixedNodes?: number | undefined;
};

/**
 * What the nodes under the pods cost, and how it divides: a pod takes the larger of its requests and its use of a node's
 * cores and memory and the GPUs that it requests, and the rest is idle capacity. NaN where nobody recorded when the
 * pods were there.
 *
 * @throws {RangeError} when a pod fits no node
 * @see https://www.opencost.io/docs/specification, workload costs and idle
 */
export function nodeBill(pods: readonly PodUsage[], {prices, window, fixedNodes}: NodeBillOptions): Bill {
	const isKnown = pods.every(pod => !Number.isNaN(heldSeconds(pod)));
	const unknown = {mostNodes: Number.NaN, nodeSeconds: Number.NaN};
	const counted = () => (isKnown ? countNodes(pods, prices, window) : unknown);
	const {mostNodes, nodeSeconds} = fixedNodes === undefined ? counted() : always(fixedNodes, window);
	const dollars = (nodeSeconds / secondsPerHour) * prices.perNodeHour;
	const rates = ratesOf(prices);
	const allocated = pods.reduce((sum, pod) => sum + workloadDollars(pod, rates), 0);
	// Without a bound on the nodes, a simulated pod may use more than a node could have given it.
	const workload = Math.min(allocated, dollars);
	return {
		dollars,
		workloadDollars: workload,
		idleDollars: dollars - workload,
		nodes: {most: mostNodes, nodeHours: nodeSeconds / secondsPerHour},
	};
}

type Rates = {readonly perCoreSecond: number; readonly perByteSecond: number; readonly perGpuSecond: number};

/** The node's price shared out among its cores, its memory and its GPUs in the proportion of the split. */
function ratesOf({perNodeHour, capacity, allocatable, split}: NodePrices): Rates {
	const {perCoreHour, perGibibyteHour, perGpuHour = 0} = split;
	const gibibytes = capacity.memory / bytesPerGibibyte;
	const whole = capacity.cpu * perCoreHour + gibibytes * perGibibyteHour + (allocatable.gpu ?? 0) * perGpuHour;
	const scale = whole === 0 ? 0 : perNodeHour / whole / secondsPerHour;
	return {
		perCoreSecond: perCoreHour * scale,
		perByteSecond: (perGibibyteHour * scale) / bytesPerGibibyte,
		perGpuSecond: perGpuHour * scale,
	};
}

function workloadDollars(pod: PodUsage, {perCoreSecond, perByteSecond, perGpuSecond}: Rates): number {
	const held = heldSeconds(pod);
	const coreSeconds = Math.max(pod.requestedCores * held, pod.cpuSeconds);
	const byteSeconds = Math.max(pod.requestedBytes * held, pod.memoryByteSeconds);
	const gpuSeconds = (pod.requestedGpus ?? 0) * held;
	return coreSeconds * perCoreSecond + byteSeconds * perByteSecond + gpuSeconds * perGpuSecond;
}

type NodeCount = {readonly mostNodes: number; readonly nodeSeconds: number};

function always(nodes: number, {fromSeconds, toSeconds}: BilledWindow): NodeCount {
	return {mostNodes: nodes, nodeSeconds: nodes * Math.max(0, toSeconds - fromSeconds)};
}

/** Nodes over time within the window, never fewer than the least. */
function countNodes(pods: readonly PodUsage[], prices: NodePrices, window: BilledWindow): NodeCount {
	const spans = packNodes(pods, prices).map(span => clip(span, window));
	const changes = spans
		.flatMap(({fromSeconds, toSeconds}) => [
			{at: fromSeconds, by: 1},
			{at: toSeconds, by: -1},
		])
		.sort((a, b) => a.at - b.at || a.by - b.by);
	let [since, count, nodeSeconds, mostNodes] = [window.fromSeconds, 0, 0, prices.leastNodes];
	for (const {at, by} of [...changes, {at: window.toSeconds, by: 0}]) {
		nodeSeconds += Math.max(count, prices.leastNodes) * Math.max(0, at - since);
		since = at;
		count += by;
		mostNodes = Math.max(mostNodes, count);
	}

	return {mostNodes, nodeSeconds};
}

function clip({fromSeconds, toSeconds}: NodeSpan, window: BilledWindow): NodeSpan {
	const within = (at: number) => Math.min(Math.max(at, window.fromSeconds), window.toSeconds);
	return {fromSeconds: within(fromSeconds), toSeconds: within(toSeconds)};
}
