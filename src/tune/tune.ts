import {estimate} from '../statistics/estimate.ts';
import {RunBook, simulateUntil, type Task} from './budgeted-runs.ts';
import {type CandidateFigures, meanFigure} from './figures.ts';
import {givenCandidates} from './given-candidates.ts';
import {boundsKeptBy, type TuneGoal} from './goal.ts';
import {type Kept, keepPresent} from './keep-present.ts';
import {bestByMean, robustnessOf} from './robustness.ts';
import {type SearchOptions, type SearchResult, search} from './search.ts';
import type {Contest} from './selection/contest.ts';
import {triedIn, undecidedIn} from './selection/undecided.ts';
import {type SingleChange, sensitivityOf, sensitivityPlan} from './sensitivity.ts';
import {anyCandidate, type Candidate, distinctCandidates, type Space} from './space.ts';
import {candidateStandingOf, sure} from './standing.ts';
import type {Sensitivity, Tuning} from './tuning.ts';
import {candidatesOf, type Findings, keepsConditions, keptSharesOf, likelyFront} from './tuning-candidates.ts';

type TuneSpaceOptions = Omit<SearchOptions, 'given' | 'compared'> & {
	/** Called when the search is over: the end of its time does not end the report. */
	readonly onSearched?: () => void;
	/** Replications that the report is made of: 0 and on, which the search does not see. At least 2. */
	readonly replications: number;
};

/** Undecided candidates that are reported at most. */
const mostUndecided = 3;

/** Replications of each single change at most. */
const mostOfChange = 8;

/**
 * Searches a space, then simulates the best, the present candidate and Kubernetes' defaults on replications that the search
 * has not seen: those of a forecast of the experiment.
 */
export async function tuneSpace(space: Space, goal: TuneGoal, options: TuneSpaceOptions): Promise<Tuning> {
	const given = givenCandidates(space);
	const {present, kubernetesDefault} = given;
	const found = await search(space, goal, {...options, ...startOf(space, [present, kubernetesDefault])});
	options.onSearched?.();
	const {book} = found;
	const searched = book.runCount;
	const simplified = await simplify(found, {space, goal, present, options});
	const wanted = simplified?.candidate ?? found.best;
	const byMean = found.end === 'interrupted' ? undefined : await bestByMean(found, goal, options.evaluate);
	const named = [present, kubernetesDefault, ...(byMean === undefined ? [] : [byMean])];
	const reportOn = async (candidate: Candidate): Promise<Reported> => {
		const plan = sensitivityPlan(space, candidate);
		const report = await simulateReport(found, {named: [candidate, ...named], plan, goal, options});
		return {candidate, plan, report};
	};
	const first = await reportOn(wanted);
	const next = nextBest(first, {space, goal, found, options});
	const {plan, report} = next === undefined ? first : await reportOn(next);
	const kept = report === undefined || next !== undefined ? undefined : simplified; // an interrupted report has no runs of it
	const best = (report === undefined ? undefined : next) ?? kept?.candidate ?? found.best;
	const heldOut = (candidate: Candidate) => wholeRunsOf(candidate, report, options);
	const contest = found.contestBy({goal, chosen: best});
	const {feasibility, ...pool} = foundOf(contest, book, {goal, heldOut});
	const findings = {space, goal, found, best, isSure: feasibility >= sure, given, report, heldOut};
	const candidates = candidatesOf(findings);
	return {
		space: space.name,
		goal,
		seed: options.seed,
		end: report === undefined ? 'interrupted' : found.end,
		runs: searched,
		correctness: contest.correctness,
		tried: triedIn(found, contest),
		undecided: undecidedIn(contest),
		...robustnessOf(byMean, findings),
		recommended: best.scaling,
		keepsBounds: candidates[0]!.recommended,
		kept: kept?.kept ?? [],
		changes: kept?.changes ?? [],
		found: {feasibility, ...pool},
		saved: savedBy(findings),
		candidates,
		sensitivity: report === undefined ? [] : sensitivityIn(report, {space, goal, best, plan, options}),
	};
}

type Reported = {
	readonly candidate: Candidate;
	/** Single changes of the candidate. */
	readonly plan: readonly SingleChange[];
	/** Undefined when it was interrupted. */
	readonly report: RunBook | undefined;
};

/** Runs of the report of a candidate that has all of them, else none. */
function wholeRunsOf(
	candidate: Candidate,
	report: RunBook | undefined,
	{replications}: TuneSpaceOptions,
): readonly CandidateFigures[] {
	const runs = report?.runsOf(candidate) ?? [];
	return runs.length === replications ? runs : [];
}

/**
 * Candidate that takes the place of the one wanted where the runs of the report, counted beside those of the search, put in
 * doubt that it keeps its bounds in the share of runs asked for: the best of the front that surely does. Undefined where
 * the one wanted does, or none does.
 */
function nextBest(
	{candidate: wanted, report}: Reported,
	{
		space,
		goal,
		found,
		options,
	}: Pick<Findings, 'space' | 'goal'> & {readonly found: SearchResult; readonly options: TuneSpaceOptions},
): Candidate | undefined {
	if (boundsKeptBy(goal) === 'mean' || report === undefined) {
		return undefined;
	}

	const reported = (candidate: Candidate) => wholeRunsOf(candidate, report, options);
	const keeps = (candidate: Candidate) =>
		candidateStandingOf([...found.book.runsOf(candidate), ...reported(candidate)], goal).feasibility >= sure;
	return keeps(wanted)
		? undefined
		: likelyFront(found, goal)
				.filter(candidate => reported(candidate).length > 0 && keepsConditions(space, candidate) && keeps(candidate))
				.map(candidate => ({candidate, mean: meanFigure(reported(candidate), goal.minimize)}))
				.sort((a, b) => a.mean - b.mean)[0]?.candidate;
}

/** Feasibility of the recommended candidate by the runs of the search; where a share of runs is to keep the bounds, by those of the report, too. */
function foundOf(
	{chosen: {candidate, standing}}: Contest,
	book: RunBook,
	{goal, heldOut}: Pick<Findings, 'goal' | 'heldOut'>,
): Tuning['found'] {
	if (boundsKeptBy(goal) === 'mean') {
		return {feasibility: standing.feasibility, replications: standing.objective.count};
	}

	const runs = [...book.runsOf(candidate), ...heldOut(candidate)];
	const {feasibility} = candidateStandingOf(runs, goal);
	return {feasibility, replications: runs.length, keptShares: keptSharesOf(runs, goal)};
}

/** The best candidate with present values where others make no difference; undefined where it keeps no bounds, or was stopped. */
async function simplify(
	{best, book, contest, end}: SearchResult,
	{space, goal, present, options}: Pick<Findings, 'space' | 'goal'> & {present: Candidate; options: TuneSpaceOptions},
): Promise<Kept | undefined> {
	if (end === 'interrupted' || contest.chosen.standing.feasibility < sure) {
		return undefined;
	}

	options.onProgress?.({phase: 'simplify', runs: book.runCount, candidates: book.candidates.length});
	const kept = await keepPresent({space, goal, best, present, evaluate: options.evaluate});
	if (kept === undefined || kept.candidate.id === best.id) {
		return kept;
	}

	// What is claimed of the choice is of this one then, in the replications of the search.
	await simulateUntil(book, [[kept.candidate, Math.min(mostLikeBest, book.runsOf(best).length)]], options.evaluate);
	const isSure = candidateStandingOf(book.runsOf(kept.candidate), goal, book.runsOf(best)).feasibility >= sure;
	return isSure ? kept : undefined;
}

/** Replications of the search that a candidate has at most which is recommended instead of its best. */
const mostLikeBest = 256;

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
function savedBy({best, found: {book}, given: {present}, heldOut}: Findings): Tuning['saved'] {
	const pairs = pairsOf(heldOut(best), heldOut(present));
	const runs = pairs.length > 0 ? pairs : pairsOf(book.runsOf(best), book.runsOf(present));
	return {
		costPerHour: estimate(runs.map(([own, other]) => other.costPerHour - own.costPerHour)),
		fraction: estimate(runs.map(([own, other]) => (other.costPerHour - own.costPerHour) / other.costPerHour)),
	};
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
		found.best,
		...found.contest.undecided.slice(0, mostUndecided).map(({candidate}) => candidate),
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

function pairsOf(
	runs: readonly CandidateFigures[],
	others: readonly CandidateFigures[],
): (readonly [CandidateFigures, CandidateFigures])[] {
	return runs.flatMap((run, index) => (others[index] === undefined ? [] : [[run, others[index]] as const]));
}
