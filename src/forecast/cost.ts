import type {NodePrices, PriceBook} from '../experiment/experiment.ts';
import type {NodeUsage} from '../records/node-usage.ts';
import {heldSeconds, type PodUsage} from '../records/pod-usage.ts';
import {type Bill, type BilledWindow, instanceBill} from './node-bill.ts';
import {type NodeSpan, packNodes} from './pack-nodes.ts';

export type {Bill, BilledWindow} from './node-bill.ts';

const secondsPerHour = 3600;
const bytesPerGibibyte = 2 ** 30;

type BillOptions = {
	readonly prices: PriceBook;
	/** Left out: from the first pod to the last. Only nodes are paid for without pods. */
	readonly window?: BilledWindow | undefined;
	/** Constant number of nodes, instead of nodes that come and go. */
	readonly fixedNodes?: number | undefined;
	/** Nodes that a node autoscaler made, where they are what is paid for. */
	readonly nodes?: readonly NodeUsage[] | undefined;
};

/**
 * Bills the pods. Each is billed from scheduled to gone, whether it serves or not; or the nodes are billed that they
 * run on.
 *
 * @param pods - one entry a pod; one that was there for no time costs nothing
 * @param options - `prices`: a price per pod-hour; or per requested core, gibibyte and GPU with the provider's increments,
 *   minimum size and shortest billed time (which also lengthens a pod that the measured window cut short); or of nodes
 * @throws {RangeError} when a pod fits no node
 */
export function billOf(pods: readonly PodUsage[], options: BillOptions): Bill {
	const {prices, window = spanOf(pods), fixedNodes, nodes} = options;
	if (prices.kind === 'instances') {
		return instanceBill(pods, nodes, {split: prices.split, window});
	}

	if (prices.kind === 'nodes') {
		return nodeBill(pods, {prices, window, fixedNodes});
	}

	const dollars = pods.reduce((sum, pod) => sum + hourlyPrice(pod, prices) * billedHours(pod, prices), 0);
	return {dollars, workloadDollars: dollars, idleDollars: 0};
}

/** The dollars of {@link billOf}. */
export function costOf(
	pods: readonly PodUsage[],
	prices: PriceBook,
	window?: BilledWindow,
	nodes?: readonly NodeUsage[],
): number {
	return billOf(pods, {prices, window, nodes}).dollars;
}

function spanOf(pods: readonly PodUsage[]): BilledWindow {
	const present = pods.filter(pod => heldSeconds(pod) > 0);
	return present.length === 0
		? {fromSeconds: 0, toSeconds: 0}
		: {
				fromSeconds: present.reduce((least, {fromSeconds}) => Math.min(least, fromSeconds), Number.POSITIVE_INFINITY),
				toSeconds: present.reduce((most, {toSeconds}) => Math.max(most, toSeconds), 0),
			};
}

type PodPrices = Exclude<PriceBook, {readonly kind: 'nodes' | 'instances'}>;

/** Price of one pod [$/h]. */
function hourlyPrice(pod: PodUsage, prices: PodPrices): number {
	if (prices.kind === 'per-pod') {
		return prices.perPodHour;
	}

	const {increments, minimum, perCoreHour, perGibibyteHour, perGpuHour = 0} = prices;
	const cores = billedAmount(pod.requestedCores, increments.cpu, minimum.cpu);
	const bytes = billedAmount(pod.requestedBytes, increments.memory, minimum.memory);
	return cores * perCoreHour + (bytes / bytesPerGibibyte) * perGibibyteHour + (pod.requestedGpus ?? 0) * perGpuHour;
}

function billedHours(pod: PodUsage, prices: PodPrices): number {
	const held = heldSeconds(pod);
	const shortest = prices.kind === 'per-resource' && held > 0 ? prices.minimumSeconds : 0;
	return Math.max(held, shortest) / secondsPerHour;
}

/** `requested` as the provider sells it: at least `minimum`, then up to a whole number of increments; 0 rounds to nothing. */
function billedAmount(requested: number, increment: number, minimum: number): number {
	const wanted = Math.max(requested, minimum);
	// Decimal sizes in doubles: 1.1 / 0.1 is a hair above 11 and must not become 12.
	return increment > 0 ? Math.ceil(wanted / increment - 1e-9) * increment : wanted;
}

type NodeBillOptions = {
	readonly prices: NodePrices;
	readonly window: BilledWindow;
	/** As many nodes all the time; left out, they come and go. */
	readonly fixedNodes?: number | undefined;
};

/**
 * Bills the nodes under the pods and divides the bill: a pod takes the larger of its requests and its use of a node's
 * cores and memory and the GPUs that it requests, and the rest is idle capacity. NaN when the times of the pods were
 * not recorded.
 *
 * @throws {RangeError} when a pod fits no node
 * @see https://www.opencost.io/docs/specification, workload costs and idle
 */
function nodeBill(pods: readonly PodUsage[], {prices, window, fixedNodes}: NodeBillOptions): Bill {
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
