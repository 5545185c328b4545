import type {KedaSpec} from './keda-spec.ts';

/** Replicas of the operator for one look at the target, and why. */
export type OperatorDecision = {
	/** Replicas that it sets; left out where it leaves them alone. */
	readonly replicas?: number;
	readonly reason: OperatorReason;
	/** The target counts as last active now. */
	readonly isLastActive: boolean;
};

export type OperatorReason =
	| 'Paused'
	| 'ScaledFromZero'
	| 'ScaleOutPaused'
	| 'Active'
	| 'PartialTriggerError'
	| 'AwaitsFallback'
	| 'TriggerError'
	| 'ScaledToZero'
	| 'ScaledToIdle'
	| 'ScaleInPaused'
	| 'CoolingDown'
	| 'ScaledToMinimum'
	| 'NotActive';

export type OperatorInput = {
	/** [s] */
	readonly now: number;
	/** Creation of the ScaledObject [s]. */
	readonly created: number;
	/** Time at which a trigger was last active, in whole seconds as the status keeps it; left out where none ever was. */
	readonly lastActive?: number | undefined;
	/** `spec.replicas` of the target. */
	readonly replicas: number;
	readonly isActive: boolean;
	/** A trigger gave an error. */
	readonly isError: boolean;
};

/**
 * The operator's own decision: from zero or the idle count to the first pods, and back when no trigger has been active for
 * the cooldown period. Between them the HPA decides.
 *
 * @see KEDA v2.20 pkg/scaling/executor/scale_scaledobjects.go, RequestScale
 */
export function requestScale(spec: KedaSpec, input: OperatorInput): OperatorDecision {
	if (spec.paused !== undefined) {
		return quiet('Paused');
	}

	return input.isActive || spec.forcesActivation === true ? whenActive(spec, input) : whenInactive(spec, input);
}

function whenActive(spec: KedaSpec, {replicas, isError}: OperatorInput): OperatorDecision {
	const {minReplicaCount, idleReplicaCount, pausesScaleOut} = spec;
	if ((idleReplicaCount !== undefined && replicas < minReplicaCount) || replicas === 0) {
		return pausesScaleOut
			? quiet('ScaleOutPaused')
			: {replicas: Math.max(1, minReplicaCount), reason: 'ScaledFromZero', isLastActive: true};
	}

	return isError ? quiet('PartialTriggerError') : {reason: 'Active', isLastActive: true};
}

function whenInactive(spec: KedaSpec, input: OperatorInput): OperatorDecision {
	const {minReplicaCount, idleReplicaCount, fallback} = spec;
	const {replicas, isError} = input;
	if (isError && fallback !== undefined && fallback.replicas !== 0) {
		return quiet('AwaitsFallback');
	}

	if (isError && fallback === undefined) {
		return quiet('TriggerError');
	}

	const isAboveIdle = idleReplicaCount !== undefined && replicas > idleReplicaCount;
	if (isAboveIdle || (replicas > 0 && minReplicaCount === 0)) {
		return toIdle(spec, input);
	}

	return idleReplicaCount === undefined && replicas < minReplicaCount
		? {replicas: minReplicaCount, reason: 'ScaledToMinimum', isLastActive: false}
		: quiet('NotActive');
}

/** @see KEDA v2.20 pkg/scaling/executor/scale_scaledobjects.go, scaleToZeroOrIdle */
function toIdle(spec: KedaSpec, {now, created, lastActive}: OperatorInput): OperatorDecision {
	if (spec.pausesScaleIn) {
		return quiet('ScaleInPaused');
	}

	const over = lastActive === undefined ? created + spec.initialCooldownPeriod : lastActive + spec.cooldownPeriod;
	if (over >= now) {
		return quiet('CoolingDown');
	}

	const replicas = spec.idleReplicaCount ?? spec.minReplicaCount;
	return {replicas, reason: replicas === 0 ? 'ScaledToZero' : 'ScaledToIdle', isLastActive: false};
}

function quiet(reason: OperatorReason): OperatorDecision {
	return {reason, isLastActive: false};
}
