import type {KedaStep} from './keda-steps.ts';
import type {OutsideChange} from './outside-changes.ts';
import type {Shadowed} from './shadowed.ts';

/** Decision that was not found again. */
export type ShadowMiss = {
	/** [s] */
	readonly at: number;
	readonly currentReplicas: number;
	/** Decision of the controller. */
	readonly desiredReplicas: number;
	/** Decision of the calculator. */
	readonly here: number;
	/** The figures of the metrics were the controller's all the same. */
	readonly isSameUse: boolean;
};

/** Decisions of a watch, counted. */
export type ShadowTally = {
	/** First and last decision [s]; left out before there is one. */
	readonly since?: number;
	readonly until?: number;
	readonly decisions: number;
	/** Decisions that changed the replicas. */
	readonly changes: number;
	/** Decisions that left no trace. */
	readonly silent: number;
	/** Decisions that were compared: all but the unchecked ones. */
	readonly checked: number;
	readonly reproduced: number;
	/** Decisions that the single most probable input gives. */
	readonly first: number;
	/** Decisions for which all inputs with the figures of the status give one number. */
	readonly sole: number;
	/** Decisions whose metrics have the figures of the status. */
	readonly sameUse: number;
	/** Decisions that depend on what was before the watch. */
	readonly unsure: number;
	/** Decisions that the controller could not carry out. */
	readonly failed: number;
	/** Times that the controller began again. */
	readonly restarts: number;
	/** Inputs tried for a decision, on average. */
	readonly tried: number;
	/** Changes of the scale by another than the controller. */
	readonly outside: number;
	/** Changes among them that are steps of KEDA's operator, and those found again. */
	readonly steps: number;
	readonly reproducedSteps: number;
	/** The first misses. */
	readonly misses: readonly ShadowMiss[];
	/** Decisions in which the second manifest differs from the controller. */
	readonly against?: {readonly fewer: number; readonly more: number; readonly compared: number};
};

/** Misses that are kept one by one. */
const mostMisses = 100;

export const emptyTally: ShadowTally = {
	decisions: 0,
	changes: 0,
	silent: 0,
	checked: 0,
	reproduced: 0,
	first: 0,
	sole: 0,
	sameUse: 0,
	unsure: 0,
	failed: 0,
	restarts: 0,
	tried: 0,
	outside: 0,
	steps: 0,
	reproducedSteps: 0,
	misses: [],
};

/** The tally with one more decision. */
export function withDecision(tally: ShadowTally, shadowed: Shadowed): ShadowTally {
	const {at, standing, currentReplicas, desiredReplicas = currentReplicas, decision, isSameUse, isFirst} = shadowed;
	const isChecked = standing === 'reproduced' || standing === 'missed';
	const miss: ShadowMiss = {at, currentReplicas, desiredReplicas, here: decision.desiredReplicas, isSameUse};
	const count = (was: number, isOne: boolean) => was + (isOne ? 1 : 0);
	const against = againstOf(tally, shadowed);
	return {
		...tally,
		since: tally.since ?? at,
		until: at,
		decisions: tally.decisions + 1,
		changes: count(tally.changes, desiredReplicas !== currentReplicas),
		silent: count(tally.silent, !shadowed.isWritten),
		checked: count(tally.checked, isChecked),
		reproduced: count(tally.reproduced, standing === 'reproduced'),
		first: count(tally.first, isChecked && isFirst),
		sole: count(tally.sole, isChecked && shadowed.isSole),
		sameUse: count(tally.sameUse, isChecked && isSameUse),
		unsure: count(tally.unsure, standing === 'memory'),
		failed: count(tally.failed, standing === 'scale'),
		restarts: count(tally.restarts, shadowed.hasRestarted),
		tried: (tally.tried * tally.decisions + shadowed.tried) / (tally.decisions + 1),
		misses: standing === 'missed' ? [...tally.misses, miss].slice(0, mostMisses) : tally.misses,
		...(against !== undefined && {against}),
	};
}

/** The tally with one more change by another than the controller. */
export function withOutside(tally: ShadowTally, change: OutsideChange | KedaStep): ShadowTally {
	const isStep = 'isReproduced' in change;
	return {
		...tally,
		outside: tally.outside + 1,
		steps: tally.steps + (isStep ? 1 : 0),
		reproducedSteps: tally.reproducedSteps + (isStep && change.isReproduced ? 1 : 0),
	};
}

function againstOf(
	{against: before}: ShadowTally,
	{against, desiredReplicas}: Shadowed,
): ShadowTally['against'] | undefined {
	if (against === undefined || desiredReplicas === undefined) {
		return before;
	}

	const {fewer = 0, more = 0, compared = 0} = before ?? {};
	return {
		fewer: fewer + (against.desiredReplicas < desiredReplicas ? 1 : 0),
		more: more + (against.desiredReplicas > desiredReplicas ? 1 : 0),
		compared: compared + 1,
	};
}
