import {momentsOf} from '../../statistics/estimate.ts';
import type {CandidateFigures} from '../figures.ts';
import {type Constraint, slackOf, type TuneGoal} from '../goal.ts';
import {
	commonSpread,
	doubtOfMean,
	doubtOfShare,
	leastEvidence,
	type MeanEstimate,
	meanByWayOf,
	meanEstimate,
} from './evidence.ts';

/** Distance from a bound, in parts of its scale or as a share of the runs, that no claim is made within: it counts as undecided. */
const indifference = {mean: 0.005, share: 0.005} as const;

/** Doubts about one candidate. */
type BoundDoubts = {
	/** Doubt that it keeps all bounds. */
	readonly keeps: number;
	/** Doubt that it misses one. */
	readonly misses: number;
};

type Entrant = {readonly runs: readonly CandidateFigures[]};

/**
 * Doubts of candidates about the bounds, in their order. The candidate with most replications helps to judge the others:
 * its later ones show how lucky the first ones were, which all share.
 *
 * @param anchor - the one with most replications
 */
export function boundDoubts(entrants: readonly Entrant[], anchor: Entrant, {constraints}: TuneGoal): BoundDoubts[] {
	const doubts = constraints.map(constraint =>
		constraint.share === undefined
			? meanDoubts(constraint, entrants, anchor)
			: entrants.map(({runs}) => shareDoubts(constraint, constraint.share!, runs)),
	);
	return entrants.map((_, index) => ({
		keeps: Math.min(
			1,
			doubts.reduce((sum, own) => sum + own[index]!.keeps, 0),
		),
		misses: Math.min(1, ...doubts.map(own => own[index]!.misses)),
	}));
}

function meanDoubts(constraint: Constraint, entrants: readonly Entrant[], anchor: Entrant): BoundDoubts[] {
	const samples = entrants.map(({runs}) => runs.map(run => slackOf(constraint, run)));
	const anchored = samples[entrants.indexOf(anchor)]!;
	const moments = samples.map(momentsOf);
	const differences = samples.map(values => momentsOf(values.map((value, index) => value - anchored[index]!)));
	const common = commonSpread(moments);
	const commonDifference = commonSpread(differences.filter((_, index) => entrants[index] !== anchor));
	const anchorMean = meanEstimate(moments[entrants.indexOf(anchor)]!, common);
	return samples.map((values, index) => {
		const own = meanEstimate(moments[index]!, common);
		const isHelped = values.length >= leastEvidence && values.length < anchored.length;
		const other = isHelped ? meanByWayOf(anchorMean, meanEstimate(differences[index]!, commonDifference)) : own;
		return aboutMean(other.variance < own.variance ? other : own);
	});
}

function aboutMean(slack: MeanEstimate): BoundDoubts {
	return {
		keeps: doubtOfMean(slack, 'above', indifference.mean),
		misses: doubtOfMean(slack, 'below', -indifference.mean),
	};
}

function shareDoubts(constraint: Constraint, share: number, runs: readonly CandidateFigures[]): BoundDoubts {
	const {length: count} = runs;
	const kept = runs.filter(run => slackOf(constraint, run) >= 0).length;
	const [least, most] = [share - indifference.share, Math.min((1 + share) / 2, share + indifference.share)];
	return {
		keeps: doubtOfShare({hits: kept, count}, most),
		misses: doubtOfShare({hits: count - kept, count}, 1 - least),
	};
}
