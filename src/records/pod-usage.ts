import type {StageSeconds} from './stage-clock.ts';

/**
 * What one pod reserved and used while it was on its node, clipped to the measured window:
 * the one input of cost and energy, read off a simulated or a measured record alike.
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
	/** Where its time went; all but `pending` add up to the time it was there. */
	readonly stages: StageSeconds;
};

/** How long the pod was there [s], at least 0. */
export function heldSeconds({fromSeconds, toSeconds}: PodUsage): number {
	return Math.max(0, toSeconds - fromSeconds);
}
