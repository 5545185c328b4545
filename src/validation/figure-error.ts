import type {Comparison} from '../comparison/compare.ts';
import type {FigureName} from '../comparison/figure-table.ts';

/** Error of a figure with the ends of its 90 % interval; null where nothing tells the spread. */
export type FigureError = {readonly value: number; readonly low: number | null; readonly high: number | null};

/**
 * How far a comparison is off in a figure.
 *
 * @param options - `isRelative`: as a fraction of the measured mean instead of in the figure's unit
 * @returns nothing where no run has the figure
 */
export function figureError(
	{figures}: Comparison,
	figure: FigureName,
	{isRelative}: {readonly isRelative: boolean},
): FigureError | undefined {
	const {error = null, measured = null} = figures[figure] ?? {};
	const basis = isRelative ? Math.abs(measured?.mean ?? 0) : 1;
	if (error === null || !(basis > 0)) {
		return undefined;
	}

	const scaled = (end: number | null) => (end === null ? null : end / basis);
	return {value: error.value / basis, low: scaled(error.low), high: scaled(error.high)};
}
