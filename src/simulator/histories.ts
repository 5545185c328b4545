/**
 * The last turns of each conversation as a pod keeps them: a conversation is a row, found once for a request, and its turns
 * are a ring that grows to its size.
 */
export class Histories {
	/** Turns that are kept of a conversation. */
	readonly #most: number;
	readonly #rows = new Map<number, number>();
	/** Tokens of the turns that are kept, by row. */
	#tokens = new Float64Array(16);
	/** Turns that there were, by row. */
	#turnCounts = new Float64Array(16);
	/** Tokens of each turn that is kept, by row. */
	#turns: number[][] = [];

	/** @param most - turns that are kept of a conversation, an integer of at least 1 where any is added */
	constructor(most: number) {
		this.#most = most;
	}

	/** Row of a client's conversation, a new one where there is none. It is good until `clear`. */
	rowOf(client: number): number {
		const known = this.#rows.get(client);
		if (known !== undefined) {
			return known;
		}

		const row = this.#turns.push([]) - 1;
		if (row === this.#tokens.length) {
			this.#tokens = doubled(this.#tokens);
			this.#turnCounts = doubled(this.#turnCounts);
		}

		this.#tokens[row] = 0;
		this.#turnCounts[row] = 0;
		this.#rows.set(client, row);
		return row;
	}

	/** Tokens of the turns that are kept. */
	tokens(row: number): number {
		return this.#tokens[row]!;
	}

	/** How many turns came before them. */
	dropped(row: number): number {
		return Math.max(0, this.#turnCounts[row]! - this.#most);
	}

	/** Keeps one more turn, and no more than so many. */
	add(row: number, tokens: number): void {
		const turns = this.#turns[row]!;
		const count = this.#turnCounts[row]!;
		if (count < this.#most) {
			this.#tokens[row]! += tokens;
			turns.push(tokens);
		} else {
			const oldest = count % this.#most;
			this.#tokens[row]! += tokens - turns[oldest]!;
			turns[oldest] = tokens;
		}

		this.#turnCounts[row] = count + 1;
	}

	/** Forgets all conversations. */
	clear(): void {
		this.#rows.clear();
		this.#turns = [];
	}
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
	const larger = new Float64Array(values.length * 2);
	larger.set(values);
	return larger;
}
