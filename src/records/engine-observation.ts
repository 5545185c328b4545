import type {EngineRun} from './engine-run.ts';

/** Means of a run, in seconds; left out where they were not seen. */
export type EngineFigures = {
	/** Time to first token, from the client's sending. */
	readonly ttft?: number;
	/** Time per output token after the first. */
	readonly tpot?: number;
	/** From the client's sending to the last token. */
	readonly latency?: number;
};

/** Run of an engine as a load generator or a server's metrics have shown it. */
export type EngineObservation = {
	/** File or folder that it was read from, and the part of it. */
	readonly source: string;
	/** Tool that wrote it, such as `vllm bench serve`. */
	readonly tool: string;
	/** Its requests: as they were seen one by one, or stand-ins with the lengths and the load of the run. */
	readonly run: EngineRun;
	/** Clients that each send the next request when they have an answer; left out where each request has its own time. */
	readonly users?: number;
	/** Means of the run, where requests were not seen one by one. */
	readonly figures?: EngineFigures;
	/** Assumptions that it needs. */
	readonly assumed: readonly string[];
};
