import {mean} from 'simple-statistics';
import {bootstrapMean} from '../statistics/bootstrap.ts';
import {largest, smallest} from '../statistics/extremes.ts';

export type Level = {readonly mean: number; readonly low: number; readonly high: number};

/**
 * Mean of a figure over runs; null where no run has it.
 *
 * @param values - NaN where a run has no such figure
 * @param ends - `range`: the smallest and the largest; `bootstrap`: the 90 % interval of the mean
 */
export function levelOf(values: readonly number[], ends: 'range' | 'bootstrap' = 'range'): Level | null {
	const present = values.filter(value => !Number.isNaN(value));
	if (present.length === 0) {
		return null;
	}

	return ends === 'range'
		? {mean: mean(present), low: smallest(present), high: largest(present)}
		: {mean: mean(present), ...bootstrapMean(present, 0.9)};
}
