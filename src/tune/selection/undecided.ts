import type {SearchResult} from '../search.ts';
import type {Tuning, UndecidedCandidate} from '../tuning.ts';
import type {Contest} from './contest.ts';

/** Undecided candidates that are named at most. */
const mostNamed = 5;

/** Candidates that may yet be better than the chosen one, the best first. */
export function undecidedIn({chosen, undecided}: Contest): UndecidedCandidate[] {
	const scale = Math.abs(chosen.standing.objective.mean) || 1;
	return undecided.slice(0, mostNamed).map(({candidate, difference, standing}) => ({
		name: candidate.id,
		settings: candidate.settings,
		difference: difference.mean / scale,
		feasibility: standing.feasibility,
		replications: standing.objective.count,
	}));
}

/** Number of candidates that a claim is about, and whether they are all of the space. */
export function triedIn({isWhole}: SearchResult, {rivals}: Contest): NonNullable<Tuning['tried']> {
	return {candidates: rivals.length + 1, isAll: isWhole};
}
