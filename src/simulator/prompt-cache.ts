import {clientNumber, TurnHistory} from './history.ts';
import type {Pod} from './pod.ts';
import type {RequestPool} from './request-pool.ts';
import type {Run} from './run.ts';

/** Prompt caches of the pods' slots, and the conversations that are sent again with each turn. */
export class PromptCache {
	readonly #requests: RequestPool;
	readonly #contextLength: number;
	/** Turns that a pod keeps of a conversation. */
	readonly #turns: number;
	/** Whether the work of a request depends on its tokens. */
	readonly #isWork: boolean;

	constructor({requests, experiment: {deployment}}: Run) {
		this.#requests = requests;
		this.#contextLength = deployment.llm.contextLength;
		this.#turns = deployment.llm.history;
		this.#isWork = deployment.service.kind === 'work';
	}

	/** Free slot for a request: one whose cache holds the conversation if there is one, else the first. */
	slotFor(pod: Pod, request: number): number {
		const client = this.#turns > 0 ? this.#clientOf(request) : -1;
		let first = -1;
		for (let slot = 0; slot < pod.slots.length; slot++) {
			if (pod.slots[slot] === -1) {
				if (pod.cachedClients[slot] === client) {
					return slot;
				}

				first = first === -1 ? slot : first;
			}
		}

		return first;
	}

	/** Prompt tokens that are not in the slot's cache, the conversation's kept turns included, cut to the context. */
	tokensToRead(pod: Pod, request: number, slot: number): number {
		const prompt = Math.min(this.#contextLength, this.#requests.promptTokens[request]!);
		if (this.#turns === 0) {
			return prompt;
		}

		const client = this.#clientOf(request);
		const conversation = historyOf(pod, client);
		pod.slotHistories[slot] = conversation;
		const {dropped, tokens} = conversation;
		const whole = prompt + tokens;
		// The cache serves what begins as the last time: not once an earlier turn has been left out, or cut off.
		const isCached =
			pod.cachedClients[slot] === client && pod.cachedDropped[slot] === dropped && whole <= this.#contextLength;
		pod.cachedClients[slot] = client;
		pod.cachedDropped[slot] = dropped;
		return isCached ? prompt : Math.min(this.#contextLength, whole);
	}

	/** Adds the turn of the request in a slot, which is done, to its conversation. */
	remember(pod: Pod, slot: number): void {
		if (this.#turns > 0 && this.#isWork) {
			const {promptTokens, outputTokens} = this.#requests;
			const request = pod.slots[slot]!;
			pod.slotHistories[slot]!.add(promptTokens[request]! + outputTokens[request]!, this.#turns);
		}
	}

	#clientOf(request: number): number {
		return clientNumber(this.#requests.tenant[request]!, this.#requests.conversation[request]!);
	}
}

/** Conversation of a client as the pod keeps it, empty at first. */
function historyOf({history}: Pod, client: number): TurnHistory {
	let conversation = history.get(client);
	if (conversation === undefined) {
		conversation = new TurnHistory();
		history.set(client, conversation);
	}

	return conversation;
}
