import jstat from 'jstat';
import {sampleVariance} from 'simple-statistics';
import {steadyDigits} from './estimate.ts';

/**
 * Whether a sample varies more than another one, by the F test at 5 %.
 *
 * @param values - at least two; with NaN among them or in `reference` the answer is no
 * @param reference - at least two
 */
export function variesMore(values: readonly number[], reference: readonly number[]): boolean {
	const [variance, usual] = [sampleVariance([...values]), sampleVariance([...reference])];
	return variance > usual * steadyDigits(jstat.centralF.inv(0.95, values.length - 1, reference.length - 1));
}
