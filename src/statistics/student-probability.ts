import jstat from 'jstat';
import {steadyDigits} from './steady-digits.ts';

/**
 * Probability that Student's t is at most a value.
 *
 * @param value - a number, or an infinity; NaN gives NaN
 * @param degreesOfFreedom - above 0
 */
export function studentProbability(value: number, degreesOfFreedom: number): number {
	if (Number.isNaN(value)) {
		return Number.NaN;
	}

	return Number.isFinite(value) ? steadyDigits(jstat.studentt.cdf(value, degreesOfFreedom)) : value > 0 ? 1 : 0;
}
