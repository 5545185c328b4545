import type {Resources} from '../container-schema.ts';
import type {Distribution} from '../distribution-schema.ts';
import type {InstanceCatalogue} from './instance-catalogue.ts';
import {isUnknownLabel, matchPool, type PoolForm} from './match-pools.ts';
import type {Consolidation, InstanceType, NodeAutoscaler, NodePool} from './node-autoscaler.ts';
import type {NodeAutoscalerFile} from './node-autoscaler-schema.ts';
import {type NodePoolFile, unreadParts} from './node-pool-schema.ts';
import {type NodeDelays, nodeStages} from './node-stages.ts';
import {placementOf, unreadPlacement} from './pod-placement.ts';
import {requirementOf} from './requirement.ts';

/** A pool as it is tried, and where it stands in the file. */
export type FoundPool = PoolForm & {
	readonly minSize: number;
	readonly consolidation: Consolidation;
	readonly weight: number;
	/** Index in its list. */
	readonly index: number;
};

const never: Consolidation = {after: Number.POSITIVE_INFINITY, policy: 'WhenEmpty', budgets: []};

/** The pools of a checked file in the order in which they are tried: by weight, then by name. */
export function poolsOf(file: NodeAutoscalerFile): FoundPool[] {
	return file.kind === 'karpenter'
		? file.nodePools
				.map((pool, index) => karpenterPool(pool, index))
				.sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
		: file.nodeGroups.map((group, index) => ({
				...{name: group.name, labels: group.labels, taints: group.taints},
				requirements: [
					{key: 'node.kubernetes.io/instance-type', operator: 'In', values: [group.instanceType]},
					{key: 'karpenter.sh/capacity-type', operator: 'In', values: [group.capacityType]},
					...(group.zones === undefined
						? []
						: [{key: 'topology.kubernetes.io/zone', operator: 'In' as const, values: group.zones}]),
				],
				limits: {nodes: group.maxSize},
				...{minSize: group.minSize, consolidation: never, weight: 0, index},
			}));
}

function karpenterPool({metadata, spec}: NodePoolFile, index: number): FoundPool {
	const {template, disruption, limits = {}, weight = 0} = spec;
	return {
		name: metadata.name,
		labels: template.metadata.labels,
		taints: template.spec.taints,
		requirements: template.spec.requirements.map(requirementOf),
		limits,
		minSize: 0,
		consolidation: {
			after: disruption.consolidateAfter,
			policy: disruption.consolidationPolicy,
			budgets: disruption.budgets.map(({nodes, reasons}) => ({
				nodes: nodes.endsWith('%') ? {fraction: Number(nodes.slice(0, -1)) / 100} : {absolute: Number(nodes)},
				...(reasons !== undefined && {reasons}),
			})),
		},
		weight,
		index,
	};
}

/** Surroundings that a pool is matched with: the pods of the Deployment, and the cluster. */
export function surroundingsOf(file: NodeAutoscalerFile, requests: Resources) {
	const catalogue = catalogueOf(file);
	const {cpu = 0, memory = 0, pods} = file.daemonSets;
	const {requirements, tolerations} = placementOf(file.placement);
	return {
		pods: {requests, requirements, tolerations},
		cluster: {catalogue, zones: file.zones ?? catalogue.zones, daemonSets: {cpu, memory, pods}},
	};
}

function catalogueOf({instanceTypes}: NodeAutoscalerFile): InstanceCatalogue {
	if (typeof instanceTypes === 'string') {
		throw new TypeError(`Expected nodeAutoscaler.instanceTypes to be read already, got the path ${instanceTypes}`);
	}

	return instanceTypes;
}

/**
 * Resolves a checked node autoscaler, its files read.
 *
 * @param requests - of one pod of the Deployment
 * @param duration - of a run [s]
 * @throws {TypeError} when the catalogue was left as a path
 */
export function nodeAutoscalerOf(file: NodeAutoscalerFile, requests: Resources, duration: number): NodeAutoscaler {
	const {pods, cluster} = surroundingsOf(file, requests);
	const {catalogue, zones} = cluster;
	const found = poolsOf(file).map(pool => ({pool, match: matchPool(pool, pods, cluster)}));
	const used = found.flatMap(({match}) => ('none' in match ? [] : match.types));
	const names = Object.keys(catalogue.types).filter(name => used.includes(name));
	const types = names
		.map(name => typeOf(name, cluster))
		.sort((a, b) => a.perHour['on-demand'] - b.perHour['on-demand']);
	const order = new Map(types.map(({name}, index) => [name, index]));
	const pools = found.flatMap(({pool, match}): NodePool[] =>
		'none' in match
			? []
			: [
					{
						name: pool.name,
						types: match.types.map(name => order.get(name)!).sort((a, b) => a - b),
						zones: match.zones.map(zone => zones.indexOf(zone)),
						capacityTypes: match.markets,
						...{limits: pool.limits, minSize: pool.minSize, consolidation: pool.consolidation},
					},
				],
	);
	const {perCoreHour, perGibibyteHour, perGpuHour} = catalogue.split;
	const {podDisruptionBudget, spare} = file;
	const others = found.flatMap(({pool, match}) =>
		'none' in match ? [`nodes of pool ${pool.name}: ${match.words}`] : [],
	);
	return {
		catalogue: {name: catalogue.name, date: catalogue.date, currency: catalogue.currency},
		...{types, zones, pools, delays: delaysOf(file, catalogue), placement: placementOf(file.placement)},
		...(podDisruptionBudget !== undefined && {podDisruptionBudget: budgetOf(podDisruptionBudget)}),
		...(spare !== undefined &&
			spare.replicas > 0 && {
				spare: {
					replicas: spare.replicas,
					requests: {...requests, ...definedOf({cpu: spare.cpu, memory: spare.memory})},
				},
			}),
		split: {perCoreHour, perGibibyteHour, ...(perGpuHour !== undefined && {perGpuHour})},
		ignored: [...unread(file, duration), ...others],
		...settingsOf(file),
	};
}

function definedOf(values: Readonly<Record<string, number | undefined>>): Record<string, number> {
	const entries = Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined);
	return Object.fromEntries(entries);
}

function budgetOf({minAvailable, maxUnavailable}: NonNullable<NodeAutoscalerFile['podDisruptionBudget']>) {
	return minAvailable === undefined ? {maxUnavailable: maxUnavailable!} : {minAvailable};
}

function settingsOf(file: NodeAutoscalerFile) {
	if (file.kind === 'karpenter') {
		const {kind, batchMaxDuration, batchIdleDuration} = file;
		return {kind, batchMaxDuration, batchIdleDuration};
	}

	const {kind, expander, scanInterval, scaleDownDelayAfterAdd, scaleDownDelayAfterDelete} = file;
	const {scaleDownUnneededTime, scaleDownUtilizationThreshold, scaleDownGpuUtilizationThreshold} = file;
	const {maxScaleDownParallelism, maxDrainParallelism} = file;
	return {
		...{kind, expander, scanInterval, scaleDownDelayAfterAdd, scaleDownDelayAfterDelete, scaleDownUnneededTime},
		...{scaleDownUtilizationThreshold, scaleDownGpuUtilizationThreshold},
		...{maxScaleDownParallelism, maxDrainParallelism},
	};
}

function delaysOf({delays}: NodeAutoscalerFile, catalogue: InstanceCatalogue): NodeDelays {
	const entries = nodeStages.map((stage): [string, Distribution] => [stage, delays[stage] ?? catalogue.delays[stage]]);
	return Object.fromEntries(entries) as NodeDelays;
}

function typeOf(name: string, {catalogue, daemonSets}: ReturnType<typeof surroundingsOf>['cluster']): InstanceType {
	const {capacity, allocatable, perHour, spotPerHour} = catalogue.types[name]!;
	const {pods, ...room} = allocatable;
	const cpu = (room['cpu'] as number) - daemonSets.cpu;
	const memory = (room['memory'] as number) - daemonSets.memory;
	return {
		name,
		capacity,
		allocatable: {...room, cpu, memory},
		mostPods: (pods as number) - daemonSets.pods,
		perHour: {'on-demand': perHour, spot: spotPerHour ?? perHour * catalogue.spotShare},
	};
}

/** Parts that are read and not simulated, in words. */
function unread(file: NodeAutoscalerFile, duration: number): string[] {
	const catalogue = catalogueOf(file);
	const ofPods = unreadPlacement(file.placement);
	if (file.kind === 'cluster-autoscaler') {
		return ofPods;
	}

	const labels = file.nodePools.flatMap(({spec}) => spec.template.spec.requirements.map(({key}) => key));
	const unknown = [...new Set(labels)].filter(key => isUnknownLabel(key, catalogue));
	return [
		...ofPods,
		...file.nodePools.flatMap(pool => unreadParts(pool, duration)),
		...unknown.map(key => `the requirement on ${key}, which ${catalogue.name} says nothing of`),
	];
}
