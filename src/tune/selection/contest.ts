import {type Moments, momentsOf} from '../../statistics/estimate.ts';
import type {RunBook} from '../budgeted-runs.ts';
import type {CandidateFigures} from '../figures.ts';
import type {TuneGoal} from '../goal.ts';
import type {Candidate} from '../space.ts';
import {
	type CandidateStanding,
	candidateStandingOf,
	compareMeans,
	pairedDifference,
	type SampleMean,
	sampleOfMoments,
	standingsBeside,
	sure,
} from '../standing.ts';
import {boundDoubts} from './bound-doubts.ts';
import {type CommonSpread, commonSpread, doubtOfMean, leastEvidence, meanEstimate} from './evidence.ts';

/** Probability of correct selection among the candidates that were simulated; at least that. */
export type Correctness = {
	/** Probability that the chosen one keeps the bounds, and that none of the others keeps them with less of the objective. */
	readonly correct: number;
	/** Probability of the same, where one that is better by no more than `within` of the objective does not count. */
	readonly good: number;
	readonly within: number;
	/** Largest probability that the chosen one misses a bound; undefined where nobody computed it. */
	readonly doubt?: number;
};

/** A choice that misses the best by less is good enough. */
export const within = 0.01;

/** Risk from which it is worth a word that a rival may be the better choice. */
const open = 0.05;

/** Replications from which a candidate may be chosen, as long as there is one that has as many. */
const fewestOfChosen = 8;

export type Contender = {
	readonly candidate: Candidate;
	readonly standing: CandidateStanding;
	/** Difference of its objective against the chosen one's, pair by pair. */
	readonly difference: SampleMean;
	/** Largest probability that it is the better choice: that it keeps the bounds, with less of the objective by more than `within`; or by anything. */
	readonly risk: {readonly good: number; readonly correct: number};
};

/** Candidates of a selection: the chosen one, and who may yet be better. */
export type Contest = {
	readonly chosen: Contender;
	/** The others, the likeliest to be the better choice first. */
	readonly rivals: readonly Contender[];
	/** Rivals with less of the objective of which it is open whether they keep the bounds, the least first. */
	readonly undecided: readonly Contender[];
	/** The cheapest that may keep the bounds where the chosen one may well miss one; else the nearest to that. */
	readonly fallbacks: readonly Contender[];
	readonly correctness: Correctness;
};

type Entrant = {
	readonly candidate: Candidate;
	readonly runs: readonly CandidateFigures[];
	readonly standing: CandidateStanding;
};

/** Standings of candidates by their own runs, computed again only where there are more. */
export class Standings {
	readonly #goal: TuneGoal;
	readonly #known = new Map<string, {readonly count: number; readonly standing: CandidateStanding}>();

	constructor(goal: TuneGoal) {
		this.#goal = goal;
	}

	of({id}: Candidate, runs: readonly CandidateFigures[]): CandidateStanding {
		const known = this.#known.get(id);
		if (known?.count === runs.length) {
			return known.standing;
		}

		const standing = candidateStandingOf(runs, this.#goal);
		this.#known.set(id, {count: runs.length, standing});
		return standing;
	}
}

type Contesting = {
	readonly book: RunBook;
	readonly goal: TuneGoal;
	readonly standings: Standings;
	/** Chooses this one, whether it is the best or not. */
	readonly chosen?: Candidate;
};

/**
 * The contest of candidates with at least one run. The chosen one is the cheapest that keeps the bounds with a
 * probability of 90 %, else the one that is nearest to that. Every other one is a rival as far as its runs leave it open
 * whether it is better: it is not as soon as there is evidence that it misses a bound, or that its objective is no less.
 */
export function contestOf(candidates: readonly Candidate[], contesting: Contesting): Contest {
	const {book, goal, standings} = contesting;
	const known = candidates
		.map(candidate => ({candidate, runs: book.runsOf(candidate)}))
		.filter(({runs}) => runs.length > 0)
		.map(one => ({...one, standing: standings.of(one.candidate, one.runs)}));
	const anchor = known.reduce((most, one) => (one.runs.length > most.runs.length ? one : most));
	const isTried = ({runs}: Entrant) => runs.length >= Math.min(fewestOfChosen, anchor.runs.length);
	const standingBeside = standingsBeside(anchor.runs, goal);
	const entrants = known.map(one =>
		isTried(one) && one !== anchor ? {...one, standing: standingBeside(one.runs)} : one,
	);
	const chosen =
		entrants.find(({candidate}) => candidate.id === contesting.chosen?.id) ??
		chosenOf(entrants.filter(isTried), anchor.runs, goal);
	const doubts = boundDoubts(entrants, entrants[known.indexOf(anchor)]!, goal);
	const differences = entrants.map(({runs}) => differencesOf(runs, chosen.runs, goal));
	const moments = differences.map(momentsOf);
	const spread = commonSpread(moments.filter((_, index) => entrants[index] !== chosen));
	const scale = Math.abs(chosen.standing.objective.mean);
	const contenders = entrants.map((entrant, index): Contender => {
		const difference = {values: differences[index]!, moments: moments[index]!};
		const riskWith = (margin: number) =>
			Math.min(doubts[index]!.misses, doubtOfNoBetter(difference, {margin: margin * scale, spread}));
		return {
			candidate: entrant.candidate,
			standing: entrant.standing,
			difference: sampleOfMoments(difference.moments),
			risk: {good: riskWith(within), correct: riskWith(0)},
		};
	});
	const rivals = contenders.filter((_, index) => entrants[index] !== chosen).sort((a, b) => b.risk.good - a.risk.good);
	const doubt = doubts[entrants.indexOf(chosen)]!.keeps;
	const probability = (risk: 'good' | 'correct') =>
		Math.max(
			0,
			rivals.reduce((rest, rival) => rest - rival.risk[risk], 1 - doubt),
		);
	return {
		chosen: contenders[entrants.indexOf(chosen)]!,
		rivals,
		undecided: rivals
			.filter(({risk, standing}) => Math.min(risk.good, standing.feasibility) >= open)
			.filter(({difference}) => difference.mean < -within * scale)
			.sort((a, b) => a.difference.mean - b.difference.mean),
		fallbacks: chosen.standing.feasibility >= sure ? [] : fallbacksAmong(rivals),
		correctness: {correct: probability('correct'), good: probability('good'), within, doubt},
	};
}

/** Feasibility from which a candidate may be a fallback, and the most of them. */
const fallback = {feasibility: 0.3, most: 6} as const;

function fallbacksAmong(rivals: readonly Contender[]): Contender[] {
	const plausible = rivals
		.filter(({standing}) => standing.feasibility >= fallback.feasibility)
		.sort((a, b) => a.difference.mean - b.difference.mean);
	return (plausible.length > 0 ? plausible : rivals.toSorted(compareContenders)).slice(0, fallback.most);
}

/** Orders by the choice: what surely keeps the bounds by its objective, then the others by their distance. */
export function compareContenders(a: Contender, b: Contender): number {
	const [isSure, isOtherSure] = [a.standing.feasibility >= sure, b.standing.feasibility >= sure];
	if (isSure !== isOtherSure) {
		return isSure ? -1 : 1;
	}

	return isSure ? a.difference.mean - b.difference.mean : compareMeans(a.standing, b.standing);
}

function chosenOf(tried: readonly Entrant[], reference: Entrant['runs'], goal: TuneGoal): Entrant {
	const keeping = tried.filter(({standing}) => standing.feasibility >= sure);
	const leads = new Map(keeping.map(one => [one, pairedDifference(one.runs, reference, goal).mean]));
	return keeping.length > 0
		? keeping.reduce((best, one) => (leads.get(one)! < leads.get(best)! ? one : best))
		: tried.reduce((best, one) => (compareMeans(one.standing, best.standing) < 0 ? one : best));
}

function differencesOf(
	runs: readonly CandidateFigures[],
	others: readonly CandidateFigures[],
	{minimize}: TuneGoal,
): number[] {
	const shared = Math.min(runs.length, others.length);
	return Array.from({length: shared}, (_, index) => runs[index]![minimize] - others[index]![minimize]);
}

type Differences = {readonly values: readonly number[]; readonly moments: Moments};

type Margin = {readonly margin: number; readonly spread: CommonSpread};

/** Doubt that a candidate's objective is not less by more than a margin; candidates that have acted alike in all runs are equal. */
function doubtOfNoBetter({values, moments}: Differences, {margin, spread}: Margin): number {
	if (values.length < leastEvidence) {
		return 1;
	}

	return margin === 0 && values.every(difference => difference === 0)
		? 1 / (values.length + 1)
		: doubtOfMean(meanEstimate(moments, spread), 'above', -margin);
}
