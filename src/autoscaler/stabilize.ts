import {age} from './arithmetic.ts';
import type {AutoscalerState, ReconcileInput} from './contracts.ts';
import {rulesOf} from './release-rules.ts';

/** The input without the fields of the HPA that its release drops. */
export function withKnownFields(input: ReconcileInput): ReconcileInput {
	const {spec, controller} = input;
	if (spec.behavior === undefined || rulesOf(controller.kubernetes).obeysBehavior) {
		return input;
	}

	const {behavior: _, ...known} = spec;
	return {...input, spec: known};
}

/** The windows in which earlier recommendations are looked at [s]. */
export type StabilizationWindows = {
	readonly up: number;
	readonly down: number;
};

/** The windows that hold for an HPA: its `behavior`, with the controller's flag where it is silent. */
export function stabilizationWindows({spec: {behavior}, controller}: ReconcileInput): StabilizationWindows {
	return behavior === undefined
		? {up: 0, down: controller.downscaleStabilization}
		: {
				up: behavior.scaleUp.stabilizationWindowSeconds ?? 0,
				down: behavior.scaleDown.stabilizationWindowSeconds ?? Math.trunc(controller.downscaleStabilization),
			};
}

/**
 * The proposal held back by earlier ones: without `behavior` only on the way down and with the window's far edge inside,
 * with `behavior` in both directions and with the far edge outside.
 *
 * @returns replicas before limits
 * @see kubernetes pkg/controller/podautoscaler/horizontal.go, stabilizeRecommendation and stabilizeRecommendationWithBehaviors
 */
export function stabilize(
	proposal: number,
	input: ReconcileInput,
	{recommendations}: Readonly<AutoscalerState>,
): number {
	const windows = stabilizationWindows(input);
	const isInclusive = input.spec.behavior === undefined;
	let lowest = proposal;
	let highest = proposal;
	for (const {time, replicas} of recommendations) {
		const seconds = age(input.now, time);
		if (seconds < windows.up) {
			lowest = Math.min(lowest, replicas);
		}

		if (seconds < windows.down || (isInclusive && seconds === windows.down)) {
			highest = Math.max(highest, replicas);
		}
	}

	return isInclusive ? highest : Math.min(Math.max(input.specReplicas, lowest), highest);
}

/** The condition's reason that goes with a stabilization. */
export function stabilizationReason(proposal: number, stabilized: number, input: ReconcileInput): string {
	if (stabilized === proposal) {
		return 'ReadyForNewScale';
	}

	const isUp = input.spec.behavior !== undefined && proposal >= input.specReplicas;
	return isUp ? 'ScaleUpStabilized' : 'ScaleDownStabilized';
}
