/** A node from its launch to its removal: the input of the cost of nodes that a node autoscaler makes. */
export type NodeUsage = {
	readonly node: string;
	/** NodePool or node group. */
	readonly pool: string;
	readonly instanceType: string;
	readonly zone: string;
	readonly isSpot: boolean;
	/** Launched, from which on it is paid for [s]; before time 0 where it was there at the start. */
	readonly fromSeconds: number;
	/** Ready for pods [s]; NaN where it never was. */
	readonly readySeconds: number;
	/** Gone, or the end of the run [s]. */
	readonly toSeconds: number;
	/** Price of an hour. */
	readonly perHour: number;
	/** Capacity: [cores], [bytes], whole GPUs. */
	readonly cores: number;
	readonly bytes: number;
	readonly gpus: number;
	/** Reason of its removal; left out where it was there at the end. */
	readonly removal?: NodeRemoval;
};

/** Reason of a node's removal. */
export type NodeRemoval = 'empty' | 'underutilized' | 'unneeded' | 'interrupted' | 'outage';

/** Nodes of one run, and the pods that waited for them. */
export type NodeAccount = {
	readonly nodes: readonly NodeUsage[];
	/** Pods of the Deployment that wait for a node, from each time on: `[seconds, pods]`. */
	readonly pending: readonly (readonly [number, number])[];
	/** Time that each pod waited for a node, in the order in which they found one [s]; only of pods that waited. */
	readonly waits: readonly number[];
	/** Spare pods that made way. */
	readonly preempted: number;
	/** Pods that were evicted, since their node was to go. */
	readonly evicted: number;
};
