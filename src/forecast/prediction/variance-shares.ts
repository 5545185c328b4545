import {variance} from 'simple-statistics';
import {leastSquares} from '../../statistics/least-squares.ts';
import type {PredictedInterval, WidthPart} from './prediction.ts';

type DrawnPart = Exclude<WidthPart, 'run'>;

/** A figure of one run under drawn conditions, beside that of the same replication under the usual ones. */
export type PairedValue = {
	readonly drawn: number;
	readonly usual: number;
	/** Logarithms of the factors that were drawn, of those parts that were. */
	readonly factors: Readonly<Partial<Record<DrawnPart, number>>>;
};

/** Rows for each column that a fit with squares needs. */
const rowsForSquares = 4;

/**
 * Share of each part in the variance of a figure between real runs.
 *
 * The run's part is the variance between replications under the usual conditions. The others follow from pairs of runs
 * with the same random draws: what the figure moves by, least squares over the drawn factors and their squares, corrected
 * for the number of columns, and split as the fitted parts vary. So no further runs are needed.
 *
 * @param pairs - of the replications that were simulated under both
 * @param usual - the figure in all replications under the usual conditions
 * @returns null where nothing varies
 */
export function varianceShares(pairs: readonly PairedValue[], usual: readonly number[]): PredictedInterval['shares'] {
	const known = pairs.filter(({drawn, usual: other}) => !Number.isNaN(drawn + other));
	const present = usual.filter(value => !Number.isNaN(value));
	const run = present.length > 1 ? variance(present) : 0;
	const parts = (['coefficients', 'machine', 'load'] as const).filter(part => known[0]?.factors[part] !== undefined);
	const explained = parts.length === 0 ? [] : explainedVariances(known, parts);
	const total = explained.reduce((sum, part) => sum + part, run);
	if (!(total > 0)) {
		return null;
	}

	const of = (part: DrawnPart) => (explained[parts.indexOf(part)] ?? 0) / total;
	return {run: run / total, coefficients: of('coefficients'), machine: of('machine'), load: of('load')};
}

/** Variance of a figure's move that each part explains. */
function explainedVariances(pairs: readonly PairedValue[], parts: readonly DrawnPart[]): number[] {
	const moves = pairs.map(({drawn, usual}) => drawn - usual);
	const columns = parts.map(part => pairs.map(({factors}) => factors[part]!));
	const hasSquares = pairs.length >= rowsForSquares * (2 * parts.length + 1);
	const terms = columns.map(column => (hasSquares ? [column, column.map(value => value * value)] : [column]));
	const rows = pairs.map((_, row) => [1, ...terms.flatMap(each => each.map(term => term[row]!))]);
	const fit = fitted(rows, moves);
	if (fit === undefined || !(fit.explained > 0)) {
		return parts.map(() => 0);
	}

	const perPart = hasSquares ? 2 : 1;
	const variances = terms.map((each, part) =>
		variance(
			pairs.map((_, row) =>
				each.reduce((sum, term, index) => sum + fit.coefficients[1 + part * perPart + index]! * term[row]!, 0),
			),
		),
	);
	const sum = variances.reduce((total, value) => total + value, 0);
	return variances.map(value => (sum > 0 ? (fit.explained * value) / sum : 0));
}

/** Coefficients, and the variance that they explain beyond what as many columns of noise would. */
function fitted(rows: readonly (readonly number[])[], moves: readonly number[]) {
	const count = rows.length;
	const columns = rows[0]?.length ?? 0;
	if (count <= columns + 1) {
		return undefined;
	}

	try {
		const {coefficients, rSquared} = leastSquares(rows, moves);
		const adjusted = 1 - ((1 - rSquared) * (count - 1)) / (count - columns);
		return {
			coefficients: coefficients.map(({value}) => value),
			explained: variance([...moves]) * Math.max(0, adjusted),
		};
	} catch (error) {
		if (error instanceof RangeError) {
			return undefined; // the draws are too alike to tell the parts apart
		}

		throw error;
	}
}
