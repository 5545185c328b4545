import type {Figures} from './figures.ts';
import type {Candidate} from './space.ts';

/** The runs of each candidate: those of the first replications, in their order, so that any two share the shorter list. */
export class RunBook {
	/** In the order in which they came. */
	readonly candidates: Candidate[] = [];
	readonly #runs = new Map<string, Figures[]>();
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
	runsOf({id}: Candidate): readonly Figures[] {
		return this.#runs.get(id) ?? [];
	}

	/** Adds the run of the candidate's next replication. */
	add({id}: Candidate, figures: Figures): void {
		this.#runs.get(id)!.push(figures);
		this.#runCount++;
	}
}
