import type {InstancePrices} from '../experiment/experiment.ts';
import type {NodeUsage} from '../records/node-usage.ts';
import {heldSeconds, type PodUsage} from '../records/pod-usage.ts';

const secondsPerHour = 3600;
const bytesPerGibibyte = 2 ** 30;

/** The time that is paid for [s]. */
export type BilledWindow = {readonly fromSeconds: number; readonly toSeconds: number};

/** Bill in the currency of the prices, divided into the pods' share and idle capacity. They add up. */
export type Bill = {
	readonly dollars: number;
	readonly workloadDollars: number;
	readonly idleDollars: number;
	/** Nodes, where they are billed. */
	readonly nodes?: {readonly most: number; readonly nodeHours: number};
};

/** The nodes' time within a window; nodes that were not there in it are left out. */
export function nodesWithin(nodes: readonly NodeUsage[], {fromSeconds, toSeconds}: BilledWindow): NodeUsage[] {
	return nodes
		.map(node => ({
			...node,
			fromSeconds: Math.max(node.fromSeconds, fromSeconds),
			toSeconds: Math.min(node.toSeconds, toSeconds),
		}))
		.filter(node => node.toSeconds > node.fromSeconds);
}

/** Sum of a rate of each node over its time [the rate's unit × s]. */
export function overNodes(nodes: readonly NodeUsage[], rate: (node: NodeUsage) => number): number {
	return nodes.reduce((sum, node) => sum + rate(node) * (node.toSeconds - node.fromSeconds), 0);
}

/**
 * Bills the nodes that a node autoscaler made, each at the price of its type from its launch to its end, and divides the
 * bill: the pods' part of the nodes' cores, memory and GPUs, weighed by the split of the catalogue, and idle capacity.
 *
 * @param given - undefined where nobody recorded them: the bill is NaN
 * @see https://www.opencost.io/docs/specification, workload costs and idle
 */
export function instanceBill(
	pods: readonly PodUsage[],
	given: readonly NodeUsage[] | undefined,
	{split, window}: {readonly split: InstancePrices['split']; readonly window: BilledWindow},
): Bill {
	if (given === undefined) {
		const unknown = Number.NaN;
		const nodes = {most: unknown, nodeHours: unknown};
		return {dollars: unknown, workloadDollars: unknown, idleDollars: unknown, nodes};
	}

	const nodes = nodesWithin(given, window);
	const dollars = overNodes(nodes, ({perHour}) => perHour) / secondsPerHour;
	const {perCoreHour, perGibibyteHour, perGpuHour = 0} = split;
	const weight = (cores: number, bytes: number, gpus: number) =>
		cores * perCoreHour + (bytes / bytesPerGibibyte) * perGibibyteHour + gpus * perGpuHour;
	const whole = overNodes(nodes, ({cores, bytes, gpus}) => weight(cores, bytes, gpus));
	const taken = pods.reduce((sum, pod) => sum + podWeight(pod, weight), 0);
	const workloadDollars = whole === 0 ? 0 : dollars * Math.min(1, taken / whole);
	return {
		dollars,
		workloadDollars,
		idleDollars: dollars - workloadDollars,
		nodes: {most: mostAtOnce(nodes), nodeHours: overNodes(nodes, () => 1) / secondsPerHour},
	};
}

/** A pod takes the larger of its requests and its use, and the GPUs that it requests. */
function podWeight(pod: PodUsage, weight: (cores: number, bytes: number, gpus: number) => number): number {
	const held = heldSeconds(pod);
	return weight(
		Math.max(pod.requestedCores * held, pod.cpuSeconds),
		Math.max(pod.requestedBytes * held, pod.memoryByteSeconds),
		(pod.requestedGpus ?? 0) * held,
	);
}

function mostAtOnce(nodes: readonly NodeUsage[]): number {
	const changes = nodes
		.flatMap(({fromSeconds, toSeconds}) => [
			{at: fromSeconds, by: 1},
			{at: toSeconds, by: -1},
		])
		.sort((a, b) => a.at - b.at || a.by - b.by);
	let [count, most] = [0, 0];
	for (const {by} of changes) {
		count += by;
		most = Math.max(most, count);
	}

	return most;
}
