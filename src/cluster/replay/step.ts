/** One thing that a replay does, shown while it runs. */
export type Step = {
	readonly title: string;
	/** @returns what came of it, to be shown behind the title */
	readonly run: (say: (text: string) => void) => Promise<string | undefined>;
};

/** Runs steps one after the other and shows them. */
export type RunSteps = (steps: readonly Step[]) => Promise<void>;
