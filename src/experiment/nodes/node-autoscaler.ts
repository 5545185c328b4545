import type {Resources} from '../container-schema.ts';
import type {NodeDelays} from './node-stages.ts';
import type {PodPlacement} from './pod-placement.ts';

/** Autoscaler of nodes, every file read: seconds, cores, bytes, dollars. */
export type NodeAutoscaler = {
	/** Name, date and currency of the catalogue of instance types. */
	readonly catalogue: {readonly name: string; readonly date: string; readonly currency: string};
	/** Types that any pool may launch. */
	readonly types: readonly InstanceType[];
	readonly zones: readonly string[];
	/** Pools whose nodes can take the pods, in the order in which they are tried. */
	readonly pools: readonly NodePool[];
	readonly delays: NodeDelays;
	readonly placement: PodPlacement;
	/** Pods that evictions must leave. */
	readonly podDisruptionBudget?: {readonly minAvailable: Share} | {readonly maxUnavailable: Share};
	/** Pods that do nothing and make way for the ones that serve. */
	readonly spare?: {readonly replicas: number; readonly requests: Resources};
	/** Weights by which a node's price is divided among its cores, its gibibytes and its GPUs. */
	readonly split: {readonly perCoreHour: number; readonly perGibibyteHour: number; readonly perGpuHour?: number};
	/** Parts that are read and not simulated, a few words each. No part of the hash. */
	readonly ignored: readonly string[];
} & (Karpenter | ClusterAutoscaler);

/** A number of pods, or a fraction of them. */
type Share = {readonly absolute: number} | {readonly fraction: number};

export type Karpenter = {
	readonly kind: 'karpenter';
	/** [s] */
	readonly batchMaxDuration: number;
	readonly batchIdleDuration: number;
};

export type ClusterAutoscaler = {
	readonly kind: 'cluster-autoscaler';
	readonly expander: 'least-waste' | 'least-nodes' | 'most-pods' | 'price' | 'random';
	/** [s] */
	readonly scanInterval: number;
	readonly scaleDownDelayAfterAdd: number;
	readonly scaleDownDelayAfterDelete: number;
	readonly scaleDownUnneededTime: number;
	/** Fractions. */
	readonly scaleDownUtilizationThreshold: number;
	readonly scaleDownGpuUtilizationThreshold: number;
	/** [nodes] */
	readonly maxScaleDownParallelism: number;
	readonly maxDrainParallelism: number;
};

export type CapacityType = 'on-demand' | 'spot';

export type InstanceType = {
	readonly name: string;
	readonly capacity: Resources;
	/** Resources that pods may request, less the requests of DaemonSets. */
	readonly allocatable: Resources;
	readonly mostPods: number;
	/** Price of an hour by the market. */
	readonly perHour: Readonly<Record<CapacityType, number>>;
};

/** NodePool of Karpenter, or node group of the Cluster Autoscaler. */
export type NodePool = {
	readonly name: string;
	/** Indices of the types that it may launch and that the pods fit, the cheapest first. */
	readonly types: readonly number[];
	/** Indices of its zones. */
	readonly zones: readonly number[];
	readonly capacityTypes: readonly CapacityType[];
	/** Most that it may have: `nodes`, `cpu`, and other resources. */
	readonly limits: Readonly<Record<string, number>>;
	/** [nodes]; 0 of a NodePool. */
	readonly minSize: number;
	readonly consolidation: Consolidation;
};

/** Rules by which Karpenter disrupts the nodes of a pool. */
export type Consolidation = {
	/** [s]; Infinity for never. */
	readonly after: number;
	readonly policy: 'WhenEmpty' | 'WhenEmptyOrUnderutilized';
	readonly budgets: readonly DisruptionBudget[];
};

/** Nodes that may be disrupted at a time. */
export type DisruptionBudget = {
	readonly nodes: Share;
	/** Left out: all. */
	readonly reasons?: readonly ('Underutilized' | 'Empty' | 'Drifted')[];
};
