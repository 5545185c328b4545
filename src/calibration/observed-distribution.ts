import {quantileSorted} from 'simple-statistics';
import type {Distribution} from '../experiment/experiment.ts';

/** More values than this are told by as many quantiles. */
const mostValues = 50;

/**
 * The distribution that observed times have: the values themselves, or evenly spread quantiles of many.
 *
 * @param seconds - at least one
 */
export function observedDistribution(seconds: readonly number[]): Distribution {
	const sorted = seconds.toSorted((a, b) => a - b);
	const values =
		sorted.length <= mostValues
			? sorted
			: Array.from({length: mostValues}, (_, index) => quantileSorted(sorted, (index + 0.5) / mostValues));
	return {distribution: 'empirical', values: values.map(milliseconds)};
}

/** A clock's noise may put an event before its cause: that is no time. */
function milliseconds(seconds: number): number {
	return Math.max(0, Math.round(seconds * 1000) / 1000);
}
