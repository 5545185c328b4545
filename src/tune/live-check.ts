import {type Estimate, estimate} from '../statistics/estimate.ts';
import {type CandidateFigureName, type CandidateFigures, figureNames} from './figures.ts';
import type {TuneGoal} from './goal.ts';
import type {LiveCandidate} from './live-candidates.ts';
import {type Ranking, type RankingVerdict, rankingsOf} from './ranking.ts';

/** A run of a candidate that was measured, and how it may be used. */
export type LiveRun = {
	readonly folder: string;
	readonly repeat: number;
	/** Nothing where the record may not judge; then there is a reason, which follows the folder's name. */
	readonly figures?: CandidateFigures;
	readonly reason?: string;
	/** Release of the cluster. */
	readonly kubernetes?: string;
};

/** A candidate, the runs that were simulated with the replayed requests, and those that were measured. */
export type LivePoint = {
	readonly live: LiveCandidate;
	readonly simulated: readonly CandidateFigures[];
	readonly runs: readonly LiveRun[];
};

type FigureEstimates = Readonly<Record<CandidateFigureName, Estimate>>;

/** What `live.json` holds of a candidate. Units are those of `Figures`. */
export type LiveOutcome = Omit<LiveCandidate, 'experiment'> & {
	readonly experimentHash: string;
	/** Means over the replications, and over the repeats; of one repeat there is no interval. */
	readonly simulated: FigureEstimates;
	readonly measured: FigureEstimates;
	readonly runs: readonly LiveRun[];
};

/** What `live.json` holds: whether a cluster ranks the candidates of a tuning as the simulator does. */
export type LiveCheck = {
	readonly apiVersion: 'replicast/v1';
	readonly kind: 'LiveCheck';
	readonly experiment: {readonly name: string; readonly profile?: string; readonly hash: string};
	readonly goal: {readonly minimize: CandidateFigureName; readonly subjectTo: readonly string[]};
	/** Of the objective. */
	readonly verdict: RankingVerdict;
	/** Simulated runs of each candidate. */
	readonly replications: number;
	/** Measured runs of each that were wanted. */
	readonly repeats: number;
	readonly candidates: readonly LiveOutcome[];
	/** The objective's first; none where fewer than two candidates have a record that may judge. */
	readonly rankings: readonly Ranking[];
};

type Checked = Pick<LiveCheck, 'experiment' | 'repeats'> & {readonly goal: TuneGoal};

/** What measured runs of candidates say of the order in which they were simulated. */
export function liveCheckOf(points: readonly LivePoint[], {experiment, goal, repeats}: Checked): LiveCheck {
	const ranked = points
		.filter(({runs}) => runs.some(({figures}) => figures !== undefined))
		.map(({live, simulated, runs}) => ({
			name: live.name,
			simulated,
			measured: Array.from({length: repeats}, (_, repeat) => runs.find(run => run.repeat === repeat)?.figures),
		}));
	const rankings = ranked.length < 2 ? [] : rankingsOf(ranked, goal);
	return {
		apiVersion: 'replicast/v1',
		kind: 'LiveCheck',
		experiment,
		goal: {minimize: goal.minimize, subjectTo: goal.constraints.map(({text}) => text)},
		verdict: rankings[0]?.verdict ?? 'CANNOT SAY',
		replications: points[0]?.simulated.length ?? 0,
		repeats,
		candidates: points.map(({live: {experiment: own, ...live}, simulated, runs}) => ({
			...live,
			experimentHash: own.hash,
			simulated: estimatesOf(simulated),
			measured: estimatesOf(runs.flatMap(({figures}) => figures ?? [])),
			runs,
		})),
		rankings,
	};
}

const fractions: readonly CandidateFigureName[] = ['availability', 'sloMisses'];

function estimatesOf(runs: readonly CandidateFigures[]): FigureEstimates {
	const entries = figureNames.map(name => {
		const bounds = fractions.includes(name) ? {min: 0, max: 1} : {min: 0};
		return [
			name,
			estimate(
				runs.map(run => run[name]),
				bounds,
			),
		] as const;
	});
	return Object.fromEntries(entries) as FigureEstimates;
}
