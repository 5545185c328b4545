/** Step of a replay, reported while it runs. */
export type Step = {
	readonly title: string;
	/** @returns the result, to be shown behind the title */
	readonly run: (report: (detail: string) => void) => Promise<string | undefined>;
};

/** Progress of steps, in the form of `Progress` of the use cases; one that is over without having begun is a note. */
type StepProgress = {
	readonly doing: string;
	readonly detail?: string;
	readonly isOver?: boolean;
	readonly hasFailed?: boolean;
};

export type OnStepProgress = (progress: StepProgress) => void;

/** Runs steps one after the other and reports each. */
export async function runSteps(steps: readonly Step[], onProgress: OnStepProgress): Promise<void> {
	for (const {title, run} of steps) {
		onProgress({doing: title});
		const result = await run(detail => onProgress({doing: title, detail})).catch((error: unknown) => {
			onProgress({doing: title, isOver: true, hasFailed: true});
			throw error;
		});
		onProgress({doing: title, isOver: true, ...(result !== undefined && {detail: result})});
	}
}
