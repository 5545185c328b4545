import type {DecodeSet} from './decode-set.ts';
import {type EngineRequests, never} from './engine-requests.ts';
import {WaitingLine} from './waiting-line.ts';

/** First and last tokens of requests that are on their way: steps which are planned give them when they end. */
export class DueTokens {
	readonly #requests: EngineRequests;
	readonly #decoding: DecodeSet;
	/** Requests whose first token since the last preemption is on its way. */
	readonly #firsts = new WaitingLine();
	/** Requests that decode no longer, and whose last token is on its way. */
	readonly #lasts = new WaitingLine();

	constructor(requests: EngineRequests, decoding: DecodeSet) {
		this.#requests = requests;
		this.#decoding = decoding;
	}

	/** The first step that gives such a token; `never` where none does. */
	get nextStep(): number {
		const {firstStep, lastStep} = this.#requests;
		const first = this.#firsts.length === 0 ? never : firstStep[this.#firsts.peek()]!;
		const last = this.#lasts.length === 0 ? never : lastStep[this.#lasts.peek()]!;
		return Math.min(first, last, this.#decoding.nextLast);
	}

	/** A step that is planned gives a request its first token. */
	addFirst(request: number): void {
		this.#firsts.push(request);
	}

	/** Requests that get their last token before a step decode no longer in it. */
	expire(step: number): void {
		while (this.#decoding.nextLast < step) {
			this.#lasts.push(this.#decoding.shift());
		}
	}

	/**
	 * Takes the next request that gets its first or its last token in a step, in the order of admission; those of earlier steps have
	 * been taken.
	 *
	 * @returns -1 when there are no more
	 */
	take(step: number): number {
		const {firstStep, lastStep, turn} = this.#requests;
		this.expire(step + 1);
		const first = this.#firsts.length === 0 ? -1 : this.#firsts.peek();
		const last = this.#lasts.length === 0 ? -1 : this.#lasts.peek();
		const isFirst = first !== -1 && firstStep[first] === step;
		const isLast = last !== -1 && lastStep[last] === step;
		if (isFirst && (!isLast || turn[first]! < turn[last]!)) {
			return this.#firsts.shift();
		}

		return isLast ? this.#lasts.shift() : -1;
	}

	/** A request that runs leaves: it gets no more tokens. */
	forget(request: number): void {
		this.#firsts.remove(request);
		this.#lasts.remove(request);
		this.#decoding.remove(request);
	}
}
