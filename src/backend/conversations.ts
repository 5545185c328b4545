import {textBytes} from './memory-budget.ts';

export type Turn = {readonly prompt: string; readonly text: string};

/** Conversation of one tenant, as this pod remembers it. */
export type Conversation = {
	readonly tenant: string;
	readonly turns: Turn[];
	/** Size of `turns`, in UTF-8. */
	bytes: number;
	/** Memory that it takes. */
	held: number;
	/** Requests that are under way; such a conversation is not forgotten. */
	open: number;
	/** Whether any request of it was ever answered. */
	answered: boolean;
};

type ConversationLimits = {
	/** Conversations that the pod remembers. */
	readonly conversations: number;
	/** Turns of one conversation that are kept and sent again; 0 keeps none. */
	readonly historyTurns: number;
	/** UTF-8 bytes of one conversation's turns. */
	readonly historyBytes: number;
	/** Memory of all of them [bytes]. */
	readonly held: number;
};

/** A tenant's conversations in order of use, the least recent first. */
type Shelf = {readonly byId: Map<string, Conversation>; held: number};

/** For a conversation and for a turn, beside their texts [bytes]. */
const conversationOverhead = 512;
const turnOverhead = 128;

/**
 * The pod's memory: who a conversation belongs to and its last turns, all of it bounded.
 *
 * Beyond a limit the tenant loses something who has the most, so that each keeps an equal share whatever the others do:
 * its conversation that was used longest ago is forgotten. Where requests are under way in all of its conversations, they
 * stay, beyond the number, but lose their turns where it is memory that lacks.
 */
export class Conversations {
	readonly #owners = new Map<string, string>();
	/** By tenant, in order of use. */
	readonly #shelves = new Map<string, Shelf>();
	readonly #limits: ConversationLimits;
	#bytes = 0;
	#held = 0;

	constructor(limits: ConversationLimits) {
		this.#limits = limits;
	}

	get size(): number {
		return this.#owners.size;
	}

	/** Bytes of all turns that are kept, in UTF-8. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Memory of all of them. */
	get held(): number {
		return this.#held;
	}

	/**
	 * Opens a conversation for one request, which must be closed again with `close`.
	 *
	 * @returns the conversation, created when the ID is unknown; `undefined` when it belongs to another tenant
	 */
	open(tenant: string, id: string): Conversation | undefined {
		const owner = this.#owners.get(id);
		if (owner !== undefined && owner !== tenant) {
			return undefined;
		}

		const shelf = this.#shelves.get(tenant) ?? {byId: new Map<string, Conversation>(), held: 0};
		const conversation = shelf.byId.get(id) ?? this.#make(tenant, id, shelf);
		conversation.open += 1;
		shelf.byId.delete(id);
		shelf.byId.set(id, conversation);
		this.#shelves.delete(tenant);
		this.#shelves.set(tenant, shelf);
		this.#forgetBeyondLimits();
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
			this.#forget(id, conversation); // nobody may claim an ID by failing
		}

		this.#forgetBeyondLimits();
	}

	#make(tenant: string, id: string, shelf: Shelf): Conversation {
		const conversation = {tenant, turns: [], bytes: 0, held: 0, open: 0, answered: false};
		this.#owners.set(id, tenant);
		this.#shelves.set(tenant, shelf);
		this.#hold(conversation, conversationOverhead);
		return conversation;
	}

	#append(conversation: Conversation, turn: Turn): void {
		conversation.turns.push(turn);
		this.#grow(conversation, turn, 1);
		const {historyTurns, historyBytes} = this.#limits;
		while (conversation.turns.length > historyTurns || conversation.bytes > historyBytes) {
			this.#grow(conversation, conversation.turns.shift()!, -1);
		}
	}

	#forgetBeyondLimits(): void {
		const {conversations, held} = this.#limits;
		while (this.size > conversations && this.#forgetOldest(this.#largest(({byId}) => byId.size))) {}

		while (this.#held > held) {
			const largest = this.#largest(shelf => shelf.held);
			if (!this.#forgetOldest(largest) && !this.#dropTurns(largest)) {
				return;
			}
		}
	}

	/** The shelf that has the most; of equal ones the one that was used longest ago. */
	#largest(sizeOf: (shelf: Shelf) => number): Shelf {
		let largest: Shelf | undefined;
		for (const shelf of this.#shelves.values()) {
			if (!largest || sizeOf(shelf) > sizeOf(largest)) {
				largest = shelf;
			}
		}

		return largest!;
	}

	/** Forgets the conversation that was used longest ago and has no request under way, if there is one. */
	#forgetOldest({byId}: Shelf): boolean {
		for (const [id, conversation] of byId) {
			if (conversation.open === 0) {
				this.#forget(id, conversation);
				return true;
			}
		}

		return false;
	}

	/** Drops the turns of the conversation that was used longest ago and has any. */
	#dropTurns({byId}: Shelf): boolean {
		for (const conversation of byId.values()) {
			if (conversation.turns.length > 0) {
				for (const turn of conversation.turns.splice(0)) {
					this.#grow(conversation, turn, -1);
				}

				return true;
			}
		}

		return false;
	}

	#forget(id: string, conversation: Conversation): void {
		const {tenant, bytes, held} = conversation;
		const shelf = this.#shelves.get(tenant)!;
		this.#bytes -= bytes;
		this.#hold(conversation, -held);
		this.#owners.delete(id);
		shelf.byId.delete(id);
		if (shelf.byId.size === 0) {
			this.#shelves.delete(tenant);
		}
	}

	#grow(conversation: Conversation, {prompt, text}: Turn, sign: 1 | -1): void {
		const bytes = sign * (Buffer.byteLength(prompt) + Buffer.byteLength(text));
		conversation.bytes += bytes;
		this.#bytes += bytes;
		this.#hold(conversation, sign * (textBytes(prompt) + textBytes(text) + turnOverhead));
	}

	#hold(conversation: Conversation, bytes: number): void {
		conversation.held += bytes;
		this.#shelves.get(conversation.tenant)!.held += bytes;
		this.#held += bytes;
	}
}
