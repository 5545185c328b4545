import type {Slo} from '../experiment/experiment.ts';
import type {RequestFigures} from '../records/request-statistics.ts';
import {type CutFigure, cutFigures, cutOffFigures} from '../records/timeout-cut.ts';
import {estimate} from '../statistics/estimate.ts';

export const sloFigures = [...cutFigures, 'tpot', 'availability'] as const;
export type SloFigure = (typeof sloFigures)[number];

/** Bound of an objective beside its figure: seconds, or a share of the requests. */
export type SloCheck = {
	readonly figure: SloFigure;
	readonly bound: number;
	/** Mean over the runs; null where a run has none. */
	readonly value: number | null;
	readonly isKept: boolean;
	/** Whether the figure is the clients' timeout rather than a latency: such a bound is never kept. */
	readonly isCutOff: boolean;
	/** Whether the bound is within the mean's interval: other replications may say otherwise. */
	readonly isClose: boolean;
};

type Objective = {readonly slo: Slo; readonly timeoutSeconds: number};

const figures: Readonly<Record<SloFigure, (run: RequestFigures) => number>> = {
	p50: run => run.latencySeconds.p50,
	p95: run => run.latencySeconds.p95,
	p99: run => run.latencySeconds.p99,
	ttft: run => run.ttftSeconds.p95,
	tpot: run => run.tpotSeconds.p95 ?? Number.NaN,
	availability: run => run.availability,
};

/**
 * The bounds of an objective, each with its figure's mean: each bounded percentile, the 95th of the time to first token
 * and of the time per output token, and the availability.
 *
 * @param runs - independent replications, at least one
 */
export function sloChecks(runs: readonly RequestFigures[], {slo, timeoutSeconds}: Objective): SloCheck[] {
	const cut = cutOffOf(runs, timeoutSeconds);
	return sloFigures.flatMap(figure => {
		const bound = slo[figure];
		if (bound === undefined) {
			return [];
		}

		const values = runs.map(figures[figure]);
		const value = meanOf(values);
		const isCutOff = cut.some(each => each === figure);
		const isWithin = figure === 'availability' ? value >= bound : value <= bound;
		const {low, high} = estimate(values);
		return [
			{
				figure,
				bound,
				value: Number.isNaN(value) ? null : value,
				isKept: isWithin && !isCutOff,
				isCutOff,
				isClose: !isCutOff && low !== null && high !== null && low < bound && bound < high,
			},
		];
	});
}

type CutRun = Pick<RequestFigures, 'latencySeconds' | 'ttftSeconds'> & {
	readonly requests: Pick<RequestFigures['requests'], 'completed' | 'timedOut'>;
};

/** Latencies of several runs that the timeout cuts off. */
export function cutOffOf(runs: readonly CutRun[], timeoutSeconds: number): CutFigure[] {
	const total = (of: (run: CutRun) => number) => runs.reduce((sum, run) => sum + of(run), 0);
	const over = (of: (run: CutRun) => number) => estimate(runs.map(of)).mean;
	return cutOffFigures(
		{
			seconds: {
				p50: over(run => run.latencySeconds.p50),
				p95: over(run => run.latencySeconds.p95),
				p99: over(run => run.latencySeconds.p99),
				ttft: over(run => run.ttftSeconds.p95),
			},
			requests: {
				completed: total(run => run.requests.completed),
				timedOut: total(run => run.requests.timedOut),
			},
		},
		timeoutSeconds,
	);
}

/** Whether runs keep an objective on average. Runs without a figure that is bounded do not keep it. */
export function meetsSlo(runs: readonly RequestFigures[], objective: Objective): boolean {
	return sloChecks(runs, objective).every(({isKept}) => isKept);
}

/** Whether an objective bounds anything. */
export function hasBounds(slo: Slo): boolean {
	return Object.values(slo).some(bound => bound !== undefined);
}

function meanOf(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
