import {type Estimate, estimate} from '../statistics/estimate.ts';
import type {RunBook} from './budgeted-runs.ts';
import {type CandidateFigureName, type CandidateFigures, meanFigure, paretoFront} from './figures.ts';
import type {GivenCandidates} from './given-candidates.ts';
import {boundsKeptBy, keptShare, type TuneGoal} from './goal.ts';
import type {SearchResult} from './search.ts';
import {meetsGoal} from './sensitivity.ts';
import {brokenConditions, type Candidate, distinctCandidates, type Space} from './space.ts';
import {candidateStandingOf} from './standing.ts';
import type {TuningCandidate} from './tuning.ts';

/** Most candidates of the front that are reported on held-out replications, beside the ones that always are. */
const mostOnFront = 12;

/** Replications of the search from which a candidate may be on the front. */
const fewestOnFront = 5;

/** Feasibility by the replications of the report below which a candidate that the search was sure of is not recommended. */
const doubtful = 0.1;

/** A search, and the runs of its candidates on replications that it has not seen. */
export type Findings = {
	readonly space: Space;
	readonly goal: TuneGoal;
	readonly found: SearchResult;
	/** Best candidate, with present values where others make no difference. */
	readonly best: Candidate;
	/** Whether the search is sure that it keeps the bounds. */
	readonly isSure: boolean;
	readonly given: GivenCandidates;
	/** Runs of the report; undefined when it was interrupted. */
	readonly report: RunBook | undefined;
	/** Runs of the report of a candidate that has all of them, else none. */
	readonly heldOut: (candidate: Candidate) => readonly CandidateFigures[];
};

/** Candidates of a tuning's result, with their figures and their standing. */
export function candidatesOf({space, goal, found, best, isSure, given, report, heldOut}: Findings): TuningCandidate[] {
	const {present, kubernetesDefault} = given;
	const all = reported(found, {named: [best, present, kubernetesDefault], heldOut});
	const front = frontOf(
		all.filter(one => (one.heldOut || report === undefined) && keepsConditions(space, one.candidate)),
		goal,
	);
	return all.map(one => ({
		name: nameOf(one.candidate, given),
		...figuresIn(one.runs),
		settings: one.candidate.settings,
		meetsGoal: meetsGoal(one.runs, goal),
		feasibility: candidateStandingOf(one.runs, goal).feasibility,
		...keptIn(one.runs, goal),
		onFront: front.has(one.candidate.id),
		present: one.candidate.id === present.id,
		default: one.candidate.id === kubernetesDefault.id,
		recommended: one.candidate.id === best.id && isSure && !isDoubtful(one.runs, goal),
		heldOut: one.heldOut,
		replications: one.runs.length,
		...breaksOf(space, one.candidate),
		...lossOf(one.candidate, found, best),
	}));
}

/** Whether the runs of the report contradict the search; where a share of runs is to keep the bounds, they count beside its own. */
function isDoubtful(runs: readonly CandidateFigures[], goal: TuneGoal): boolean {
	return boundsKeptBy(goal) === 'mean' && candidateStandingOf(runs, goal).feasibility < doubtful;
}

/** Shares of the runs that keep the bounds, where a share of them is to. */
function keptIn(runs: readonly CandidateFigures[], goal: TuneGoal): Pick<TuningCandidate, 'keptShares' | 'p95InShare'> {
	const share = boundsKeptBy(goal);
	if (share === 'mean') {
		return {};
	}

	const latencies = runs.map(({p95Seconds}) => p95Seconds).sort((a, b) => a - b);
	return {
		keptShares: keptSharesOf(runs, goal),
		p95InShare: latencies[Math.ceil(share * runs.length - 1e-9) - 1]!,
	};
}

/** Share of runs that keep each bound, by its text. */
export function keptSharesOf(runs: readonly CandidateFigures[], {constraints}: TuneGoal): Record<string, number> {
	return Object.fromEntries(constraints.map(bound => [bound.text, keptShare(bound, runs)]));
}

/** Whether a candidate keeps the conditions of its space. */
export function keepsConditions(space: Space, {scaling}: Candidate): boolean {
	return brokenConditions(space, scaling).length === 0;
}

function breaksOf(space: Space, {scaling}: Candidate): Pick<TuningCandidate, 'breaks'> {
	const breaks = brokenConditions(space, scaling);
	return breaks.length === 0 ? {} : {breaks};
}

/** Candidates that none dominated in the search, cheap ones first. */
export function likelyFront({book}: SearchResult, goal: TuneGoal): Candidate[] {
	const simulated = book.candidates
		.map(candidate => ({candidate, runs: book.runsOf(candidate)}))
		.filter(({runs}) => runs.length >= fewestOnFront);
	const front = frontOf(simulated, goal);
	return simulated
		.filter(({candidate}) => front.has(candidate.id))
		.sort((a, b) => meanFigure(a.runs, 'costPerHour') - meanFigure(b.runs, 'costPerHour'))
		.map(({candidate}) => candidate)
		.slice(0, mostOnFront);
}

type Simulated = {readonly candidate: Candidate; readonly runs: readonly CandidateFigures[]};

/**
 * Ids of the candidates that no other dominates in cost, missed objectives (latency without one), churn and energy. The
 * first of candidates that act alike represents them.
 */
function frontOf(simulated: readonly Simulated[], {constraints}: TuneGoal): ReadonlySet<string> {
	const quality = constraints.some(({figure}) => figure === 'availability') ? 'sloMisses' : 'p95Seconds';
	const axes = ['costPerHour', quality, 'churnPerHour', 'energyWattHours'] as const;
	const isOn = paretoFront(simulated.map(({runs}) => axes.map(axis => meanFigure(runs, axis))));
	return new Set(simulated.filter((_, index) => isOn[index]).map(({candidate}) => candidate.id));
}

type Reported = Simulated & {readonly heldOut: boolean};

function reported(
	{book}: SearchResult,
	{named, heldOut}: {named: readonly Candidate[]; heldOut: (candidate: Candidate) => readonly CandidateFigures[]},
): Reported[] {
	const others = book.candidates
		.map(candidate => ({candidate, cost: meanFigure(book.runsOf(candidate), 'costPerHour')}))
		.sort((a, b) => a.cost - b.cost)
		.map(({candidate}) => candidate);
	return distinctCandidates([...named, ...others]).flatMap(candidate => {
		const own = heldOut(candidate);
		const runs = own.length > 0 ? own : book.runsOf(candidate);
		return runs.length === 0 ? [] : [{candidate, runs, heldOut: own.length > 0}];
	});
}

function nameOf({id}: Candidate, {present, kubernetesDefault}: GivenCandidates): string {
	return id === present.id ? 'present' : id === kubernetesDefault.id ? 'kubernetes-default' : id;
}

function lossOf({id}: Candidate, {losses}: SearchResult, best: Candidate): Pick<TuningCandidate, 'loss'> {
	const loss = losses.get(id);
	return loss === undefined || id === best.id ? {} : {loss};
}

function figuresIn(runs: readonly CandidateFigures[]) {
	const over = (figure: CandidateFigureName, bounds = {min: 0}): Estimate =>
		estimate(
			runs.map(run => run[figure] ?? Number.NaN),
			bounds,
		);
	const fraction = {min: 0, max: 1};
	return {
		costPerHour: over('costPerHour'),
		p95Seconds: over('p95Seconds'),
		sloMisses: over('sloMisses', fraction),
		availability: over('availability', fraction),
		churn: over('churnPerHour'),
		energy: over('energyWattHours'),
		replicas: over('meanReplicas'),
		...(runs[0]?.itlP95Seconds !== undefined && {
			ttftP95Seconds: over('ttftSeconds'),
			tpotP95Seconds: over('tpotP95Seconds'),
			itlP95Seconds: over('itlP95Seconds'),
			goodputPerSecond: over('goodputPerSecond'),
		}),
	};
}
