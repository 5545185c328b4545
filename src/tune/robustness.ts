import {estimate} from '../statistics/estimate.ts';
import {simulateUntil} from './budgeted-runs.ts';
import {boundsKeptBy, keptIn, slackOf, type TuneGoal} from './goal.ts';
import type {SearchOptions, SearchResult} from './search.ts';
import {nextLengths} from './selection/allocation.ts';
import type {Candidate} from './space.ts';
import {sure} from './standing.ts';
import type {Tuning} from './tuning.ts';
import type {Findings} from './tuning-candidates.ts';

/** Runs beyond the budget, replications of each candidate at most, and probability of a good choice that is enough. */
const extra = {runs: 512, most: 128, enough: 0.9} as const;

/**
 * The best candidate where bounds had to be kept by the mean of the runs alone: beside the recommended one it shows what
 * it costs to keep them in most runs. It is chosen by the runs of the search, and a few more.
 *
 * @returns undefined where the bounds are to be kept by the mean anyhow, or nothing surely does
 */
export async function bestByMean(
	{book, contestBy}: SearchResult,
	goal: TuneGoal,
	evaluate: SearchOptions['evaluate'],
): Promise<Candidate | undefined> {
	if (boundsKeptBy(goal) === 'mean') {
		return undefined;
	}

	const byMean = {goal: {...goal, constraints: keptIn(goal.constraints, 'mean')}};
	const before = book.runCount;
	let contest = contestBy(byMean);
	while (contest.correctness.good < extra.enough && book.runCount - before < extra.runs) {
		const lengths = nextLengths(contest, {
			enough: extra.enough,
			most: extra.most,
			runsOf: ({candidate}) => book.runsOf(candidate).length,
		});
		const wanted = lengths.map(([{candidate}, length]) => [candidate, length] as const);
		if (wanted.length === 0 || !(await simulateUntil(book, wanted, evaluate))) {
			break;
		}

		contest = contestBy(byMean);
	}

	return contest.chosen.standing.feasibility >= sure ? contest.chosen.candidate : undefined;
}

/** Surplus of the objective that the recommended candidate takes over the best by the mean, pair by pair. */
export function robustnessOf(
	byMean: Candidate | undefined,
	{best, found: {book}, goal, heldOut}: Pick<Findings, 'best' | 'found' | 'goal' | 'heldOut'>,
): Pick<Tuning, 'robustness'> {
	if (byMean === undefined) {
		return {};
	}

	const isHeldOut = heldOut(best).length > 0 && heldOut(byMean).length > 0;
	const [own, other] = [best, byMean].map(one => (isHeldOut ? heldOut(one) : book.runsOf(one)));
	const pairs = other!.flatMap((run, index) => (own![index] === undefined ? [] : [[own![index], run] as const]));
	const {minimize, constraints} = goal;
	const all = [...book.runsOf(byMean), ...heldOut(byMean)];
	const kept = all.filter(run => constraints.every(bound => slackOf(bound, run) >= 0));
	return {
		robustness: {
			name: byMean.id,
			settings: byMean.settings,
			objective: estimate(other!.map(run => run[minimize])),
			more: estimate(pairs.map(([mine, run]) => mine[minimize] - run[minimize])),
			fraction: estimate(pairs.map(([mine, run]) => mine[minimize] / run[minimize] - 1)),
			keptShare: kept.length / all.length,
		},
	};
}
