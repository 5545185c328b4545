import * as z from 'zod';
import {coefficient, type EstimatedCoefficient} from '../coefficient.ts';
import {number, Text, whole} from '../leaves.ts';

/** Difference of the speed from run to run and from machine to machine: of a factor on all times in service. */
export type Variation = {
	/** Standard deviation of the factor's natural logarithm between runs on one machine. */
	readonly betweenRuns?: number;
	/** Standard deviation between machines; left out where the model holds for the machine that it was calibrated on. */
	readonly betweenMachines?: number;
	/** Runs that `betweenRuns` was measured on; left out where it was not measured so. */
	readonly runs?: number;
};

/** Coefficients of a request's work whose uncertainty is joint, in the order of a covariance. */
export const fittedCoefficients = ['perRequest', 'perPromptToken', 'perOutputToken'] as const;

/** Uncertainty of the coefficients of a calibrated model. */
export type CoefficientSpread = {
	/** In the order of `fittedCoefficients` [(CPU s)²]. */
	readonly covariance: readonly (readonly number[])[];
	/** Whether it is the fit's own; else the ends of each coefficient's interval, as if they were independent. */
	readonly isJoint: boolean;
};

const Deviation = number({min: 0, max: 3});
const fewestRuns = 3;

export const VariationSchema = z
	.strictObject({
		betweenRuns: coefficient(
			Deviation,
			'1',
			'Standard deviation of the logarithm of the factor between runs on one machine',
		).exactOptional(),
		betweenMachines: coefficient(Deviation, '1', 'The same between machines').exactOptional(),
		runs: coefficient(
			whole({min: fewestRuns, max: 1e6}),
			'runs',
			'Runs that betweenRuns was measured on',
		).exactOptional(),
	})
	.describe('Factor on all times in service, log-normal with median 1: the speed of a run; not known when left out');

const size = fittedCoefficients.length;
const line = z
	.array(number({min: -1e12, max: 1e12}), {error: `a list of ${size} numbers`})
	.length(size, {error: `a list of ${size} numbers`});

export const CovarianceSchema = z
	.strictObject({
		coefficients: z
			.tuple([z.literal('perRequest'), z.literal('perPromptToken'), z.literal('perOutputToken')], {
				error: `[${fittedCoefficients.join(', ')}]`,
			})
			.describe('Order of the rows and columns'),
		values: z
			.array(line, {error: `a list of ${size} lists`})
			.length(size, {error: `a list of ${size} lists`})
			.refine(isCovariance, {error: 'symmetric, without a negative variance'})
			.describe('Variances and covariances [(CPU s)²]'),
		source: Text.describe('Fit that they come from'),
	})
	.describe('Uncertainty of the coefficients together; that of their intervals, each by itself, when left out');

/** Part of the larger variance by which two entries may differ that are to be the same. */
const rounding = 1e-3;

function isCovariance(values: readonly (readonly number[])[]): boolean {
	return values.every((row, i) =>
		row.every((value, j) => {
			const [own, other] = [values[i]?.[i] ?? Number.NaN, values[j]?.[j] ?? Number.NaN];
			const most = Math.sqrt(own * other) * (1 + rounding);
			return Math.abs(value) <= most && Math.abs(value - (values[j]?.[i] ?? Number.NaN)) <= rounding * most;
		}),
	);
}

/** Quantile of the standard normal distribution at 97.5 %. */
const z975 = 1.96;

/** Standard deviation of a coefficient by its 95 % interval; 0 where it has none. */
export function deviationOf({low, high}: EstimatedCoefficient): number {
	return low === undefined || high === undefined ? 0 : Math.abs(high - low) / (2 * z975);
}

/** Uncertainty of the coefficients of a calibrated model from what its file has; undefined where it has none. */
export function coefficientSpread(
	coefficients: readonly EstimatedCoefficient[],
	covariance: z.output<typeof CovarianceSchema> | undefined,
): CoefficientSpread | undefined {
	if (covariance !== undefined) {
		return {covariance: covariance.values, isJoint: true};
	}

	const deviations = coefficients.map(deviationOf);
	return deviations.every(deviation => deviation === 0)
		? undefined
		: {
				covariance: deviations.map((deviation, i) => deviations.map((_, j) => (i === j ? deviation * deviation : 0))),
				isJoint: false,
			};
}
