export type Turn = {readonly prompt: string; readonly text: string};

/** One conversation of one tenant, as this pod remembers it. */
export type Conversation = {
	readonly tenant: string;
	readonly turns: Turn[];
	/** Of `turns`, in UTF-8. */
	bytes: number;
	/** Requests that are under way; such a conversation is not forgotten. */
	open: number;
	/** Whether any request of it was ever answered. */
	answered: boolean;
};

export type ConversationLimits = {
	/** Conversations that the pod remembers; the least recently used goes first. */
	readonly conversations: number;
	/** Turns of one conversation that are kept and sent again; 0 keeps none. */
	readonly historyTurns: number;
	/** UTF-8 bytes of one conversation's turns. */
	readonly historyBytes: number;
};

/** The pod's memory: who a conversation belongs to and its last turns, all of it bounded. */
export class Conversations {
	/** In order of use, the least recent first. */
	readonly #byId = new Map<string, Conversation>();
	readonly #limits: ConversationLimits;
	#bytes = 0;

	constructor(limits: ConversationLimits) {
		this.#limits = limits;
	}

	get size(): number {
		return this.#byId.size;
	}

	/** Of all turns that are kept. */
	get bytes(): number {
		return this.#bytes;
	}

	/**
	 * Opens a conversation for one request, which must be closed again with `close`.
	 *
	 * @returns the conversation, made anew when the ID is unknown; `undefined` when it belongs to another tenant
	 */
	open(tenant: string, id: string): Conversation | undefined {
		const known = this.#byId.get(id);
		if (known && known.tenant !== tenant) {
			return undefined;
		}

		const conversation = known ?? {tenant, turns: [], bytes: 0, open: 0, answered: false};
		conversation.open += 1;
		this.#byId.delete(id);
		this.#byId.set(id, conversation);
		this.#forgetBeyondLimit();
		return conversation;
	}

	/**
	 * Ends one request of a conversation. Its turn enters the history whole, in the order of completion,
	 * so requests at the same time neither mix nor lose turns.
	 *
	 * @param turn - what was asked and answered; left out when there was no reply
	 */
	close(id: string, conversation: Conversation, turn?: Turn): void {
		conversation.open -= 1;
		if (turn) {
			conversation.answered = true;
			this.#append(conversation, turn);
		} else if (conversation.open === 0 && !conversation.answered) {
			this.#byId.delete(id); // nobody may claim an ID by failing
		}

		this.#forgetBeyondLimit();
	}

	#append(conversation: Conversation, turn: Turn): void {
		conversation.turns.push(turn);
		this.#grow(conversation, turnBytes(turn));
		const {historyTurns, historyBytes} = this.#limits;
		while (conversation.turns.length > historyTurns || conversation.bytes > historyBytes) {
			this.#grow(conversation, -turnBytes(conversation.turns.shift()!));
		}
	}

	#forgetBeyondLimit(): void {
		for (const [id, conversation] of this.#byId) {
			if (this.#byId.size <= this.#limits.conversations) {
				return;
			}

			if (conversation.open === 0) {
				this.#byId.delete(id);
				this.#bytes -= conversation.bytes;
			}
		}
	}

	#grow(conversation: Conversation, bytes: number): void {
		conversation.bytes += bytes;
		this.#bytes += bytes;
	}
}

function turnBytes({prompt, text}: Turn): number {
	return Buffer.byteLength(prompt) + Buffer.byteLength(text);
}
