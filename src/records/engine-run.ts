/** Settings of an engine that a measured run had; undefined where nobody recorded one. */
export type EngineRunSettings = {
	/** Engines that share the requests. */
	readonly dataParallel: number;
	readonly maxNumSeqs: number | undefined;
	readonly maxNumBatchedTokens: number | undefined;
	readonly maxModelLen: number | undefined;
	readonly blockTokens: number | undefined;
	readonly kvBlocks: number | undefined;
	readonly chunkedPrefill: boolean | undefined;
	readonly prefixCaching: boolean | undefined;
	readonly asyncScheduling: boolean | undefined;
	readonly reservePrompt: boolean | undefined;
	readonly policy: 'fcfs' | 'priority' | undefined;
};

/**
 * A measured run of an LLM engine: when each request was sent and what became of it, and how many ran and waited. Times in
 * seconds since the run began; NaN where a time was not seen.
 */
export type EngineRun = {
	readonly name: string;
	readonly model: string;
	readonly gpu: string;
	readonly tensorParallel: number;
	readonly settings: EngineRunSettings;
	readonly requests: {
		/** Time of the client's call. */
		readonly sent: Float64Array;
		/** Time at which the engine took it in. */
		readonly queued: Float64Array;
		readonly firstToken: Float64Array;
		readonly lastToken: Float64Array;
		readonly promptTokens: Float64Array;
		readonly outputTokens: Float64Array;
		/** Leading tokens that are those of an earlier request, by its row; 0 without. */
		readonly sharedTokens: Float64Array;
		readonly sharedWith: Float64Array;
	};
	/** State after the last step that ended before `at`. */
	readonly timeline: {
		readonly at: Float64Array;
		readonly running: Float64Array;
		/** Preempted requests among them. */
		readonly waiting: Float64Array;
	};
};

/** Errors of a simulated run against the measured one. */
export type EngineRunErrors = {
	readonly run: string;
	/** Mean from the engine's taking in to the last token, signed, as a fraction of the measured one. */
	readonly latencyError: number;
	/** Mean time to first token, from the engine's taking in. */
	readonly ttftError: number;
	readonly ttftP95Error: number;
	/** Mean of the time per output token after the first. */
	readonly tpotError: number;
	/** Mean distance over the moments of the timeline [requests]. */
	readonly runningError: number;
	readonly waitingError: number;
	/** Simulated time in a second of computing. */
	readonly timesRealTime: number;
};
