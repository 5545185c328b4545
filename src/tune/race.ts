import {studentQuantile} from '../statistics/estimate.ts';
import type {RunBook} from './budgeted-runs.ts';
import type {TuneGoal} from './goal.ts';
import type {Candidate} from './space.ts';
import {
	type CandidateStanding,
	certain,
	compareMeans,
	hopeless,
	pairedDifference,
	standingsBeside,
} from './standing.ts';

/** Reasons for which a candidate leaves a race: it certainly misses a bound, it is worse than the best by a paired test, or it was cut. */
export const losses = ['misses', 'worse', 'cut'] as const;

export type Loss = (typeof losses)[number];

/** Differences below this share of the objective are none. */
const indifference = 0.005;

/** One-sided error of each paired test. */
const error = 0.025;

/**
 * Heats: replications after which losers are dropped; the most that stay, as a share of the entrants, and the fewest
 * that always stay.
 */
export const heats: readonly Pick<Heat, 'length' | 'share' | 'fewest'>[] = [
	{length: 3, share: 1 / 2, fewest: 8},
	{length: 5, share: 1 / 4, fewest: 8},
	{length: 8, share: 1 / 8, fewest: 8},
	{length: 12, share: 1 / 16, fewest: 8},
	{length: 20, share: 1 / 16, fewest: 8},
	{length: 32, share: 1 / 16, fewest: 6},
];

type Heat = {
	readonly entrants: number;
	/** Replications that count, the same for all. */
	readonly length: number;
	readonly share: number;
	readonly fewest: number;
	/** Has simulated more replications than the others; see `standingOf`. */
	readonly anchor: Candidate | undefined;
	readonly onLoss: (candidate: Candidate, loss: Loss) => void;
};

/**
 * Survivors of a heat, the best by its means first. Tests are against the best that certainly keeps the bounds: it
 * stays, too, for what looks better may yet turn out to miss.
 */
export function survivorsOf(book: RunBook, goal: TuneGoal, alive: readonly Candidate[], heat: Heat): Candidate[] {
	const ranked = rankedBy(book, goal, alive, heat);
	const reference = ranked.filter(({standing}) => standing.feasibility >= certain).sort(byObjective)[0];
	const most = Math.max(heat.fewest, Math.ceil(heat.entrants * heat.share));
	const lossOf = (one: Ranked): Loss | undefined =>
		one === ranked[0] || one === reference
			? undefined
			: one.standing.hope <= hopeless
				? 'misses'
				: isWorse(book, goal, one, {reference, length: heat.length})
					? 'worse'
					: undefined;
	const promising: Ranked[] = [];
	for (const one of ranked) {
		const loss = lossOf(one);
		if (loss === undefined) {
			promising.push(one);
		} else {
			heat.onLoss(one.candidate, loss);
		}
	}

	const kept = new Set(takenInTurn(promising, most));
	if (reference !== undefined) {
		kept.add(reference);
	}

	for (const {candidate} of promising.filter(one => !kept.has(one))) {
		heat.onLoss(candidate, 'cut');
	}

	return promising.filter(one => kept.has(one)).map(({candidate}) => candidate);
}

/** Hope from which a candidate is worth a place for its objective alone. */
const plausible = 0.1;

/** Takes in turn the best by their means and the cheapest that may yet turn out to keep the bounds. */
function takenInTurn(ranked: readonly Ranked[], most: number): Ranked[] {
	const cheapest = ranked.filter(({standing}) => standing.hope >= plausible).sort(byObjective);
	const taken = new Set<Ranked>();
	for (let turn = 0; turn < ranked.length && taken.size < most; turn++) {
		for (const one of [ranked[turn], cheapest[turn]]) {
			if (one !== undefined && taken.size < most) {
				taken.add(one);
			}
		}
	}

	return [...taken];
}

type Ranked = {readonly candidate: Candidate; readonly standing: CandidateStanding};

/** Candidates by their standing over the first replications, the best first; those without a run are left out. */
export function rankedBy(
	book: RunBook,
	goal: TuneGoal,
	candidates: readonly Candidate[],
	{length, anchor}: Pick<Heat, 'length' | 'anchor'>,
): Ranked[] {
	const standingOf = standingsBeside(anchor === undefined ? [] : book.runsOf(anchor), goal);
	return candidates
		.filter(candidate => book.runsOf(candidate).length > 0)
		.map(candidate => ({
			candidate,
			standing: standingOf(book.runsOf(candidate).slice(0, length)),
		}))
		.sort((a, b) => compareMeans(a.standing, b.standing));
}

function byObjective(a: Ranked, b: Ranked): number {
	return a.standing.objective.mean - b.standing.objective.mean;
}

type Against = {readonly reference: Ranked | undefined; readonly length: number};

/** Whether the best that can be hoped for of a candidate is no better than the reference. */
function isWorse(book: RunBook, goal: TuneGoal, {candidate}: Ranked, {reference, length}: Against): boolean {
	if (reference === undefined) {
		return false;
	}

	const [runs, others] = [candidate, reference.candidate].map(one => book.runsOf(one).slice(0, length));
	const {count, mean, deviation} = pairedDifference(runs!, others!, goal);
	if (count < 2) {
		return false;
	}

	const hope = (studentQuantile(1 - error, count - 1) * deviation) / Math.sqrt(count) - mean;
	return hope < indifference * Math.abs(reference.standing.objective.mean);
}
