import jstat from 'jstat';
import {steadyDigits} from './steady-digits.ts';

const known = new Map<string, number>();

/**
 * Quantile of Student's t.
 *
 * @param probability - above 0 and below 1
 * @param degreesOfFreedom - above 0
 */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
	const key = `${probability} ${degreesOfFreedom}`;
	const quantile = known.get(key) ?? steadyDigits(jstat.studentt.inv(probability, degreesOfFreedom));
	known.set(key, quantile);
	return quantile;
}
