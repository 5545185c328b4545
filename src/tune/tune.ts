import {type Estimate, estimate} from '../statistics/estimate.ts';
import {RunBook, type Task} from './budgeted-runs.ts';
import {type CandidateFigureName, type CandidateFigures, meanFigure, paretoFront} from './figures.ts';
import {type GivenCandidates, givenCandidates} from './given-candidates.ts';
import type {TuneGoal} from './goal.ts';
import {type SearchOptions, type SearchResult, search} from './search.ts';
import {meetsGoal, type SingleChange, sensitivityOf, sensitivityPlan} from './sensitivity.ts';
import {anyCandidate, brokenConditions, type Candidate, distinctCandidates, type Space} from './space.ts';
import {candidateStandingOf} from './standing.ts';
import type {Sensitivity, Tuning, TuningCandidate} from './tuning.ts';

type TuneSpaceOptions = Omit<SearchOptions, 'given' | 'compared'> & {
	/** Called when the search is over: the end of its time does not end the report. */
	readonly onSearched?: () => void;
	/** Replications that the report is made of: 0 and on, which the search does not see. At least 2. */
	readonly replications: number;
};

/** Replications of each single change at most. */
const mostOfChange = 8;
/** Most candidates of the front that are reported on held-out replications, beside the ones that always are. */
const mostOnFront = 12;
/** Replications of the search from which a candidate may be on the front. */
const fewestOnFront = 5;

/** A search, and the runs of its candidates on replications that it has not seen. */
type Findings = {
	readonly space: Space;
	readonly goal: TuneGoal;
	readonly found: SearchResult;
	readonly given: GivenCandidates;
	/** Runs of the report; undefined when it was interrupted. */
	readonly report: RunBook | undefined;
	/** Runs of the report of a candidate that has all of them, else none. */
	readonly heldOut: (candidate: Candidate) => readonly CandidateFigures[];
};

/**
 * Searches a space, then simulates the best, the present candidate and Kubernetes' defaults on replications that the search
 * has not seen: those of a forecast of the experiment.
 */
export async function tuneSpace(space: Space, goal: TuneGoal, options: TuneSpaceOptions): Promise<Tuning> {
	const given = givenCandidates(space);
	const {present, kubernetesDefault} = given;
	const found = await search(space, goal, {...options, ...startOf(space, [present, kubernetesDefault])});
	options.onSearched?.();
	const {best, book, finalists, correctness} = found;
	const plan = sensitivityPlan(space, best);
	const report = await simulateReport(found, {named: [best, present, kubernetesDefault], plan, goal, options});
	const heldOut = (candidate: Candidate) => {
		const runs = report?.runsOf(candidate) ?? [];
		return runs.length === options.replications ? runs : [];
	};
	const findings = {space, goal, found, given, report, heldOut};
	return {
		space: space.name,
		goal,
		seed: options.seed,
		end: report === undefined ? 'interrupted' : found.end,
		runs: book.runCount,
		correctness,
		recommended: best.scaling,
		found: {feasibility: finalists[0]!.standing.feasibility, replications: book.runsOf(best).length},
		saved: savedBy(findings),
		candidates: candidatesOf(findings),
		sensitivity: report === undefined ? [] : sensitivityIn(report, {space, goal, best, plan, options}),
	};
}

type Changing = {
	readonly space: Space;
	readonly goal: TuneGoal;
	readonly best: Candidate;
	readonly plan: readonly SingleChange[];
	readonly options: TuneSpaceOptions;
};

function sensitivityIn(report: RunBook, {space, goal, best, plan, options}: Changing): Sensitivity[] {
	const runsOf = (candidate: Candidate) => report.runsOf(candidate).slice(0, plannedLength(options));
	return sensitivityOf(space, goal, {recommended: best, plan, runsOf});
}

/** Savings of the recommended candidate against the present one. */
function savedBy({found: {best, book}, given: {present}, heldOut}: Findings): Tuning['saved'] {
	const pairs = pairsOf(heldOut(best), heldOut(present));
	const runs = pairs.length > 0 ? pairs : pairsOf(book.runsOf(best), book.runsOf(present));
	return {
		costPerHour: estimate(runs.map(([own, other]) => other.costPerHour - own.costPerHour)),
		fraction: estimate(runs.map(([own, other]) => (other.costPerHour - own.costPerHour) / other.costPerHour)),
	};
}

function candidatesOf({space, goal, found, given, report, heldOut}: Findings): TuningCandidate[] {
	const {best} = found;
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
		onFront: front.has(one.candidate.id),
		present: one.candidate.id === present.id,
		default: one.candidate.id === kubernetesDefault.id,
		recommended: one.candidate.id === best.id,
		heldOut: one.heldOut,
		replications: one.runs.length,
		...breaksOf(space, one.candidate),
		...lossOf(one.candidate, found, best),
	}));
}

/**
 * Candidates that a search starts with: given ones that keep the space's conditions compete; the others are only
 * compared with.
 */
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
	readonly options: TuneSpaceOptions;
};

/** Runs of the report; undefined when the search was interrupted, or they were. */
async function simulateReport(
	found: SearchResult,
	{named, plan, goal, options}: Reporting,
): Promise<RunBook | undefined> {
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
	const simulated = await options.evaluate(tasks);
	return simulated.length < tasks.length ? undefined : bookOf(tasks, simulated);
}

function plannedLength({replications}: TuneSpaceOptions): number {
	return Math.min(mostOfChange, replications);
}

function bookOf(tasks: readonly Task[], simulated: readonly CandidateFigures[]): RunBook {
	const book = new RunBook();
	for (const [index, {candidate}] of tasks.entries()) {
		book.enter(candidate);
		book.add(candidate, simulated[index]!);
	}

	return book;
}

/** Candidates that none dominated in the search, cheap ones first. */
function likelyFront({book}: SearchResult, goal: TuneGoal): Candidate[] {
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

function pairsOf(
	runs: readonly CandidateFigures[],
	others: readonly CandidateFigures[],
): (readonly [CandidateFigures, CandidateFigures])[] {
	return runs.flatMap((run, index) => (others[index] === undefined ? [] : [[run, others[index]] as const]));
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
