import type {ReconcileInput} from './contracts.ts';
import {rulesOf} from './release-rules.ts';

/** The band of usage ratios round 1 in which the controller leaves the replicas as they are. */
export type Tolerance = {readonly up: number; readonly down: number; readonly isDistance: boolean};

/**
 * The tolerance that holds for an HPA: the controller's flag, or the HPA's own fields, which act from 1.35 on
 * (in 1.33 and 1.34 they are behind a feature gate that is off).
 *
 * @see kubernetes pkg/controller/podautoscaler/horizontal.go, tolerancesForHpa
 */
export function toleranceOf({controller, spec: {behavior}}: Pick<ReconcileInput, 'controller' | 'spec'>): Tolerance {
	const {kubernetes, toleranceUp, toleranceDown} = controller;
	const rules = rulesOf(kubernetes);
	const fields = rules.obeysTolerance ? behavior : undefined;
	return {
		up: fields?.scaleUp.tolerance ?? toleranceUp,
		down: fields?.scaleDown.tolerance ?? toleranceDown,
		isDistance: !rules.hasToleranceBand,
	};
}

/**
 * Whether a usage ratio lies inside the tolerance. Up to 1.32 the distance from 1 is compared, later the ratio
 * with `1 ± tolerance`, both ends inside; in doubles that differs exactly on the edge.
 */
export function isWithinTolerance({up, down, isDistance}: Tolerance, usageRatio: number): boolean {
	return isDistance
		? Math.abs(1 - usageRatio) <= (usageRatio > 1 ? up : down)
		: 1 - down <= usageRatio && usageRatio <= 1 + up;
}
