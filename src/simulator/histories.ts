/**
 * The last turns of each conversation as a pod keeps them: a conversation is a row, its turns a ring in one array of all,
 * and nothing is allocated for a turn.
 */
export class Histories {
	/** Turns that are kept of a conversation. */
	readonly #most: number;
	readonly #rows = new Map<number, number>();
	/** Tokens of the turns that are kept, by row. */
	#tokens = new Float64Array(16);
	/** Turns that there were, by row. */
	#turnCounts = new Float64Array(16);
	#turns: Float64Array<ArrayBuffer>;

	/** @param most - turns that are kept of a conversation, an integer of at least 0 */
	constructor(most: number) {
		this.#most = most;
		this.#turns = new Float64Array(16 * most);
	}

	/** Row of a client's conversation, a new one where there is none. It is good until `clear`. */
	rowOf(client: number): number {
		const known = this.#rows.get(client);
		if (known !== undefined) {
			return known;
		}

		const row = this.#rows.size;
		if (row === this.#tokens.length) {
			this.#tokens = doubled(this.#tokens);
			this.#turnCounts = doubled(this.#turnCounts);
			this.#turns = doubled(this.#turns);
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
		const count = this.#turnCounts[row]!;
		const place = row * this.#most + (count % this.#most);
		this.#tokens[row]! += tokens - (count < this.#most ? 0 : this.#turns[place]!);
		this.#turns[place] = tokens;
		this.#turnCounts[row] = count + 1;
	}

	/** Forgets all conversations. */
	clear(): void {
		this.#rows.clear();
	}
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
	const larger = new Float64Array(values.length * 2);
	larger.set(values);
	return larger;
}
