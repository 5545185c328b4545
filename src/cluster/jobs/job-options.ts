/** Cluster that evaluates shards: a kind cluster, made if there is none of that name, or a cluster that is already there. */
type JobPlace = {readonly kind: 'kind'; readonly name: string} | {readonly kind: 'foreign'; readonly context: string};

/** PersistentVolumeClaim that holds work and records. */
export type JobClaim = {
	readonly size: string;
	readonly accessMode: 'ReadWriteOnce' | 'ReadWriteMany';
	/** The cluster's default when left out. */
	readonly storageClass?: string;
};

/** Options of the Jobs of a search. */
export type JobOptions = {
	readonly place: JobPlace;
	readonly namespace: string;
	/** Built and loaded into a kind cluster when left out. */
	readonly image?: string;
	/** Indexes of a Job; one for each core of the nodes when left out. */
	readonly shards?: number;
	/** Memory of a shard's pod, a quantity. */
	readonly memory: string;
	readonly claim: JobClaim;
	/** Leaves everything that was made where it is. */
	readonly keeps: boolean;
};
