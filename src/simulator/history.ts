/** Above the most conversations that a tenant may have. */
const conversationsPerTenant = 2 ** 20;

/**
 * Number of the client of a conversation: a small integer unless there are thousands of tenants, which maps find without
 * hashing a double.
 */
export function clientNumber(tenant: number, conversation: number): number {
	return tenant * conversationsPerTenant + conversation;
}

/** Last turns of a conversation as a pod keeps them. */
export class TurnHistory {
	/** Tokens of the turns that are kept. */
	tokens = 0;
	/** How many turns came before them. */
	dropped = 0;
	/** Tokens of each turn that is kept; the next one takes the place of the oldest. */
	readonly #turns: number[] = [];
	#next = 0;

	/** Keeps one more turn, and no more than `most`, which stays the same. */
	add(tokens: number, most: number): void {
		this.tokens += tokens;
		if (this.#turns.length < most) {
			this.#turns.push(tokens);
			return;
		}

		this.tokens -= this.#turns[this.#next]!;
		this.dropped++;
		this.#turns[this.#next] = tokens;
		this.#next = this.#next + 1 === most ? 0 : this.#next + 1;
	}
}
