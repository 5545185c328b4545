import {type Estimate, estimate} from '../statistics/estimate.ts';
import type {Task} from './budgeted-runs.ts';
import {RunBook} from './budgeted-runs.ts';
import {type CandidateFigureName, type CandidateFigures, meanFigure, paretoFront} from './figures.ts';
import {givenCandidates} from './given-candidates.ts';
import type {TuneGoal} from './goal.ts';
import {type SearchOptions, type SearchResult, search} from './search.ts';
import {meetsGoal, type SingleChange, sensitivityOf, sensitivityPlan} from './sensitivity.ts';
import {anyCandidate, brokenConditions, type Candidate, distinctCandidates, type Space} from './space.ts';
import {candidateStandingOf} from './standing.ts';
import type {Tuning, TuningCandidate} from './tuning.ts';

export type TuneOptions = Omit<SearchOptions, 'given' | 'compared'> & {
	/** Called when the search is over: what ends its time does not end the report. */
	readonly onSearched?: () => void;
	/** Replications that the report is made of: 0 and on, which the search does not see. At least 2. */
	readonly replications: number;
};

/** Replications of each single change at most. */
const mostOfChange = 8;
/** Candidates of the front that are reported on held-out replications, beside those that always are. */
const mostOnFront = 12;
/** Replications of the search from which a candidate may be on the front. */
const fewestOnFront = 5;

/**
 * Searches a space, then plays what it found, what there is and what Kubernetes would do by itself on replications that
 * the search has not seen: those of a forecast of the experiment.
 */
export async function tune(space: Space, goal: TuneGoal, options: TuneOptions): Promise<Tuning> {
	const {present, kubernetesDefault} = givenCandidates(space);
	const found = await search(space, goal, {...options, ...startOf(space, [present, kubernetesDefault])});
	options.onSearched?.();
	const {best} = found;
	const plan = sensitivityPlan(space, best);
	const named = [best, present, kubernetesDefault];
	const report = await playReport(found, {named, plan, goal, options});
	const heldOut = (candidate: Candidate) => {
		const runs = report?.runsOf(candidate) ?? [];
		return runs.length === options.replications ? runs : [];
	};
	const all = reported(found, {named, heldOut});
	const front = frontOf(
		all.filter(one => (one.heldOut || report === undefined) && keepsConditions(space, one.candidate)),
		goal,
	);
	const pairs = heldOut(best).map((run, index) => [run, heldOut(present)[index]!] as const);
	const runs = pairs.length > 0 ? pairs : pairsOf(found.book.runsOf(best), found.book.runsOf(present));
	return {
		space: space.name,
		goal,
		seed: options.seed,
		end: report === undefined ? 'interrupted' : found.end,
		runs: found.book.runCount,
		correctness: found.correctness,
		recommended: best.scaling,
		found: {
			feasibility: found.finalists[0]!.standing.feasibility,
			replications: found.book.runsOf(best).length,
		},
		saved: {
			costPerHour: estimate(runs.map(([own, other]) => other.costPerHour - own.costPerHour)),
			fraction: estimate(runs.map(([own, other]) => (other.costPerHour - own.costPerHour) / other.costPerHour)),
		},
		candidates: all.map(one => ({
			name: nameOf(one.candidate, {present, kubernetesDefault}),
			...figuresIn(one.runs),
			settings: one.candidate.settings,
			meetsGoal: meetsGoal(one.runs, goal),
			feasibility: candidateStandingOf(one.runs, goal).feasibility,
			onFront: front.has(one.candidate.id),
			present: one.candidate.id === present.id,
			default: one.candidate.id === kubernetesDefault.id,
			recommended: one.candidate.id === best.id,
			heldOut: one.heldOut,
			replications: one.runs.length,
			...breaksOf(space, one.candidate),
			...lossOf(one.candidate, found, best),
		})),
		sensitivity:
			report === undefined
				? []
				: sensitivityOf(space, goal, {
						recommended: best,
						plan,
						runsOf: one => report.runsOf(one).slice(0, plannedLength(options)),
					}),
	};
}

/** Those given that keep the space's conditions compete; the others are only compared with. */
function startOf(space: Space, given: readonly Candidate[]): Pick<SearchOptions, 'given' | 'compared'> {
	const competing = given.filter(candidate => keepsConditions(space, candidate));
	const first = competing.length === 0 ? anyCandidate(space) : undefined; // what is spread may miss a small space
	return {
		given: first === undefined ? competing : [first],
		compared: given.filter(candidate => !keepsConditions(space, candidate)),
	};
}

function keepsConditions(space: Space, {scaling}: Candidate): boolean {
	return brokenConditions(space, scaling).length === 0;
}

function breaksOf(space: Space, {scaling}: Candidate): Pick<TuningCandidate, 'breaks'> {
	const breaks = brokenConditions(space, scaling);
	return breaks.length === 0 ? {} : {breaks};
}

type Reporting = {
	readonly named: readonly Candidate[];
	readonly plan: readonly SingleChange[];
	readonly goal: TuneGoal;
	readonly options: TuneOptions;
};

/** Nothing when it was interrupted. */
async function playReport(found: SearchResult, {named, plan, goal, options}: Reporting): Promise<RunBook | undefined> {
	if (found.end === 'interrupted') {
		return undefined;
	}

	const whole = distinctCandidates([
		...named,
		...found.finalists.slice(0, 2).map(({candidate}) => candidate),
		...likelyFront(found, goal),
	]);
	const isWhole = new Set(whole.map(({id}) => id));
	const lengths = new Map<Candidate, number>([
		...whole.map(candidate => [candidate, options.replications] as const),
		...distinctCandidates(plan.map(({candidate}) => candidate))
			.filter(({id}) => !isWhole.has(id))
			.map(candidate => [candidate, plannedLength(options)] as const),
	]);
	const tasks = [...lengths]
		.flatMap(([candidate, length]) => Array.from({length}, (_, replication): Task => ({candidate, replication})))
		.sort((a, b) => a.replication - b.replication);
	const {book} = found;
	options.onProgress?.({phase: 'report', runs: book.runCount, candidates: book.candidates.length});
	const played = await options.evaluate(tasks);
	return played.length < tasks.length ? undefined : bookOf(tasks, played);
}

function plannedLength({replications}: TuneOptions): number {
	return Math.min(mostOfChange, replications);
}

function bookOf(tasks: readonly Task[], played: readonly CandidateFigures[]): RunBook {
	const book = new RunBook();
	for (const [index, {candidate}] of tasks.entries()) {
		book.enter(candidate);
		book.add(candidate, played[index]!);
	}

	return book;
}

/** Those that nothing dominated in the search, cheap ones first. */
function likelyFront({book}: SearchResult, goal: TuneGoal): Candidate[] {
	const played = book.candidates
		.map(candidate => ({candidate, runs: book.runsOf(candidate)}))
		.filter(({runs}) => runs.length >= fewestOnFront);
	const front = frontOf(played, goal);
	return played
		.filter(({candidate}) => front.has(candidate.id))
		.sort((a, b) => meanFigure(a.runs, 'costPerHour') - meanFigure(b.runs, 'costPerHour'))
		.map(({candidate}) => candidate)
		.slice(0, mostOnFront);
}

type Played = {readonly candidate: Candidate; readonly runs: readonly CandidateFigures[]};

/**
 * Ids of the candidates that no other dominates in cost, missed objectives (latency without one), churn and energy. Of
 * those that act alike the first stands for all.
 */
function frontOf(played: readonly Played[], {constraints}: TuneGoal): ReadonlySet<string> {
	const quality = constraints.some(({figure}) => figure === 'availability') ? 'sloMisses' : 'p95Seconds';
	const axes = ['costPerHour', quality, 'churnPerHour', 'energyWattHours'] as const;
	const isOn = paretoFront(played.map(({runs}) => axes.map(axis => meanFigure(runs, axis))));
	return new Set(played.filter((_, index) => isOn[index]).map(({candidate}) => candidate.id));
}

type Reported = Played & {readonly heldOut: boolean};

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

function pairsOf(
	runs: readonly CandidateFigures[],
	others: readonly CandidateFigures[],
): (readonly [CandidateFigures, CandidateFigures])[] {
	return runs.flatMap((run, index) => (others[index] === undefined ? [] : [[run, others[index]] as const]));
}

function nameOf({id}: Candidate, {present, kubernetesDefault}: ReturnType<typeof givenCandidates>): string {
	return id === present.id ? 'present' : id === kubernetesDefault.id ? 'kubernetes-default' : id;
}

function lossOf({id}: Candidate, {losses}: SearchResult, best: Candidate): Pick<TuningCandidate, 'loss'> {
	const loss = losses.get(id);
	return loss === undefined || id === best.id ? {} : {loss};
}

function figuresIn(runs: readonly CandidateFigures[]) {
	const over = (figure: CandidateFigureName, bounds = {min: 0}): Estimate =>
		estimate(
			runs.map(run => run[figure]),
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
	};
}
