import {parseDuration} from '../experiment/duration.ts';
import type {CandidateFigures} from './figures.ts';
import type {Candidate} from './space.ts';

/** The runs of each candidate: those of the first replications, in their order, so that any two share the shorter list. */
export class RunBook {
	/** In the order in which they came. */
	readonly candidates: Candidate[] = [];
	readonly #runs = new Map<string, CandidateFigures[]>();
	#runCount = 0;

	get runCount(): number {
		return this.#runCount;
	}

	has({id}: Candidate): boolean {
		return this.#runs.has(id);
	}

	/** Enters a candidate without runs. */
	enter(candidate: Candidate): void {
		if (!this.has(candidate)) {
			this.candidates.push(candidate);
			this.#runs.set(candidate.id, []);
		}
	}

	/** @returns none for a candidate that was not entered */
	runsOf({id}: Candidate): readonly CandidateFigures[] {
		return this.#runs.get(id) ?? [];
	}

	/** Adds the run of the candidate's next replication. */
	add({id}: Candidate, figures: CandidateFigures): void {
		this.#runs.get(id)!.push(figures);
		this.#runCount++;
	}
}

/** Task of one replication of one candidate. */
export type Task = {readonly candidate: Candidate; readonly replication: number};

/** Replications of the search are numbered from here: no forecast has as many, so none of them is reported. */
export const firstReplication = 1_000_000;

/** Share of the runs that the last allocation finds left. */
const kept = 0.3;

type Budgeted = {
	/** Simulates tasks; the figures in their order, those of the first few when it was stopped. */
	readonly evaluate: (tasks: readonly Task[]) => Promise<readonly CandidateFigures[]>;
	/** Runs of the search at most. */
	readonly mostRuns?: number | undefined;
};

/** The runs of a search, as far as its budget goes. */
export class BudgetedRuns {
	readonly book = new RunBook();
	readonly #evaluate: Budgeted['evaluate'];
	readonly #most: number;
	/** Runs at most, for now. */
	#limit = 0;
	#isStopped = false;

	constructor({evaluate, mostRuns = Number.POSITIVE_INFINITY}: Budgeted) {
		this.#evaluate = evaluate;
		this.#most = mostRuns;
	}

	/** Whether somebody else has ended it: the user, or the end of its time. */
	get isStopped(): boolean {
		return this.#isStopped;
	}

	get left(): number {
		return this.#most - this.book.runCount;
	}

	/** Lets the search go on as long as a part of the budget is left to allocate. */
	keepSome(): void {
		this.#limit = this.book.runCount + Math.ceil((1 - kept) * this.left);
	}

	/** Lets the rest of the budget be simulated. */
	keepNone(): void {
		this.#limit = this.#most;
	}

	/**
	 * Simulates replications until each candidate has as many; as far as the budget goes, the first replications first.
	 *
	 * @returns whether all of them were simulated
	 */
	async extend(lengths: readonly (readonly [Candidate, number])[]): Promise<boolean> {
		const missing = missingTasks(this.book, lengths);
		const tasks = missing.slice(0, Math.max(0, this.#limit - this.book.runCount));
		const simulated = tasks.length === 0 ? 0 : await simulateTasks(this.book, tasks, this.#evaluate);
		this.#isStopped ||= simulated < tasks.length;
		return simulated === missing.length;
	}
}

/** Tasks until each candidate has as many replications, the first replications first. */
function missingTasks(book: RunBook, lengths: readonly (readonly [Candidate, number])[]): Task[] {
	return lengths
		.flatMap(([candidate, length]) => {
			const known = book.runsOf(candidate).length;
			return Array.from({length: Math.max(0, length - known)}, (_, index): Task => {
				return {candidate, replication: firstReplication + known + index};
			});
		})
		.sort((a, b) => a.replication - b.replication);
}

/** Enters the runs of tasks into a book, as far as they are simulated; their number. */
async function simulateTasks(book: RunBook, tasks: readonly Task[], evaluate: Budgeted['evaluate']): Promise<number> {
	const simulated = await evaluate(tasks);
	for (const [index, figures] of simulated.entries()) {
		book.add(tasks[index]!.candidate, figures);
	}

	return simulated.length;
}

/** Adds to a book the runs until each candidate has as many, beyond the budget of a search; false when it was stopped. */
export async function simulateUntil(
	book: RunBook,
	lengths: readonly (readonly [Candidate, number])[],
	evaluate: Budgeted['evaluate'],
): Promise<boolean> {
	for (const [candidate] of lengths) {
		book.enter(candidate);
	}

	const tasks = missingTasks(book, lengths);
	return tasks.length === 0 || (await simulateTasks(book, tasks, evaluate)) === tasks.length;
}

/** Budget of a search: time, or a number of runs, with which the answer is the same on every machine. */
export type Budget = {readonly kind: 'time'; readonly seconds: number} | {readonly kind: 'runs'; readonly most: number};

/**
 * The budget that a text such as `5m` or `2000` means.
 *
 * @throws {RangeError} when it means none
 */
export function parseBudget(text: string): Budget {
	if (/^[1-9]\d{0,8}$/.test(text)) {
		return {kind: 'runs', most: Number(text)};
	}

	try {
		const seconds = parseDuration(text);
		if (seconds > 0) {
			return {kind: 'time', seconds};
		}
	} catch {
		// The rule below says what is wanted.
	}

	throw new RangeError(
		`Expected --budget to be a duration such as 5m or a number of runs, got ${JSON.stringify(text)}`,
	);
}
