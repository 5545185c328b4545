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
	readonly #turns: number[] = [];

	/** Keeps one more turn, and no more than `most`. */
	add(tokens: number, most: number): void {
		this.#turns.push(tokens);
		this.tokens += tokens;
		if (this.#turns.length > most) {
			this.tokens -= this.#turns.shift()!;
			this.dropped++;
		}
	}
}
