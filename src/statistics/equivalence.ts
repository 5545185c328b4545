import type {Interval} from './bootstrap.ts';

/** `within`: shown to be as good as allowed. `outside`: shown not to be. `unclear`: the interval reaches over the edge. */
export type Equivalence = 'within' | 'outside' | 'unclear';

/**
 * Two one-sided tests at 5 % each, in the form of an interval: a difference is within the tolerance when its 90 %
 * interval is.
 *
 * @param interval - 90 % interval of the difference; `undefined` when nothing is known of it
 * @param tolerance - largest difference that is allowed, at least 0
 * @see Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15, 1987
 */
export function equivalence(interval: Interval | undefined, tolerance: number): Equivalence {
	if (interval === undefined || Number.isNaN(interval.low + interval.high + tolerance)) {
		return 'unclear';
	}

	const {low, high} = interval;
	if (low >= -tolerance && high <= tolerance) {
		return 'within';
	}

	return low > tolerance || high < -tolerance ? 'outside' : 'unclear';
}
