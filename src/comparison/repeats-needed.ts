import type {FigureComparison} from './compare-figures.ts';

/** More repeats than this hardly decide: the error lies at the edge of its tolerance. */
const mostRepeats = 50;

/**
 * Estimate of how many repeats would decide a figure whose interval reaches over the edge of its tolerance: the error is
 * taken to stay where it is, and its interval to shrink with the root of the number of repeats.
 *
 * @param repeats - repeats behind the figure, at least 1
 * @returns undefined where the figure has no interval or tolerance, is decided already, or more than 50 would be needed
 */
export function repeatsNeeded(
	{error, tolerance, verdict}: Pick<FigureComparison, 'error' | 'tolerance' | 'verdict'>,
	repeats: number,
): number | undefined {
	if (verdict !== 'unclear' || tolerance === null || error === null || error.low === null || error.high === null) {
		return undefined;
	}

	const {value, low, high} = error;
	const growth =
		Math.abs(value) <= tolerance
			? Math.max((high - value) / (tolerance - value), (value - low) / (tolerance + value))
			: (value > 0 ? value - low : high - value) / (Math.abs(value) - tolerance);
	const needed = Math.ceil(repeats * growth ** 2);
	return needed <= mostRepeats ? Math.max(needed, repeats + 1) : undefined;
}
