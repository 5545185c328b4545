import type {ControlCounts} from './control-counts.ts';
import type {NodeAccount} from './node-usage.ts';
import type {Timeline} from './replica-line.ts';
import type {RequestFigures} from './request-statistics.ts';
import type {StageSeconds} from './stage-clock.ts';

/**
 * Reserved and used resources of one pod while it was on its node, clipped to the measured window: the only input of
 * cost and energy, computed alike from a simulated and a measured record.
 */
export type PodUsage = {
	readonly pod: string;
	/** Scheduled, or the start of the window [s]. */
	readonly fromSeconds: number;
	/** Gone, or the end of the window [s]. */
	readonly toSeconds: number;
	/** Sum of the containers' requests [cores]. */
	readonly requestedCores: number;
	/** Sum of the containers' requests [bytes]. */
	readonly requestedBytes: number;
	/** Whole GPUs; left out where there are none. */
	readonly requestedGpus?: number;
	/** CPU time used [core-seconds]. */
	readonly cpuSeconds: number;
	/** Working set over time [byte-seconds]. */
	readonly memoryByteSeconds: number;
	/** Stages of its time; all but `pending` add up to the time it was there. */
	readonly stages: StageSeconds;
};

/** How long the pod was there [s], at least 0. */
export function heldSeconds({fromSeconds, toSeconds}: PodUsage): number {
	return Math.max(0, toSeconds - fromSeconds);
}

/** Account of one run, simulated or measured: its figures, cost and energy follow from it. */
export type RunAccount = {
	readonly requests: RequestFigures;
	/** One entry for each pod that was on a node in the measured window. */
	readonly pods: readonly PodUsage[];
	readonly timeline: Timeline;
	/** Pods that the autoscaler kept although its metrics asked for fewer [pod-seconds]. */
	readonly heldPodSeconds: number;
	/** Nodes that a node autoscaler made; left out where there is none. */
	readonly nodes?: NodeAccount;
	/** Counts of its autoscaler's decisions; left out where there is none, or they were not counted. */
	readonly control?: ControlCounts;
};

/**
 * Whether a sample's use is that of a span of time, which no container of a replay has a day of. A span that was not
 * recorded (NaN) is one.
 */
export function hasSpan(windowSeconds: number): boolean {
	return !(windowSeconds >= 86_400);
}
