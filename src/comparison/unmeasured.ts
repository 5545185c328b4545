import type {FigureComparison} from './compare-figures.ts';
import {pairFigures, runFigures} from './figure-table.ts';
import type {Reading} from './reading.ts';

/** Lags of decisions: there is none where nothing changed. */
const lagging: readonly string[] = ['scaleLag', 'p95ScaleLag'];

/**
 * Figures that none of the records holds: a run has them, or one of two runs is 0 away from itself, unless what they are read
 * from was not recorded. A lag where nothing changed is not among them.
 */
export function unmeasuredFigures(
	measured: readonly Reading[],
	{savings}: {readonly savings?: FigureComparison},
): string[] {
	const knowsReplicas = measured.some(({holds}) => holds.replicas);
	return [
		...(savings !== undefined && savings.measured === null ? ['savings'] : []),
		...Object.entries(runFigures)
			.filter(([, {read}]) => measured.every(run => Number.isNaN(read(run))))
			.map(([name]) => name),
		...Object.entries(pairFigures)
			.filter(([name]) => !(knowsReplicas && lagging.includes(name)))
			.filter(([, {between}]) => measured.every(run => Number.isNaN(between(run, run))))
			.map(([name]) => name),
	];
}
