import {RandomStream} from '../engine/random-stream.ts';
import type {RunBook} from './budgeted-runs.ts';
import {BudgetedRuns, type Task} from './budgeted-runs.ts';
import type {CandidateFigures} from './figures.ts';
import type {TuneGoal} from './goal.ts';
import {proposalsNear, singleChanges, spreadCandidates} from './proposals.ts';
import {heats, type Loss, rankedBy, survivorsOf} from './race.ts';
import {nextLengths} from './selection/allocation.ts';
import {type Contest, compareContenders, contestOf, Standings} from './selection/contest.ts';
import {type Candidate, distinctCandidates, pointCount, type Space} from './space.ts';
import {type CandidateStanding, candidateStandingOf} from './standing.ts';

export type SearchProgress = {
	readonly phase: 'start' | 'search' | 'select' | 'simplify' | 'report';
	readonly runs: number;
	readonly candidates: number;
	readonly best?: {readonly candidate: Candidate; readonly standing: CandidateStanding};
};

export type SearchOptions = {
	readonly seed: number;
	/** Candidates that are always among the first. */
	readonly given: readonly Candidate[];
	/** Candidates that are simulated a few times to be compared with, and never chosen. */
	readonly compared?: readonly Candidate[];
	/** Simulates tasks; the figures in their order, those of the first few when it was stopped. */
	readonly evaluate: (tasks: readonly Task[]) => Promise<readonly CandidateFigures[]>;
	/** Runs of the search at most. */
	readonly mostRuns?: number | undefined;
	readonly onProgress?: (progress: SearchProgress) => void;
	/** Aborted when the user ends the search, not when its time ends. */
	readonly signal?: AbortSignal;
};

/** Ways in which a search ends; `settled`: no single change of the best is better. */
export const searchEnds = ['settled', 'budget', 'interrupted'] as const;

export type SearchResult = {
	readonly book: RunBook;
	readonly best: Candidate;
	/** Contest of the candidates that may have been chosen. */
	readonly contest: Contest;
	/** Contest by all runs that there are then: of another goal, or with another one chosen. */
	readonly contestBy: (other: {readonly goal: TuneGoal; readonly chosen?: Candidate}) => Contest;
	/** Whether every candidate of the space was simulated. */
	readonly isWhole: boolean;
	readonly losses: ReadonlyMap<string, Loss>;
	readonly end: (typeof searchEnds)[number];
};

/** Candidates of the start for each setting. */
const startPerSetting = 16;
/** Fewest and most of them, and the most as a share of the runs that there are. */
const start = {fewest: 32, most: 256, share: 0.1} as const;
/** Best candidates that proposals are made from, and that are selected from at the end. */
const eliteCount = 6;
/** Best candidates that a selection hands back to the search. */
const leaderCount = 8;
/** Candidates of a generation at least. */
const fewestProposals = 24;
/** Generations without a better candidate, after which its single changes are tried, and then it settles. */
const patience = 4;
/** Times that the search goes on, where runs are left or the allocation has shown another to be the best. */
const mostRounds = 12;
/** Replications of the anchor, whose later ones show how lucky the first ones were, as a multiple of the others'. */
const anchorFactor = 4;
/** Replications of a single change before it may be given up. */
const longHeat = 8;
/** Single changes that are raced at a time. */
const mostChanges = 128;
/** Points of a space that are all simulated, and the most as a share of the runs that there are. */
const enumerable = {most: 256, share: 0.125} as const;
/** Replications of a contender at most, while the search may go on and when it is over. */
const mostReplications = {between: 128, last: 10_000} as const;
/** Probability of a good selection that ends the allocation, while the search may go on and when it is over. */
const enough = {between: 0.9, last: 0.99} as const;

/**
 * Searches a space for the candidate of least objective among the candidates that keep the bounds: a scrambled Sobol
 * start, races under common random numbers, proposals near the best until no single change of it is better, then an
 * allocation of replications among the last few.
 *
 * The result depends on the space, the goal, the seed and the number of runs.
 */
export async function search(space: Space, goal: TuneGoal, options: SearchOptions): Promise<SearchResult> {
	return new Search(space, goal, options).run();
}

class Search {
	readonly #space: Space;
	readonly #goal: TuneGoal;
	readonly #options: SearchOptions;
	readonly #runs: BudgetedRuns;
	readonly #book: RunBook;
	readonly #losses = new Map<string, Loss>();
	readonly #stream: RandomStream;
	readonly #standings: Standings;
	readonly #compared: ReadonlySet<string>;
	/** The best first. */
	#elites: Candidate[] = [];
	#phase: SearchProgress['phase'] = 'start';

	constructor(space: Space, goal: TuneGoal, options: SearchOptions) {
		this.#space = space;
		this.#goal = goal;
		this.#options = options;
		this.#runs = new BudgetedRuns(options);
		this.#book = this.#runs.book;
		this.#stream = new RandomStream({seed: options.seed, replication: 0, purpose: 'proposals'});
		this.#standings = new Standings(goal);
		this.#compared = new Set(options.compared?.map(({id}) => id));
	}

	async run(): Promise<SearchResult> {
		const {given, compared = [], seed} = this.#options;
		this.#runs.keepSome();
		await this.#simulateBeside(compared);
		await this.#race([...given, ...spreadCandidates(this.#space, {count: this.#startCount(), seed})]);
		let contest = await this.#select('between');
		let isSettled = false;
		for (let round = 0; round < mostRounds && !isSettled && !this.#runs.isStopped && this.#runs.left > 0; round++) {
			this.#runs.keepSome();
			const isLocallyBest = await this.#improve();
			const before = (await this.#select('between')).chosen.candidate;
			this.#runs.keepNone();
			contest = await this.#select('last');
			const isDecided = contest.correctness.good >= enough.last || (this.#runs.left > 0 && !this.#runs.isStopped);
			isSettled = isLocallyBest && contest.chosen.candidate === before && isDecided;
		}

		const isInterrupted = this.#runs.isStopped && this.#options.signal?.aborted === true;
		return {
			book: this.#book,
			best: contest.chosen.candidate,
			contest,
			contestBy: ({goal, chosen}) => {
				const standings = new Standings(goal);
				return contestOf(this.#competing(), {book: this.#book, goal, standings, ...(chosen && {chosen})});
			},
			isWhole: this.#isEnumerated() && this.#competing().every(one => this.#book.runsOf(one).length > 0),
			losses: this.#losses,
			end: isInterrupted ? 'interrupted' : isSettled ? 'settled' : 'budget',
		};
	}

	#isEnumerated(): boolean {
		return this.#startCount() === pointCount(this.#space);
	}

	/** Candidates of the start: all of a small space, so that none is missed. */
	#startCount(): number {
		const {mostRuns = Number.POSITIVE_INFINITY} = this.#options;
		const points = pointCount(this.#space);
		const wanted = Math.max(start.fewest, startPerSetting * this.#space.settings.length);
		return points <= Math.min(enumerable.most, enumerable.share * mostRuns)
			? points
			: Math.ceil(Math.min(start.most, wanted, start.share * mostRuns));
	}

	async #simulateBeside(compared: readonly Candidate[]): Promise<void> {
		for (const candidate of compared) {
			this.#book.enter(candidate);
		}

		await this.#runs.extend(compared.map(candidate => [candidate, heats[0]!.length] as const));
	}

	/** Races proposals against the best until nothing better has come for a while; false when it was cut short. */
	async #improve(): Promise<boolean> {
		this.#phase = 'search';
		for (let idle = 0; idle <= patience; idle++) {
			const isLast = idle === patience;
			const entrants = isLast ? this.#changes(this.#elites[0]!) : this.#proposals();
			const all = [...this.#elites.slice(0, eliteCount), ...entrants];
			if (entrants.length > 0 && !(await this.#race(all, isLast ? longHeat : 0))) {
				return false;
			}

			idle = entrants.includes(this.#elites[0]!) ? -1 : idle;
		}

		return true;
	}

	/** Most near the best, some from all over the space; none where all of it was simulated at the start. */
	#proposals(): Candidate[] {
		if (this.#isEnumerated()) {
			return [];
		}

		const isKnown = (candidate: Candidate) => this.#book.has(candidate);
		const count = Math.max(fewestProposals, 2 * this.#space.settings.length);
		const elites = this.#elites.slice(0, eliteCount);
		const spread = {count: Math.ceil(count / 4), seed: this.#options.seed, isKnown};
		return [
			...proposalsNear(this.#space, elites, {stream: this.#stream, count, isKnown}),
			...spreadCandidates(this.#space, spread),
		];
	}

	/** The single changes of a candidate that have hardly been tried: a few replications may have been unlucky. */
	#changes(best: Candidate): Candidate[] {
		const changes = singleChanges(this.#space, best).map(({candidate}) => candidate);
		return distinctCandidates(changes)
			.filter(candidate => this.#book.runsOf(candidate).length < longHeat)
			.slice(0, mostChanges);
	}

	/** Simulates candidates against each other, in heats of at least so many replications; false when it was cut short. */
	async #race(given: readonly Candidate[], shortest = 0): Promise<boolean> {
		let alive = distinctCandidates(given);
		const entrants = alive.length;
		for (const candidate of alive) {
			this.#book.enter(candidate);
		}

		for (const {length, ...heat} of heats.filter(one => one.length >= shortest)) {
			const isSimulated = await this.#runs.extend(alive.map(candidate => [candidate, length] as const));
			const anchor = rankedBy(this.#book, this.#goal, alive, {length, anchor: this.#elites[0]})[0]?.candidate;
			const isWhole =
				isSimulated && anchor !== undefined && (await this.#runs.extend([[anchor, anchorFactor * length]]));
			const onLoss = ({id}: Candidate, loss: Loss) => void this.#losses.set(id, loss);
			alive = survivorsOf(this.#book, this.#goal, alive, {...heat, entrants, length, anchor, onLoss});
			this.#elites = isWhole || this.#elites.length === 0 ? alive : this.#elites;
			this.#report();
			if (!isWhole) {
				return false;
			}
		}

		return true;
	}

	/**
	 * Allocates replications among all that may be the best until it is clear enough which of them it is: a candidate that
	 * left a race early comes back as long as that may have been bad luck.
	 */
	async #select(stage: keyof typeof mostReplications): Promise<Contest> {
		if (this.#elites.length === 0) {
			throw new RangeError('Expected a budget in which a run can be simulated, got none');
		}

		this.#phase = 'select';
		let contest = this.#contest();
		const allocating = {
			enough: enough[stage],
			most: mostReplications[stage],
			runsOf: ({candidate}: {readonly candidate: Candidate}) => this.#book.runsOf(candidate).length,
		};
		while (contest.correctness.good < enough[stage]) {
			const lengths = nextLengths(contest, allocating).map(([{candidate}, length]) => [candidate, length] as const);
			if (lengths.length === 0 || !(await this.#runs.extend(lengths))) {
				break;
			}

			contest = this.#contest();
			this.#report();
		}

		return this.#contest();
	}

	/** The contest of all that compete; the best of it are where the search goes on from. */
	#contest(): Contest {
		const contest = contestOf(this.#competing(), {book: this.#book, goal: this.#goal, standings: this.#standings});
		const others = contest.rivals.toSorted(compareContenders).slice(0, leaderCount - 1);
		this.#elites = [contest.chosen, ...others].map(({candidate}) => candidate);
		return contest;
	}

	/** Candidates that may be chosen. */
	#competing(): Candidate[] {
		return this.#book.candidates.filter(({id}) => !this.#compared.has(id));
	}

	#report(): void {
		const [best] = this.#elites;
		const runs = best && this.#book.runsOf(best);
		this.#options.onProgress?.({
			phase: this.#phase,
			runs: this.#book.runCount,
			candidates: this.#book.candidates.length,
			...(best && runs!.length > 0 && {best: {candidate: best, standing: candidateStandingOf(runs!, this.#goal)}}),
		});
	}
}
