import type {Experiment, Tolerance} from '../../experiment/experiment.ts';
import {type CutFigure, cutOffFigures} from '../../records/timeout-cut.ts';
import type {Reading} from '../reading.ts';

/** A percentile of latency that the timeout cuts off, on one side or both. */
export type CutOff = {
	readonly figure: CutFigure;
	/** [s] */
	readonly timeout: number;
	/** Runs in which it is cut off, as shares of each side's. */
	readonly simulated: number;
	readonly measured: number;
};

/** Figures that are compared in the place of a percentile that is cut off. */
export const figuresBelowTimeout = ['timeouts', 'latencyUpToTimeout'] as const;

/** Largest error of the share that timed out, where an experiment sets none: the tail that a 95th percentile is about. */
export const timeoutShareTolerance = 0.05;

/** Share of the simulated runs from which on a percentile of theirs counts as cut off. */
const leastShare = 0.1;

/**
 * Percentiles of latency that say nothing: clients gave up, so that the percentile is the timeout, whatever the latency
 * was. Two sides that both sit at their timeout are not equal for that.
 */
export function cutOffPercentiles(
	simulated: readonly Reading[],
	measured: readonly Reading[],
	{workload: {timeout}}: Pick<Experiment, 'workload'>,
): CutOff[] {
	const [ofSimulated, ofMeasured] = [simulated, measured].map(runs => runs.map(run => cutIn(run, timeout)));
	const shareOf = (runs: readonly (readonly CutFigure[])[], figure: CutFigure) =>
		runs.length === 0 ? 0 : runs.filter(cut => cut.includes(figure)).length / runs.length;
	return (['p50', 'p95', 'p99'] as const).flatMap(figure => {
		const shares = {simulated: shareOf(ofSimulated!, figure), measured: shareOf(ofMeasured!, figure)};
		return shares.measured > 0 || shares.simulated >= leastShare ? [{figure, timeout, ...shares}] : [];
	});
}

function cutIn({account: {requests}}: Reading, timeout: number): CutFigure[] {
	const {p50, p95, p99} = requests.latencySeconds;
	return cutOffFigures({seconds: {p50, p95, p99, ttft: Number.NaN}, requests: requests.requests}, timeout);
}

/**
 * Tolerances with the ones of percentiles that are cut off replaced: by one of the share that timed out, and one of the
 * mean latency up to the timeout, which counts a request that timed out as one of the timeout's length. It is the area
 * under the curve of requests that still wait, up to the timeout: the restricted mean of survival analysis.
 *
 * @see Royston and Parmar, BMC Medical Research Methodology 13:152, 2013
 */
export function toleranceBelowTimeout(
	accept: Readonly<Record<string, Tolerance>>,
	cutOff: readonly CutOff[],
): Readonly<Record<string, Tolerance>> {
	const replaced = cutOff.flatMap(({figure}) => accept[figure] ?? []);
	const [first] = replaced;
	if (first === undefined) {
		return accept;
	}

	const kept = Object.entries(accept).filter(([name]) => !cutOff.some(({figure}) => figure === name));
	return {
		timeouts: {absolute: timeoutShareTolerance},
		...Object.fromEntries(kept),
		latencyUpToTimeout: first,
	};
}
