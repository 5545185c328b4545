import type {HpaStatus} from '../autoscaler/live-answer.ts';
import type {AutoscalerState, Decision, ReconcileInput} from '../autoscaler/reconcile.ts';

/** Standing of a decision: found again or not, or why that cannot be said. */
export type ShadowStanding = 'reproduced' | 'missed' | UncheckedBecause;

export type UncheckedBecause =
	/** It depends on decisions from before the watch. */
	| 'memory'
	/** The controller could not read or write the scale. */
	| 'scale';

/** Decision of the controller, beside the calculator's from the same inputs. */
export type Shadowed = {
	/** Most probable time [s]. */
	readonly at: number;
	readonly currentReplicas: number;
	/** Decision of the controller; left out where it could not carry one out. */
	readonly desiredReplicas?: number;
	/** Whether the controller wrote its status; else it left no trace, and so kept the replicas. */
	readonly isWritten: boolean;
	readonly standing: ShadowStanding;
	/** The most probable input alone gives the controller's decision. */
	readonly isFirst: boolean;
	/** The status shows the same figures of the metrics. */
	readonly isSameUse: boolean;
	/** Inputs that were tried. */
	readonly tried: number;
	/** Every input with the figures of the status gives the same number of pods. */
	readonly isSole: boolean;
	/** Replicast's decision: from the input that gives the controller's, or from the most probable one. */
	readonly decision: Decision;
	readonly input: ReconcileInput;
	/** Memory before the decision. */
	readonly state: AutoscalerState;
	/** Decision of the second manifest from the same input. */
	readonly against?: Decision;
	readonly status: HpaStatus;
	/** Refusals of the metrics APIs, in their words. */
	readonly refusals: readonly string[];
	/** The controller began again, and forgot what it knew. */
	readonly hasRestarted: boolean;
};
