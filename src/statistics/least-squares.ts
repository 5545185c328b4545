import {mean, sum} from 'simple-statistics';
import {studentQuantile} from './estimate.ts';

export type Coefficient = {readonly value: number; readonly low: number; readonly high: number};

type LeastSquares = {
	/**
	 * Coefficients in the order of the columns, each with its 95 % interval; its ends are NaN without a degree of freedom
	 * left.
	 */
	readonly coefficients: readonly Coefficient[];
	/** Covariance of the coefficients, in the order of the columns; NaN without a degree of freedom left. */
	readonly covariance: readonly (readonly number[])[];
	/** Share of the variance that is explained; NaN where there is none. */
	readonly rSquared: number;
	readonly residuals: readonly number[];
};

/**
 * Ordinary least squares over several columns.
 *
 * @param rows - one list of regressors an observation, the same number each; a column of ones makes an intercept
 * @param values - what is explained
 * @throws {RangeError} when there are fewer observations than columns, a column follows from others, or a number is NaN
 */
export function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): LeastSquares {
	const columns = rows[0]?.length ?? 0;
	if (columns === 0 || rows.length < columns) {
		throw new RangeError(`Expected at least as many observations as columns, got ${rows.length} of ${columns}`);
	}

	if (values.some(Number.isNaN) || rows.some(row => row.some(Number.isNaN))) {
		throw new RangeError('Expected observations without NaN, got one with it');
	}

	const inverse = inverted(normalMatrix(rows));
	const moments = rows[0]!.map((_, column) => sum(rows.map((row, index) => row[column]! * values[index]!)));
	const fitted = inverse.map(line => sum(line.map((entry, column) => entry * moments[column]!)));
	const residuals = rows.map((row, index) => values[index]! - sum(row.map((x, column) => x * fitted[column]!)));
	const degreesOfFreedom = rows.length - columns;
	const unexplained = sum(residuals.map(residual => residual ** 2));
	const variance = degreesOfFreedom > 0 ? unexplained / degreesOfFreedom : Number.NaN;
	const quantile = degreesOfFreedom > 0 ? studentQuantile(0.975, degreesOfFreedom) : Number.NaN;
	const center = mean([...values]);
	const total = sum(values.map(value => (value - center) ** 2));
	return {
		coefficients: fitted.map((value, column) => {
			const half = quantile * Math.sqrt(variance * inverse[column]![column]!);
			return {value, low: value - half, high: value + half};
		}),
		covariance: inverse.map(line => line.map(entry => variance * entry)),
		rSquared: total > 0 ? 1 - unexplained / total : Number.NaN,
		residuals,
	};
}

function normalMatrix(rows: readonly (readonly number[])[]): number[][] {
	return rows[0]!.map((_, i) => rows[0]!.map((__, j) => sum(rows.map(row => row[i]! * row[j]!))));
}

/** Gauss–Jordan with pivots; columns are scaled first, as tokens and ones differ by orders of magnitude. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
	const {length} = matrix;
	const scale = matrix.map((row, index) => 1 / Math.sqrt(row[index]!));
	const work = matrix.map((row, i) => [
		...row.map((entry, j) => entry * scale[i]! * scale[j]!),
		...row.map((_, j) => (i === j ? 1 : 0)),
	]);
	for (let column = 0; column < length; column++) {
		const below = work.slice(column).map(row => Math.abs(row[column]!));
		const pivot = column + below.indexOf(Math.max(...below));
		[work[column], work[pivot]] = [work[pivot]!, work[column]!];
		const lead = work[column]![column]!;
		if (!(Math.abs(lead) > 1e-10)) {
			throw new RangeError('Expected columns that are independent, got one that follows from the others');
		}

		work[column] = work[column]!.map(entry => entry / lead);
		for (let other = 0; other < length; other++) {
			const factor = work[other]![column]!;
			if (other !== column && factor !== 0) {
				work[other] = work[other]!.map((entry, index) => entry - factor * work[column]![index]!);
			}
		}
	}

	return work.map((row, i) => row.slice(length).map((entry, j) => entry * scale[i]! * scale[j]!));
}
