/** Where a model of an experiment comes from, as its file says. */
export type ModelProvenance = {
	/** Such as `ServiceModel`. */
	readonly kind: string;
	readonly name: string;
	/** Whether its coefficients were fitted; null of a kind that is not. */
	readonly status: string | null;
	/** Day, or minute in UTC, at which its figures were collected or fitted; null where the file names none. */
	readonly date: string | null;
	/** Hashes of the records that it was fitted to. */
	readonly records: readonly string[];
};
