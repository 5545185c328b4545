import type {Figures} from './figures.ts';
import {RunBook} from './run-book.ts';
import type {Candidate} from './space.ts';

/** One replication of one candidate. */
export type Task = {readonly candidate: Candidate; readonly replication: number};

/** Replications of the search are numbered from here: no forecast has as many, so none of them is reported. */
export const firstReplication = 1_000_000;

/** Share of the runs that the last allocation finds left. */
const kept = 0.3;

type Budgeted = {
	/** Plays tasks; the figures in their order, those of the first few when it was stopped. */
	readonly evaluate: (tasks: readonly Task[]) => Promise<readonly Figures[]>;
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

	/** From now on the search may go on so far that something is left to allocate. */
	keepSome(): void {
		this.#limit = this.book.runCount + Math.ceil((1 - kept) * this.left);
	}

	/** From now on all that is left may be played. */
	keepNone(): void {
		this.#limit = this.#most;
	}

	/**
	 * Plays replications until each candidate has as many; as far as the budget goes, the first replications first.
	 *
	 * @returns whether all of them were played
	 */
	async extend(lengths: readonly (readonly [Candidate, number])[]): Promise<boolean> {
		const missing: Task[] = [];
		for (const [candidate, length] of lengths) {
			for (let index = this.book.runsOf(candidate).length; index < length; index++) {
				missing.push({candidate, replication: firstReplication + index});
			}
		}

		missing.sort((a, b) => a.replication - b.replication);
		const tasks = missing.slice(0, Math.max(0, this.#limit - this.book.runCount));
		const played = tasks.length === 0 ? [] : await this.#evaluate(tasks);
		for (const [index, figures] of played.entries()) {
			this.book.add(tasks[index]!.candidate, figures);
		}

		this.#isStopped ||= played.length < tasks.length;
		return played.length === missing.length;
	}
}
