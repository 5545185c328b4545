import type {NodePrices} from '../experiment/experiment.ts';
import {heldSeconds, type PodUsage} from '../records/pod-usage.ts';

/** A node from its order to its removal [s]. */
export type NodeSpan = {readonly fromSeconds: number; readonly toSeconds: number};

type Node = {cores: number; bytes: number; gpus: number; pods: number; orderedAt: number; emptySince: number};

/** The part of a price book that says what fits and how long a node takes to come and to go. */
type NodeForm = Pick<NodePrices, 'allocatable' | 'mostPods' | 'startSeconds' | 'removalSeconds'>;

/** Whether a node has room for the pod when nothing else is on it. */
export function fitsNode(pod: PodUsage, {allocatable, mostPods}: NodeForm): boolean {
	const {cpu: cores, memory: bytes, gpu: gpus = 0} = allocatable;
	return mostPods > 0 && takes({cores, bytes, gpus}, pod);
}

/**
 * The nodes that the pods run on. A pod goes to the fullest node that has room for its requests, else to a new one,
 * ordered `startSeconds` before; a node goes once it has been empty for `removalSeconds`. Pods are never moved.
 *
 * The pods are taken as they were: that a pod would have waited for its node is not in their times.
 *
 * @throws {RangeError} when a pod fits no node
 */
export function packNodes(pods: readonly PodUsage[], form: NodeForm): NodeSpan[] {
	const nodes: Node[] = [];
	const where = new Map<PodUsage, Node>();
	for (const {at, pod, isArrival} of changes(pods)) {
		if (isArrival) {
			const node = fullestWithRoom(nodes, pod, at, form) ?? newNode(nodes, pod, at, form);
			take(node, pod, 1);
			where.set(pod, node);
		} else {
			const node = where.get(pod)!;
			take(node, pod, -1);
			node.emptySince = node.pods === 0 ? at : Number.POSITIVE_INFINITY;
		}
	}

	return nodes.map(({orderedAt, emptySince}) => ({
		fromSeconds: orderedAt,
		toSeconds: emptySince + form.removalSeconds,
	}));
}

/** Pods come and go; at one instant they go first. */
function changes(pods: readonly PodUsage[]) {
	return pods
		.filter(pod => heldSeconds(pod) > 0)
		.flatMap(pod => [
			{at: pod.fromSeconds, pod, isArrival: true},
			{at: pod.toSeconds, pod, isArrival: false},
		])
		.sort((a, b) => a.at - b.at || Number(a.isArrival) - Number(b.isArrival));
}

function fullestWithRoom(nodes: readonly Node[], pod: PodUsage, at: number, form: NodeForm): Node | undefined {
	let best: Node | undefined;
	for (const node of nodes) {
		const isThere = at <= node.emptySince + form.removalSeconds;
		if (isThere && node.pods < form.mostPods && takes(node, pod) && (best === undefined || node.cores < best.cores)) {
			best = node;
		}
	}

	return best;
}

function newNode(nodes: Node[], pod: PodUsage, at: number, form: NodeForm): Node {
	if (!fitsNode(pod, form)) {
		const {cpu, memory, gpu = 0} = form.allocatable;
		const room = `${cpu} cores, ${memory} bytes and ${gpu} GPUs`;
		throw new RangeError(`Expected pods of at most ${room}, as a node takes them, got larger`);
	}

	const {cpu: cores, memory: bytes, gpu: gpus = 0} = form.allocatable;
	const node = {cores, bytes, gpus, pods: 0, orderedAt: at - form.startSeconds, emptySince: Number.POSITIVE_INFINITY};
	nodes.push(node);
	return node;
}

function takes({cores, bytes, gpus}: Pick<Node, 'cores' | 'bytes' | 'gpus'>, pod: PodUsage): boolean {
	const {requestedCores, requestedBytes, requestedGpus = 0} = pod;
	return hasRoom(requestedCores, cores) && hasRoom(requestedBytes, bytes) && hasRoom(requestedGpus, gpus);
}

function take(node: Node, {requestedCores, requestedBytes, requestedGpus = 0}: PodUsage, sign: 1 | -1): void {
	node.cores -= sign * requestedCores;
	node.bytes -= sign * requestedBytes;
	node.gpus -= sign * requestedGpus;
	node.pods += sign;
	node.emptySince = Number.POSITIVE_INFINITY;
}

/** Sums of decimal fractions such as 6 × 0.15 must not fail by their last bit. */
function hasRoom(wanted: number, free: number): boolean {
	return wanted <= free + 1e-9 * Math.max(1, wanted);
}
