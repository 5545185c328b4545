import type {ControlCounts} from './control-counts.ts';
import type {PodUsage} from './pod-usage.ts';
import type {Timeline} from './replica-line.ts';
import type {RequestFigures} from './request-statistics.ts';

/** What one run comes to, simulated or measured: all that its figures, its cost and its energy follow from. */
export type RunAccount = {
	readonly requests: RequestFigures;
	/** One entry for each pod that was on a node in the measured window. */
	readonly pods: readonly PodUsage[];
	readonly timeline: Timeline;
	/** Pods that the autoscaler kept although its metrics asked for fewer [pod-seconds]. */
	readonly heldPodSeconds: number;
	/** What its autoscaler decided; left out where there is none, or nobody counted. */
	readonly control?: ControlCounts;
};
