/** File that a result depends on, by its content. */
export type PinnedFile = {
	/** Such as `Experiment`, `ServiceModel` or `Trace`; `Manifest` for Kubernetes objects. */
	readonly kind: string;
	/** Name that the file gives itself. */
	readonly name?: string;
	/** Path from the experiment's folder; `replicast/…` for one that comes with the package. */
	readonly file: string;
	/** Digest of its bytes, in hex. */
	readonly sha256: string;
	/** Day, or minute in UTC, at which the figures of a model were collected or fitted. */
	readonly date?: string;
	/** `calibrated` or `uncalibrated`; left out for a kind that is not fitted. */
	readonly status?: string;
};

/** Files and options that an experiment was read from. */
export type ExperimentOrigin = {
	/** The experiment's own first. */
	readonly files: readonly PinnedFile[];
	/** `--set` options, `path=value` each, in order. */
	readonly set: readonly string[];
	/** The experiment file as it was simulated: profile and options applied, each model in the place of its path. */
	readonly document: unknown;
};
