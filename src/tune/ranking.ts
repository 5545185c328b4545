import * as z from 'zod';
import {kendallTau} from '../statistics/kendall-tau.ts';
import {type CandidateFigureName, type CandidateFigures, figureNames, meanFigure, tokenFigureNames} from './figures.ts';
import type {TuneGoal} from './goal.ts';

/** A candidate as it was simulated and measured. */
export type RankedPoint = {
	readonly name: string;
	/** Simulated runs of the replayed requests; at least one. */
	readonly simulated: readonly CandidateFigures[];
	/** Measured runs by repeat; undefined where a record could not be used. At least one. */
	readonly measured: readonly (CandidateFigures | undefined)[];
};

export const RankingVerdict = z.enum(['HELD', 'NOT HELD', 'CANNOT SAY']);

export type RankingVerdict = z.infer<typeof RankingVerdict>;

/** Two candidates, the one whose simulated figure is smaller first. */
const RankedPair = z.object({
	first: z.string(),
	second: z.string(),
	/** Probability that one simulated run of the first has less than one of the second; ties count half. */
	simulated: z.number(),
	/** Probability of the same order in the measured runs. */
	measured: z.number(),
	/** Whether the simulation distinguishes them in a single run. */
	isClear: z.boolean(),
	/** Order of the measured means. */
	outcome: z.enum(['same', 'reversed', 'tied']),
});

type RankedPair = z.infer<typeof RankedPair>;

/** Order of the candidates by one figure, on a cluster and in the simulator. */
export const Ranking = z.object({
	figure: z.enum([...figureNames, ...tokenFigureNames]),
	/** Kendall's τ-b of the simulated against the measured means; null when either are all alike. */
	tau: z.number().nullable(),
	/** τ-b for each repeat that all candidates have. */
	tauOfRepeats: z.array(z.number().nullable()).readonly(),
	pairs: z.array(RankedPair).readonly(),
	verdict: RankingVerdict,
});

export type Ranking = z.infer<typeof Ranking>;

/** Probability of one order from which the simulation distinguishes two candidates. */
const clear = 0.95;

/** A ranking by the objective, then by latency and by what misses the SLO. */
export function rankingsOf(points: readonly RankedPoint[], {minimize}: TuneGoal): Ranking[] {
	return [...new Set([minimize, 'p95Seconds', 'sloMisses'] as const)].map(figure => rankingOf(points, figure));
}

/**
 * Ranking by one figure. It has held when, among the pairs that the simulation distinguishes, none is reversed in the
 * measured means and at least one is the same.
 */
export function rankingOf(points: readonly RankedPoint[], figure: CandidateFigureName): Ranking {
	const all = points.map(point => ({
		name: point.name,
		simulated: point.simulated,
		measured: point.measured.filter(run => run !== undefined),
		repeats: point.measured,
	}));
	const byMean = all.toSorted((a, b) => meanFigure(a.simulated, figure) - meanFigure(b.simulated, figure));
	const pairs = byMean.flatMap((first, index) => byMean.slice(index + 1).map(second => pairOf(first, second, figure)));
	const outcomes = pairs.filter(({isClear}) => isClear).map(({outcome}) => outcome);
	const simulated = all.map(one => meanFigure(one.simulated, figure));
	const repeats = Math.min(...all.map(one => one.repeats.length));
	return {
		figure,
		tau: tauOf(
			simulated,
			all.map(one => meanFigure(one.measured, figure)),
		),
		tauOfRepeats: Array.from({length: Number.isFinite(repeats) ? repeats : 0}, (_, repeat) => repeat)
			.map(repeat => all.flatMap(one => one.repeats[repeat]?.[figure] ?? []))
			.filter(values => values.length === all.length)
			.map(values => tauOf(simulated, values)),
		pairs,
		verdict: outcomes.includes('reversed') ? 'NOT HELD' : outcomes.includes('same') ? 'HELD' : 'CANNOT SAY',
	};
}

type Sides = {
	readonly name: string;
	readonly simulated: readonly CandidateFigures[];
	readonly measured: readonly CandidateFigures[];
};

function pairOf(first: Sides, second: Sides, figure: CandidateFigureName): RankedPair {
	const simulated = probabilityBelow(first.simulated, second.simulated, figure);
	const difference = meanFigure(second.measured, figure) - meanFigure(first.measured, figure);
	return {
		first: first.name,
		second: second.name,
		simulated,
		measured: probabilityBelow(first.measured, second.measured, figure),
		isClear: simulated >= clear,
		outcome: difference > 0 ? 'same' : difference < 0 ? 'reversed' : 'tied',
	};
}

function probabilityBelow(
	first: readonly CandidateFigures[],
	second: readonly CandidateFigures[],
	figure: CandidateFigureName,
): number {
	const shares = first.flatMap(one =>
		second.map(other => (1 + Math.sign(figureIn(other, figure) - figureIn(one, figure))) / 2),
	);
	return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function figureIn(figures: CandidateFigures, figure: CandidateFigureName): number {
	return figures[figure] ?? Number.NaN;
}

function tauOf(first: readonly number[], second: readonly number[]): number | null {
	const tau = kendallTau(first, second);
	return Number.isNaN(tau) ? null : tau;
}
