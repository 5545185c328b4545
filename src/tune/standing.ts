import {type Moments, momentsOf, shareProbability, studentProbability} from '../statistics/estimate.ts';
import type {CandidateFigures} from './figures.ts';
import {type Constraint, slackOf, type TuneGoal} from './goal.ts';

/** Mean of independent values, and what is known of it. */
export type SampleMean = {
	readonly count: number;
	readonly mean: number;
	/** Standard deviation of a value; Infinity for a single one, of which nothing is known. */
	readonly deviation: number;
};

/** @param values - at least one */
export function sampleOf(values: readonly number[]): SampleMean {
	return sampleOfMoments(momentsOf(values));
}

export function sampleOfMoments({count, center, squares}: Moments): SampleMean {
	return {count, mean: center, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : Number.POSITIVE_INFINITY};
}

/** Values of an anchor with their mean, which all that it stands beside share. */
export class AnchorValues {
	readonly values: readonly number[];
	#sample: SampleMean | undefined;

	constructor(values: readonly number[]) {
		this.values = values;
	}

	get sample(): SampleMean {
		this.#sample ??= sampleOf(this.values);
		return this.#sample;
	}
}

/** Fewest values from which the spread of a difference is estimated. */
const fewest = 3;

/**
 * Sample corrected by another candidate with more of the same replications: its deviation in the first ones is the
 * deviation of all that share its luck (a control variate with coefficient 1). Without the correction where it is no
 * more exact.
 *
 * @param values - of the first replications
 * @param anchor - of more of them
 */
export function anchoredSample(values: readonly number[], anchor: AnchorValues): SampleMean {
	const own = sampleOf(values);
	const {count} = own;
	if (count < fewest || anchor.values.length <= count) {
		return own;
	}

	const long = anchor.sample;
	const difference = sampleOf(values.map((value, index) => value - anchor.values[index]!));
	const variance = difference.deviation ** 2 / count + long.deviation ** 2 / long.count;
	return variance < own.deviation ** 2 / count
		? {count, mean: long.mean + difference.mean, deviation: Math.sqrt(variance * count)}
		: own;
}

/** Probability that the true mean is above a bound, by Student's t. */
export function probabilityAbove({count, mean: center, deviation}: SampleMean, bound: number): number {
	if (deviation === 0) {
		return center >= bound ? 1 : 0;
	}

	const error = deviation / Math.sqrt(count);
	return error === Number.POSITIVE_INFINITY ? 0.5 : studentProbability((center - bound) / error, count - 1);
}

/** Standing of a candidate against the goal. */
export type CandidateStanding = {
	readonly objective: SampleMean;
	/** Distance to each bound in parts of its scale, negative beyond it; of a share of runs, the share beyond the wanted one. */
	readonly slacks: readonly SampleMean[];
	/** Probability that it truly keeps every bound; by Bonferroni, so at least that. */
	readonly feasibility: number;
	/** Upper bound of the feasibility: the probability of the bound that is kept least. */
	readonly hope: number;
	/** Distance beyond the bounds, in parts of their scales; 0 when they are kept. */
	readonly violation: number;
};

/** Feasibility from which a candidate counts as one that keeps the bounds. */
export const sure = 0.9;

/** Feasibility from which others that are worse are given up: they do not come back. */
export const certain = 0.99;

/** Hope at which a candidate certainly misses. */
export const hopeless = 0.01;

/** @param runs - of the first replications, at least one */
export function candidateStandingOf(
	runs: readonly CandidateFigures[],
	goal: TuneGoal,
	anchor: readonly CandidateFigures[] = [],
): CandidateStanding {
	return standingsBeside(anchor, goal)(runs);
}

/**
 * Standings of candidates beside an anchor.
 *
 * @param anchor - a candidate with more replications: it shows how lucky the first ones were; empty for none
 */
export function standingsBeside(
	anchor: readonly CandidateFigures[],
	{minimize, constraints}: TuneGoal,
): (runs: readonly CandidateFigures[]) => CandidateStanding {
	const anchored = (value: (run: CandidateFigures) => number) => {
		const beside = new AnchorValues(anchor.map(value));
		return (runs: readonly CandidateFigures[]) => anchoredSample(runs.map(value), beside);
	};
	const boundsOf = constraints.map(constraint => {
		const {share} = constraint;
		if (share !== undefined) {
			return (runs: readonly CandidateFigures[]) => shareStanding(constraint, share, runs);
		}

		const slack = anchored(run => slackOf(constraint, run));
		return (runs: readonly CandidateFigures[]) => meanStanding(slack(runs));
	});
	const objective = anchored(run => run[minimize]);
	return runs => {
		const bounds = boundsOf.map(of => of(runs));
		const kept = bounds.map(({probability}) => probability);
		return {
			objective: objective(runs),
			slacks: bounds.map(({slack}) => slack),
			feasibility: Math.max(
				0,
				kept.reduce((rest, probability) => rest - (1 - probability), 1),
			),
			hope: Math.min(1, ...kept),
			violation: bounds.reduce((sum, {beyond}) => sum + Math.max(0, beyond), 0),
		};
	};
}

type BoundStanding = {readonly slack: SampleMean; readonly probability: number; readonly beyond: number};

function meanStanding(slack: SampleMean): BoundStanding {
	return {slack, probability: probabilityAbove(slack, 0), beyond: -slack.mean};
}

/** Standing against a bound that a share of the runs is to keep; beyond it is the run that the share has to reach to. */
function shareStanding(constraint: Constraint, share: number, runs: readonly CandidateFigures[]): BoundStanding {
	const slacks = runs.map(run => slackOf(constraint, run)).sort((a, b) => b - a);
	const {length: count} = slacks;
	const hits = slacks.filter(slack => slack >= 0).length;
	const likely = (hits + 0.5) / (count + 1);
	return {
		slack: {count, mean: hits / count - share, deviation: Math.sqrt(likely * (1 - likely))},
		probability: shareProbability({hits, count}, share),
		beyond: -slacks[Math.ceil(share * count - 1e-9) - 1]!,
	};
}

/** Orders by means: candidates that keep the bounds by objective, then the others by distance. */
export function compareMeans(a: CandidateStanding, b: CandidateStanding): number {
	return a.violation - b.violation || a.objective.mean - b.objective.mean;
}

/** Differences of an objective, pair by pair over the replications that both have simulated. */
export function pairedDifference(
	runs: readonly CandidateFigures[],
	reference: readonly CandidateFigures[],
	{minimize}: TuneGoal,
): SampleMean {
	const count = Math.min(runs.length, reference.length);
	return sampleOf(Array.from({length: count}, (_, index) => runs[index]![minimize] - reference[index]![minimize]));
}
