import type {Experiment, Resources} from '../../experiment/experiment.ts';
import {largestReplicas, podRequests} from '../../experiment/pod-requests.ts';
import type {Manifest} from '../setup/cluster.ts';
import {quantities} from '../setup/render-manifests.ts';

/** Nodes of an emulated cluster: their number, and what pods may request on each. */
export type NodePlan = {
	readonly count: number;
	readonly resources: Resources;
	/** Whether the experiment says so, in `deployment.nodes`. */
	readonly isGiven: boolean;
};

/** Pods of the experiment that an assumed node has room for, and further room for pods that make way for others. */
const assumed = {podsPerNode: 10, spare: 1.5} as const;

/** Pods that a kubelet takes unless its configuration says otherwise. */
const podsOfNode = 110;

/** Label of the nodes that nobody runs, as in KWOK's own documentation. */
export const nodeLabel = {key: 'type', value: 'kwok'} as const;

/** Selector of the emulated nodes. */
export const nodeSelector = `${nodeLabel.key}=${nodeLabel.value}`;

/** Taint of the emulated nodes, so that no other pod is placed on one. */
export const nodeTaint = {key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule'} as const;

/** Nodes of an experiment, or ones that all its pods have room on. */
export function nodePlan(experiment: Experiment): NodePlan {
	const {deployment} = experiment;
	if (deployment.nodes !== undefined) {
		const {count, ...resources} = deployment.nodes;
		return {count, resources, isGiven: true};
	}

	const {podsPerNode, spare} = assumed;
	const most = Math.max(largestReplicas(experiment, 'dynamic'), largestReplicas(experiment, 'fixed'));
	const resources = Object.entries(podRequests(deployment)).map(([name, amount]) => [
		name,
		Number((amount * podsPerNode).toPrecision(12)),
	]);
	return {
		count: Math.ceil((most * spare) / podsPerNode),
		resources: Object.fromEntries(resources) as Resources,
		isGiven: false,
	};
}

/** Nodes in words: `100 nodes of 32 cores and 128 GiB`. */
export function nodeWords({count, resources: {cpu = 0, memory = 0}}: NodePlan): string {
	const gibibytes = Number((memory / 2 ** 30).toPrecision(3));
	return `${count} ${count === 1 ? 'node' : 'nodes'} of ${Number(cpu.toPrecision(3))} cores and ${gibibytes} GiB`;
}

/** Nodes of an experiment in words, or who makes them: `nodes of Karpenter, pool general`. */
export function nodesInWords(experiment: Experiment): string {
	const {nodeAutoscaler} = experiment;
	if (nodeAutoscaler === undefined) {
		return nodeWords(nodePlan(experiment));
	}

	const {pools} = nodeAutoscaler;
	return `nodes of Karpenter, ${pools.length === 1 ? 'pool' : 'pools'} ${pools.map(({name}) => name).join(', ')}`;
}

/**
 * Nodes without a machine. They lack the label `kubernetes.io/os`, which the system's DaemonSets select, and have a taint, so
 * that no other pod is placed on one.
 */
export function nodeObjects({count, resources}: NodePlan): Manifest[] {
	const room = {...quantities(resources), pods: String(podsOfNode)};
	return Array.from({length: count}, (_, index) => {
		const name = nodeName(index);
		return {
			apiVersion: 'v1',
			kind: 'Node',
			metadata: {
				name,
				annotations: {'kwok.x-k8s.io/node': 'fake'},
				labels: {[nodeLabel.key]: nodeLabel.value, 'kubernetes.io/hostname': name},
			},
			spec: {taints: [nodeTaint]},
			status: {allocatable: room, capacity: room},
		};
	});
}

function nodeName(index: number): string {
	return `kwok-${String(index).padStart(4, '0')}`;
}

/** Index of an emulated node, by its name. */
export function nodeIndex(name: string): number {
	return Number(/^kwok-(\d+)$/.exec(name)?.[1] ?? 0);
}
