/** Progress of a use case: plain data, reported often, so that a terminal, a page or a log can show it. */
export type Progress = {
	/** Activity in words: `Simulating`, `Starting the cluster`. */
	readonly doing: string;
	/** Units finished and in all; absent where they cannot be counted. */
	readonly done?: number;
	readonly total?: number;
	/** Unit of `done`, in the plural: `replications`, `runs`. */
	readonly unit?: string;
	/** Latest detail in words, such as the best setting so far; the result when `isOver`. */
	readonly detail?: string;
	/** Whether the activity has just ended. */
	readonly isOver?: boolean;
	/** Whether it ended with a fault, which the use case throws. */
	readonly hasFailed?: boolean;
};

/** Options that every long use case takes. */
export type UseCaseOptions = {
	/** Ends the work: what is finished is kept, and the promise is rejected with the signal's reason. */
	readonly signal?: AbortSignal;
	/** Called whenever something is done; must be quick. */
	readonly onProgress?: (progress: Progress) => void;
};
