import {setMaxListeners} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {ChatError} from './chat-request.ts';
import type {InFlight} from './in-flight.ts';

/** `leaving`: not ready any more, but chats are still taken, as the cluster may not know yet. `draining`: none are. */
type Phase = 'serving' | 'leaving' | 'draining';

/** For the last words to the clients of chats that were cut [ms]. */
const farewell = 500;

/** The way of the pod out of the Service: leave, drain, cut what is left. */
export class Lifecycle {
	readonly #inFlight: InFlight;
	readonly #cut = new AbortController();
	#phase: Phase = 'serving';

	constructor(inFlight: InFlight) {
		this.#inFlight = inFlight;
		setMaxListeners(0, this.cut); // one for each chat
	}

	get phase(): Phase {
		return this.#phase;
	}

	/** Aborts when the time to drain is over. */
	get cut(): AbortSignal {
		return this.#cut.signal;
	}

	/**
	 * Leaves for good.
	 *
	 * @param lameDuck - time in which chats are still taken [s]
	 * @param drain - time after which the chats that are left are cut, from the beginning [s]
	 * @returns how many chats were cut
	 */
	async leave({lameDuck, drain}: {lameDuck: number; drain: number}): Promise<number> {
		this.#phase = 'leaving';
		const deadline = sleep(drain * 1000, undefined, {ref: false});
		await Promise.race([sleep(lameDuck * 1000), deadline]);
		this.#phase = 'draining';
		await Promise.race([this.#inFlight.empty(), deadline]);
		const cut = this.#inFlight.size;
		this.#cut.abort(new ChatError(503, 'failed', 'This pod is shutting down'));
		await Promise.race([this.#inFlight.empty(), sleep(farewell)]);
		return cut;
	}
}
