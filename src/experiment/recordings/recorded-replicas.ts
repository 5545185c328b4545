/**
 * Replicas that were recorded under the load of an experiment, a row for each change: it holds until the next one. NaN where
 * nobody recorded them.
 */
export type RecordedReplicas = readonly {
	/** From time 0 of the experiment on [s]. */
	readonly at: number;
	/** Replicas that the autoscaler asked for. */
	readonly desired: number;
	/** Pods that there were. */
	readonly current: number;
}[];
