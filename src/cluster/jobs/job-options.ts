import type {Bucket, BucketKeys} from './pod/bucket-store.ts';

/** Where shards are played: a kind cluster, made if there is none of that name, or a cluster that is already there. */
export type JobPlace =
	| {readonly kind: 'kind'; readonly name: string}
	| {readonly kind: 'foreign'; readonly context: string};

/** Where work and records lie. */
export type JobStorage =
	| {
			readonly kind: 'claim';
			readonly size: string;
			readonly accessMode: 'ReadWriteOnce' | 'ReadWriteMany';
			/** The cluster's default when left out. */
			readonly storageClass?: string;
	  }
	| {
			readonly kind: 'bucket';
			readonly bucket: Bucket;
			readonly keys: BucketKeys;
			/** A Secret of the namespace with the keys; one is made of `keys` when left out. */
			readonly secret?: string;
	  };

/** What of a Job is the user's to say. */
export type JobOptions = {
	readonly place: JobPlace;
	readonly namespace: string;
	/** Built and loaded into a kind cluster when left out. */
	readonly image?: string;
	/** Indexes of a Job; one for each core of the nodes when left out. */
	readonly shards?: number;
	/** Of a shard's pod, a quantity. */
	readonly memory: string;
	readonly storage: JobStorage;
	/** Leaves everything that was made where it is. */
	readonly keeps: boolean;
};
