import type {Slo} from '../experiment/experiment.ts';
import type {RequestFigures} from '../records/request-statistics.ts';

/**
 * Whether runs keep an objective on average: each bounded percentile, the 95th of the time to first token, and the
 * availability. Runs without a figure that is bounded do not keep it.
 *
 * @param runs - independent replications, at least one
 */
export function meetsSlo(runs: readonly RequestFigures[], slo: Slo): boolean {
	const mean = (figure: (run: RequestFigures) => number) =>
		runs.reduce((sum, run) => sum + figure(run), 0) / runs.length;
	const isWithin = (figure: (run: RequestFigures) => number, bound: number | undefined) =>
		bound === undefined || mean(figure) <= bound;
	return (
		isWithin(run => run.latencySeconds.p50, slo.p50) &&
		isWithin(run => run.latencySeconds.p95, slo.p95) &&
		isWithin(run => run.latencySeconds.p99, slo.p99) &&
		isWithin(run => run.ttftSeconds.p95, slo.ttft) &&
		(slo.availability === undefined || mean(run => run.availability) >= slo.availability)
	);
}

/** Whether an objective bounds anything. */
export function hasBounds(slo: Slo): boolean {
	return Object.values(slo).some(bound => bound !== undefined);
}
