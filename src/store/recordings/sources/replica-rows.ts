/** Replicas at a time, as a source has them: NaN where it has none. */
export type ReplicaRow = {
	/** Time on the source's own clock [s]. */
	readonly at: number;
	/** Replicas that the autoscaler wants. */
	readonly desired: number;
	/** Replicas that it found. */
	readonly current: number;
};

/** Rows of a source, and its peculiarities in words. */
export type ReplicaSource = {
	readonly rows: readonly ReplicaRow[];
	/** Clock of the times: since the epoch, or since a moment that the source does not name. */
	readonly clock: 'epoch' | 'own';
	readonly notes: readonly string[];
};
