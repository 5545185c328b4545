import type {ReconcileInput} from './contracts.ts';
import {rulesOf} from './release-rules.ts';

// Go's integers, where they differ from doubles.

const lowestInt32 = -(2 ** 31);
const highestInt32 = 2 ** 31 - 1;

/**
 * A double cut to an int32 as Go does it on amd64.
 *
 * @returns the integer part; the lowest int32 when it does not fit or is not a number
 */
export function toInt32(value: number): number {
	const integer = Math.trunc(value);
	return integer >= lowestInt32 && integer <= highestInt32 ? integer + 0 : lowestInt32;
}

/** `value * factor / divisor` in 64-bit integers, cut towards zero. All three are integers, `divisor` is not 0. */
export function multiplyDivide(value: number, factor: number, divisor: number): number {
	const product = value * factor;
	return Number.isSafeInteger(product)
		? Math.trunc(product / divisor)
		: Number(BigInt.asIntN(64, BigInt(value) * BigInt(factor)) / BigInt(divisor));
}

/**
 * How long ago `time` was. Seconds in doubles carry noise in their last digits, which would move an instant across the
 * edge of a window: the difference is taken to whole microseconds.
 *
 * @returns [s]
 */
export function age(now: number, time: number): number {
	return Math.round((now - time) * 1e6) / 1e6;
}

/** The band of usage ratios round 1 in which the controller leaves the replicas as they are. */
export type RatioBand = {readonly up: number; readonly down: number; readonly isDistance: boolean};

/**
 * The tolerance that holds for an HPA: the controller's flag, or the HPA's own fields, which act from 1.35 on
 * (in 1.33 and 1.34 they are behind a feature gate that is off).
 *
 * @see kubernetes pkg/controller/podautoscaler/horizontal.go, tolerancesForHpa
 */
export function toleranceOf({controller, spec: {behavior}}: Pick<ReconcileInput, 'controller' | 'spec'>): RatioBand {
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
export function isWithinTolerance({up, down, isDistance}: RatioBand, usageRatio: number): boolean {
	return isDistance
		? Math.abs(1 - usageRatio) <= (usageRatio > 1 ? up : down)
		: 1 - down <= usageRatio && usageRatio <= 1 + up;
}
