import type {RunBook} from './budgeted-runs.ts';
import type {TuneGoal} from './goal.ts';
import type {Candidate} from './space.ts';
import {
	type CandidateStanding,
	candidateStandingOf,
	compareMeans,
	pairedDifference,
	probabilityAbove,
	type SampleMean,
	sure,
} from './standing.ts';

/** Probability of correct selection. */
export type Correctness = {
	/** Probability that none of the others is better. */
	readonly correct: number;
	/** Probability that none is better by more than `within` of the objective. */
	readonly good: number;
	readonly within: number;
};

/** A choice that misses the best by less is good enough. */
const within = 0.01;

/** Smallest difference that replications are spent on, as a share of the objective or of a bound’s scale. */
const finest = 0.005;

export type Finalist = {
	readonly candidate: Candidate;
	readonly standing: CandidateStanding;
	readonly difference: SampleMean;
};

/**
 * The finalists, the best first. Objectives are compared over the replications that a finalist shares with the one that
 * has simulated most.
 */
export function finalistsOf(book: RunBook, goal: TuneGoal, candidates: readonly Candidate[]): Finalist[] {
	const [reference] = [...candidates].sort((a, b) => book.runsOf(b).length - book.runsOf(a).length);
	const against = (other: Candidate) => (candidate: Candidate) => ({
		candidate,
		standing: candidateStandingOf(book.runsOf(candidate), goal, book.runsOf(reference!)),
		difference: pairedDifference(book.runsOf(candidate), book.runsOf(other), goal),
	});
	const [best] = candidates.map(against(reference!)).sort(compareFinalists);
	const others = candidates.filter(candidate => candidate !== best!.candidate).map(against(best!.candidate));
	return [against(best!.candidate)(best!.candidate), ...others.sort(compareFinalists)];
}

function compareFinalists(a: Finalist, b: Finalist): number {
	const [isSure, isOtherSure] = [a.standing.feasibility >= sure, b.standing.feasibility >= sure];
	if (isSure !== isOtherSure) {
		return isSure ? -1 : 1;
	}

	return isSure ? a.difference.mean - b.difference.mean : compareMeans(a.standing, b.standing);
}

/**
 * The probability of correct selection, by Bonferroni over the others and the bounds: at least that.
 *
 * @param finalists - the chosen one first, differences against it
 */
export function correctnessOf(finalists: readonly Finalist[]): Correctness {
	const [best, ...others] = finalists;
	const scale = Math.abs(best!.standing.objective.mean);
	const probability = (margin: number) =>
		others.reduce((rest, {difference, standing}) => {
			const isBetter = 1 - probabilityAbove(difference, -margin * scale);
			return rest - Math.min(isBetter, standing.hope);
		}, best!.standing.feasibility);
	return {correct: Math.max(0, probability(0)), good: Math.max(0, probability(within)), within};
}

/**
 * Weights for sharing replications among finalists: optimal computing budget allocation, with bounds. A finalist that
 * loses to the best by missing a bound needs no more than that shows; a better one needs enough to decide whether it
 * keeps the bounds. The best is paired with every other one, so it needs as many as any.
 *
 * @param finalists - the best first, differences against it
 * @returns a weight for each, at least 0
 * @see Chen and Lee, Stochastic Simulation Optimization, 2011, chapters 3 and 5
 */
export function allocation([best, ...others]: readonly Finalist[]): number[] {
	const scale = Math.abs(best!.standing.objective.mean) || 1;
	const weights = others.map(({difference, standing}) => {
		const byBound = standing.slacks.map(noiseToSlack);
		if (difference.mean < -finest * scale) {
			return Math.max(0, ...byBound);
		}

		const byObjective = noiseToSignal(difference.deviation, Math.max(difference.mean, finest * scale));
		return Math.min(byObjective, ...byBound.filter((_, index) => standing.slacks[index]!.mean < 0));
	});
	return [Math.max(0, ...weights, ...best!.standing.slacks.map(noiseToSlack)), ...weights];
}

type Shares = {
	readonly weights: readonly number[];
	/** Replications that each has. */
	readonly simulated: readonly number[];
	/** Replications that are added. */
	readonly step: number;
	/** Replications of one at most. */
	readonly most: number;
};

/** How many replications each is to have, in proportion to the weights as far as what is simulated and the cap allow. */
export function shareOut({weights, simulated, step, most}: Shares): number[] {
	const even = weights.every(weight => weight === 0);
	const lengths = (level: number) =>
		weights.map((weight, index) =>
			Math.max(simulated[index]!, Math.min(most, Math.floor(level * (even ? 1 : weight)))),
		);
	const added = (level: number) => lengths(level).reduce((sum, length, index) => sum + length - simulated[index]!, 0);
	let [low, high] = [0, 1];
	while (added(high) < step && high < 2 ** 60) {
		[low, high] = [high, high * 2];
	}

	for (let halving = 0; halving < 50; halving++) {
		const middle = (low + high) / 2;
		[low, high] = added(middle) < step ? [middle, high] : [low, middle];
	}

	return lengths(high);
}

function noiseToSlack({mean, deviation}: SampleMean): number {
	return noiseToSignal(deviation, Math.max(Math.abs(mean), finest));
}

function noiseToSignal(deviation: number, signal: number): number {
	return (deviation / signal) ** 2;
}
