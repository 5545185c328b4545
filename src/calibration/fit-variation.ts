import {mean, sampleVariance, variance} from 'simple-statistics';
import {chiSquaredQuantile} from '../statistics/estimate.ts';
import type {Coefficient} from '../statistics/least-squares.ts';
import {type ServiceFit, workOf} from './fit-service.ts';
import type {ServiceObservation} from './service-observations.ts';
import {slowdownOf} from './slowdown.ts';

/** Difference of the speed between the runs of a calibration. */
export type VariationFit = {
	/** Runs with requests enough. */
	readonly runs: number;
	/**
	 * Standard deviation of the logarithm of a run's factor on the fitted work, with its 95 % interval; left out where too few
	 * runs can tell it.
	 */
	readonly betweenRuns?: Coefficient;
	/** Sum of the squares of the runs' shares of all requests: 1 for a single run, 1 / n for n alike. */
	readonly concentration: number;
};

/** Fewest runs whose spread says anything. */
export const fewestRuns = 3;
/** Fewest requests of a run that show its speed. */
const fewestRequests = 5;

/**
 * Finds how much the speed differs between runs beyond what the requests of each scatter: the variance of the runs' mean
 * logarithms less the part that comes from the requests.
 *
 * @param perRun - observations of each run that the fit was made of
 * @see J. D. Thomas and R. A. Hultquist, Interval estimation for the unbalanced case of the one-way random effects model,
 *   Annals of Statistics 6 (1978)
 */
export function fitVariation(perRun: readonly (readonly ServiceObservation[])[], fit: ServiceFit): VariationFit {
	const logarithms = perRun
		.map(observations => observations.map(one => Math.log(one.work / (workOf(one, fit) * slowdownOf(one, fit)))))
		.filter(({length}) => length >= fewestRequests);
	const counts = logarithms.map(({length}) => length);
	const total = counts.reduce((sum, count) => sum + count, 0);
	const runs = logarithms.length;
	const concentration = counts.reduce((sum, count) => sum + (count / total) ** 2, 0);
	if (runs < fewestRuns) {
		return {runs, concentration};
	}

	const within = logarithms.reduce((sum, run) => sum + variance(run) * run.length, 0) / (total - runs);
	const ofRequests = within * mean(counts.map(count => 1 / count));
	const between = sampleVariance(logarithms.map(run => mean(run)));
	const end = (probability: number) =>
		Math.sqrt(Math.max(0, ((runs - 1) * between) / chiSquaredQuantile(probability, runs - 1) - ofRequests));
	return {
		runs,
		concentration,
		betweenRuns: {value: Math.sqrt(Math.max(0, between - ofRequests)), low: end(0.975), high: end(0.025)},
	};
}

/**
 * Covariance of the coefficients when requests of one run are not independent: what the fit has, and the mean speed of
 * the runs that it was made of, which is common to all coefficients.
 *
 * @returns undefined where the fit has none
 */
export function jointCovariance(
	{covariance, perRequest, perPromptToken, perOutputToken}: ServiceFit,
	{betweenRuns, concentration}: VariationFit,
): number[][] | undefined {
	const values = [perRequest, perPromptToken, perOutputToken].map(({value}) => Math.max(0, value));
	const common = (betweenRuns?.value ?? 0) ** 2 * concentration;
	const joint = covariance.map((row, i) => row.map((entry, j) => entry + common * values[i]! * values[j]!));
	return joint.flat().some(Number.isNaN) ? undefined : joint;
}
