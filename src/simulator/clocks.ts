/** Where the clocks of a run stand: a part that is left out is drawn at random. */
export type Clocks = {
	/** Time of the first scrape of the metrics from time 0 on [s]. */
	readonly scrape?: number | undefined;
	/** Time of the first reconcile of the autoscaler from time 0 on [s]. */
	readonly sync?: number | undefined;
};
