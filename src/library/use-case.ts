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

/** Counter of an activity's units. */
type UnitCounter = {
	/** One more unit is done. */
	readonly advance: () => void;
	/** A detail that is worth a line, such as the experiment that has just been simulated. */
	readonly note: (detail: string) => void;
	readonly end: () => void;
};

/** Begins an activity whose units are counted to a total, and reports each as it is done. */
function countUnits(
	activity: Required<Pick<Progress, 'doing' | 'total' | 'unit'>>,
	onProgress: (progress: Progress) => void = () => {},
): UnitCounter {
	let done = 0;
	let latest: Pick<Progress, 'detail'> = {};
	const report = (more: Partial<Progress> = {}) => onProgress({...activity, done, ...latest, ...more});
	report();
	return {
		advance() {
			done++;
			report();
		},
		note(detail) {
			latest = {detail};
			report();
		},
		end: () => report({isOver: true}),
	};
}

/** Counter of all replications of experiments that are simulated. */
export function countReplications(
	experiments: readonly {readonly replications: number}[],
	onProgress?: (progress: Progress) => void,
): UnitCounter {
	const total = experiments.reduce((sum, {replications}) => sum + replications, 0);
	return countUnits({doing: 'Simulating', total, unit: 'replications'}, onProgress);
}
