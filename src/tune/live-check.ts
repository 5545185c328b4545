import * as z from 'zod';
import type {Experiment} from '../experiment/experiment.ts';
import {EstimateForm} from '../forecast/summary.ts';
import {estimate} from '../statistics/estimate.ts';
import {type CandidateFigureName, type CandidateFigures, figureNames, tokenFigureNames} from './figures.ts';
import {slackOf, type TuneGoal} from './goal.ts';
import {losses} from './race.ts';
import {Ranking, RankingVerdict, rankingsOf} from './ranking.ts';
import {ValueForm} from './tuning.ts';

const FigureName = z.enum([...figureNames, ...tokenFigureNames]);

/** A form for each figure; figures of tokens are left out where runs have none. */
function figuresOf<Form extends z.ZodType>(form: Form) {
	const each = <Name extends string, F>(names: readonly Name[], one: F) =>
		Object.fromEntries(names.map(name => [name, one])) as Record<Name, F>;
	return z.object({...each(figureNames, form), ...each(tokenFigureNames, z.exactOptional(form))});
}

/** Measured run of a candidate, and how it may be used. */
const LiveRun = z.object({
	folder: z.string(),
	repeat: z.int().min(0),
	/** Absent when the record may not judge; then there is a reason, which follows the folder's name. */
	figures: figuresOf(z.number()).exactOptional(),
	reason: z.string().exactOptional(),
	/** Release of the cluster. */
	kubernetes: z.string().exactOptional(),
});

export type LiveRun = z.infer<typeof LiveRun>;

const FigureEstimates = figuresOf(EstimateForm);

/** Outcome of one candidate. Units are those of `CandidateFigures`. */
const LiveOutcome = z.object({
	role: z.enum(['recommended', 'present', 'dropped']),
	/** Name in the tuning. */
	name: z.string(),
	settings: z.record(z.string(), ValueForm),
	/** Reason why the search dropped it, and its objective in the search until then. */
	dropped: z.object({loss: z.enum(losses), objective: EstimateForm}).exactOptional(),
	experimentHash: z.string(),
	/** Means over the replications, and over the repeats; one repeat has no interval. */
	simulated: FigureEstimates,
	measured: FigureEstimates,
	runs: z.array(LiveRun).readonly(),
});

export type LiveOutcome = z.infer<typeof LiveOutcome>;

/** Whether the recommended setting keeps its bounds on the cluster, repeat by repeat. */
const LiveBounds = z.object({
	/** `KEPT` in each repeat that was wanted, `MISSED` in one at least, else `CANNOT SAY`. */
	verdict: z.enum(['KEPT', 'MISSED', 'CANNOT SAY']),
	/** Repeats with a record that may judge, and the texts of the bounds that each misses. */
	repeats: z.array(z.object({repeat: z.int().min(0), missed: z.array(z.string()).readonly()})).readonly(),
});

export type LiveBounds = z.infer<typeof LiveBounds>;

/** `live.json`: whether a cluster ranks the candidates of a tuning as the simulator does. */
export const LiveCheck = z.object({
	apiVersion: z.literal('replicast/v1'),
	kind: z.literal('LiveCheck'),
	experiment: z.object({name: z.string(), profile: z.string().exactOptional(), hash: z.string()}),
	goal: z.object({minimize: FigureName, subjectTo: z.array(z.string()).readonly()}),
	/** Verdict of the objective's ranking. */
	verdict: RankingVerdict,
	/** Left out by an earlier release. */
	bounds: LiveBounds.exactOptional(),
	/** Simulated runs of each candidate. */
	replications: z.number(),
	/** Measured runs of each that were wanted. */
	repeats: z.number(),
	candidates: z.array(LiveOutcome).readonly(),
	/** The objective's first; none when fewer than two candidates have a record that may judge. */
	rankings: z.array(Ranking).readonly(),
});

export type LiveCheck = z.infer<typeof LiveCheck>;

/** Candidate that is measured on a cluster. */
export type LiveCandidate = Pick<LiveOutcome, 'role' | 'name' | 'settings' | 'dropped'> & {
	/** Experiment with its settings, under a hash of its own. */
	readonly experiment: Experiment;
};

/** A candidate, its simulated runs with the replayed requests, and its measured runs. */
export type LivePoint = {
	readonly live: LiveCandidate;
	readonly simulated: readonly CandidateFigures[];
	readonly runs: readonly LiveRun[];
};

type Checked = Pick<LiveCheck, 'experiment' | 'repeats'> & {readonly goal: TuneGoal};

/** Check of a tuning's ranking by measured runs of its candidates. */
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
		bounds: liveBoundsOf(points, {goal, repeats}),
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

function liveBoundsOf(points: readonly LivePoint[], {goal, repeats}: Pick<Checked, 'goal' | 'repeats'>): LiveBounds {
	const runs = points.find(({live}) => live.role === 'recommended')?.runs ?? [];
	const judged = runs.flatMap(({repeat, figures}) => {
		const missed = goal.constraints.filter(bound => figures !== undefined && !(slackOf(bound, figures) >= 0));
		return figures === undefined ? [] : [{repeat, missed: missed.map(({text}) => text)}];
	});
	const isMissed = judged.some(({missed}) => missed.length > 0);
	const verdict = isMissed ? 'MISSED' : judged.length > 0 && judged.length === repeats ? 'KEPT' : 'CANNOT SAY';
	return {verdict, repeats: judged};
}

const fractions: readonly CandidateFigureName[] = ['availability', 'sloMisses'];

function estimatesOf(runs: readonly CandidateFigures[]): LiveOutcome['measured'] {
	const ofTokens = tokenFigureNames.filter(name => runs[0]?.[name] !== undefined);
	const entries = [...figureNames, ...ofTokens].map(name => {
		const bounds = fractions.includes(name) ? {min: 0, max: 1} : {min: 0};
		return [
			name,
			estimate(
				runs.map(run => run[name] ?? Number.NaN),
				bounds,
			),
		] as const;
	});
	return Object.fromEntries(entries) as LiveOutcome['measured'];
}
