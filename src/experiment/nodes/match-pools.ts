import type {Resources} from '../container-schema.ts';
import type {InstanceCatalogue} from './instance-catalogue.ts';
import type {CapacityType} from './node-autoscaler.ts';
import {meets, type NodeLabels, type Requirement} from './requirement.ts';
import {type Taint, type Toleration, toleratesAll} from './taint.ts';

export const typeKey = 'node.kubernetes.io/instance-type';
const zoneKey = 'topology.kubernetes.io/zone';
export const marketKey = 'karpenter.sh/capacity-type';

/** A pool as its file has it. */
export type PoolForm = {
	readonly name: string;
	readonly labels: NodeLabels;
	readonly taints: readonly Taint[];
	readonly requirements: readonly Requirement[];
	readonly limits: Readonly<Record<string, number>>;
};

type Pods = {
	readonly requests: Resources;
	readonly requirements: readonly Requirement[];
	readonly tolerations: readonly Toleration[];
};

type Cluster = {
	readonly catalogue: InstanceCatalogue;
	readonly zones: readonly string[];
	/** Requests of the pods of DaemonSets on a node. */
	readonly daemonSets: {readonly cpu: number; readonly memory: number; readonly pods: number};
};

/** Nodes of a pool that can take a pod, or why there are none. */
export type PoolMatch =
	| {readonly types: readonly string[]; readonly zones: readonly string[]; readonly markets: readonly CapacityType[]}
	| {readonly none: 'taint' | 'requirement' | 'size' | 'limit'; readonly words: string};

/**
 * Instance types, zones and capacity types of a pool whose nodes can take a pod.
 *
 * @see karpenter v1.14.1 pkg/controllers/provisioning/scheduling/nodeclaim.go, CanAdd and filterInstanceTypesByRequirements
 */
export function matchPool(pool: PoolForm, pods: Pods, {catalogue, zones, daemonSets}: Cluster): PoolMatch {
	if (!toleratesAll(pool.taints, pods.tolerations)) {
		const keys = pool.taints.map(({key}) => key).join(', ');
		return {none: 'taint', words: `the pods do not tolerate its taints (${keys})`};
	}

	const all = [...pool.requirements, ...pods.requirements];
	const own = ownLabels(pool);
	const allowed = <T extends string>(key: string, values: readonly T[]) =>
		values.filter(value => all.every(requirement => requirement.key !== key || meets(value, requirement)));
	const markets = allowed<CapacityType>(marketKey, ['on-demand', 'spot']);
	const places = allowed(zoneKey, zones);
	const types = Object.entries(catalogue.types).filter(([name, {labels}]) => {
		const known: NodeLabels = {...own, ...labels, [typeKey]: name, 'kubernetes.io/os': 'linux'};
		return all.every(
			requirement => isElsewhere(requirement, pool, catalogue) || meets(known[requirement.key], requirement),
		);
	});
	if (types.length === 0 || places.length === 0 || markets.length === 0) {
		return {none: 'requirement', words: 'no instance type meets its requirements and those of the pods'};
	}

	const large = types.filter(([, {allocatable}]) => takes(allocatable, pods.requests, daemonSets));
	if (large.length === 0) {
		return {none: 'size', words: 'a pod fits none of its instance types'};
	}

	const within = large.filter(([, {capacity}]) => isWithin(capacity, pool.limits));
	return within.length === 0
		? {none: 'limit', words: 'its limits are below one node that a pod fits'}
		: {types: within.map(([name]) => name), zones: places, markets};
}

function isSaid(requirements: readonly Requirement[], wanted: string): boolean {
	return requirements.some(({key}) => key === wanted);
}

/** NodeLabels that the pool gives its nodes. @see karpenter v1.14.1 pkg/scheduling/requirements.go, NodeLabels */
function ownLabels({name, labels, requirements}: PoolForm): NodeLabels {
	const single = requirements.flatMap(({key, operator, values}) =>
		operator === 'In' && values.length > 0 ? [[key, values[0]!] as const] : [],
	);
	return {...Object.fromEntries(single), ...labels, 'karpenter.sh/nodepool': name};
}

/** Whether a requirement is judged by something else than a type's labels, or by a label that the catalogue has not. */
function isElsewhere({key}: Requirement, pool: PoolForm, catalogue: InstanceCatalogue): boolean {
	return key === zoneKey || key === marketKey || (isUnknownLabel(key, catalogue) && isSaid(pool.requirements, key));
}

/** Whether a label is one that the provider gives instance types and the catalogue does not know. */
export function isUnknownLabel(key: string, {types}: InstanceCatalogue): boolean {
	const provider = /^karpenter\.(k8s\.aws|azure\.com|k8s\.gcp)\//.test(key);
	return provider && Object.values(types).every(({labels}) => labels[key] === undefined);
}

function takes(
	{pods = 110, ...room}: Readonly<Record<string, number>>,
	requests: Resources,
	daemonSets: Cluster['daemonSets'],
): boolean {
	const free: Readonly<Record<string, number>> = {
		...room,
		cpu: room['cpu']! - daemonSets.cpu,
		memory: room['memory']! - daemonSets.memory,
	};
	const ask = Object.entries(requests).filter(([name]) => name !== 'ephemeral-storage');
	return pods - daemonSets.pods >= 1 && ask.every(([name, amount]) => amount! <= (free[name] ?? 0) * (1 + 1e-9));
}

function isWithin(capacity: Readonly<Record<string, number>>, limits: Readonly<Record<string, number>>): boolean {
	return Object.entries(limits).every(([name, most]) => (name === 'nodes' ? 1 : (capacity[name] ?? 0)) <= most);
}
