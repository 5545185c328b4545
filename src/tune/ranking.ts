import {kendallTau} from '../statistics/kendall-tau.ts';
import {type CandidateFigureName, type CandidateFigures, meanFigure} from './figures.ts';
import type {TuneGoal} from './goal.ts';

/** A candidate as it was simulated and measured. */
export type RankedPoint = {
	readonly name: string;
	/** Of the requests that were replayed; at least one. */
	readonly simulated: readonly CandidateFigures[];
	/** By repeat; nothing where a record could not be used. At least one. */
	readonly measured: readonly (CandidateFigures | undefined)[];
};

export type RankingVerdict = 'HELD' | 'NOT HELD' | 'CANNOT SAY';

/** Two candidates, the one whose simulated figure is smaller first. */
export type RankedPair = {
	readonly first: string;
	readonly second: string;
	/** Probability that one simulated run of the first has less than one of the second; ties count half. */
	readonly simulated: number;
	/** The same of the measured runs. */
	readonly measured: number;
	/** Whether the simulation tells them apart in a single run. */
	readonly isClear: boolean;
	/** What the measured means say of the order. */
	readonly outcome: 'same' | 'reversed' | 'tied';
};

/** Whether a figure ranks the candidates on a cluster as it does in the simulator. */
export type Ranking = {
	readonly figure: CandidateFigureName;
	/** Kendall's τ-b of the simulated against the measured means; null where either are all alike. */
	readonly tau: number | null;
	/** The same for each repeat that all candidates have. */
	readonly tauOfRepeats: readonly (number | null)[];
	readonly pairs: readonly RankedPair[];
	readonly verdict: RankingVerdict;
};

/** Probability of one order from which the simulation tells two candidates apart. */
const clear = 0.95;

/** A ranking by the objective, then by latency and by what misses the SLO. */
export function rankingsOf(points: readonly RankedPoint[], {minimize}: TuneGoal): Ranking[] {
	return [...new Set([minimize, 'p95Seconds', 'sloMisses'] as const)].map(figure => rankingOf(points, figure));
}

/**
 * The ranking by one figure. It has held when, of the pairs that the simulation tells apart, none is reversed in the
 * measured means and one at least is the same.
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
	const shares = first.flatMap(one => second.map(other => (1 + Math.sign(other[figure] - one[figure])) / 2));
	return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function tauOf(first: readonly number[], second: readonly number[]): number | null {
	const tau = kendallTau(first, second);
	return Number.isNaN(tau) ? null : tau;
}
