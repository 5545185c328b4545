import type {EngineSettings} from '../../experiment/serving/engine-model.ts';
import {DecodeSet} from './decode-set.ts';
import {DueTokens} from './due-tokens.ts';
import type {EngineListener} from './engine-listener.ts';
import type {EngineRequests} from './engine-requests.ts';
import type {KvCache} from './kv-cache.ts';
import {RunningList} from './running-list.ts';
import type {TokenGaps} from './token-gaps.ts';

type BatchOptions = {
	readonly settings: EngineSettings;
	readonly requests: EngineRequests;
	readonly cache: KvCache;
	readonly listener: EngineListener;
	readonly gaps: TokenGaps | undefined;
};

/**
 * The requests that run: one at most whose prompt is computed in parts, which is the last of them, as it takes what a step has left;
 * the decoding ones; and those whose last token is on its way.
 *
 * Blocks of the decoding ones are taken from the pool for all of them together, as long as none of these can be found by others: it
 * does not matter then who has which. What each has follows from its tokens, and is noted before it matters.
 */
export class RunningBatch {
	readonly list: RunningList;
	readonly decoding: DecodeSet;
	readonly due: DueTokens;
	/** The one whose prompt is computed in parts; -1 for none. */
	prefilling = -1;
	readonly #requests: EngineRequests;
	readonly #cache: KvCache;
	readonly #listener: EngineListener;
	readonly #gaps: TokenGaps | undefined;
	/** Step up to which all have the blocks that they need. */
	#servedStep = -1;
	/** Whether some have blocks that are not noted. */
	#isTogether = false;
	/** Whether some lack blocks of the step that was planned last. */
	#isBehind = false;

	constructor({settings, requests, cache, listener, gaps}: BatchOptions) {
		this.#requests = requests;
		this.#cache = cache;
		this.#listener = listener;
		this.#gaps = gaps;
		this.list = new RunningList(requests);
		this.decoding = new DecodeSet(requests, settings.maxNumSeqs, settings.blockTokens);
		this.due = new DueTokens(requests, this.decoding);
	}

	/** Whether the blocks of the decoding ones can be taken together. */
	get isAlike(): boolean {
		return this.decoding.publishing === 0 && !this.#isBehind;
	}

	/** Takes blocks that those who decode need for the steps up to `step`. */
	takeTogether(blocks: number, step: number): void {
		if (blocks > 0) {
			this.#cache.pool.take(blocks);
			this.#isTogether = true;
		}

		this.#servedStep = step;
	}

	/** Each has been given the blocks that it needs up to `step`, or the first of them have. */
	noteServed(step: number, isEach: boolean): void {
		this.#servedStep = step;
		this.#isBehind = !isEach;
	}

	/** Notes what blocks each has. */
	attribute(): void {
		if (this.#isTogether) {
			const {after} = this.#requests;
			for (let request = this.list.first; request !== -1; request = after[request]!) {
				this.#attribute(request);
			}

			this.#isTogether = false;
		}
	}

	/** The step that is planned gives a request its first token: it decodes from the next one on. */
	beginDecoding(request: number): void {
		const {firstStep, lastStep} = this.#requests;
		this.due.addFirst(request);
		if (lastStep[request]! > firstStep[request]!) {
			this.decoding.add(request, this.#cache.isPublishing(request));
		}
	}

	/** A request leaves before its last token. */
	drop(request: number): void {
		this.due.forget(request);
		this.leave(request);
	}

	/** A request leaves that nothing is due to any more; its blocks are still to be freed. */
	leave(request: number): void {
		if (this.#isTogether) {
			this.#attribute(request);
		}

		this.list.remove(request);
		if (request === this.prefilling) {
			this.prefilling = -1;
		}
	}

	/** A step's end gives a request its first token, or its first one after a preemption, unless it has it. */
	giveFirstToken(request: number, at: number): void {
		const {hasToken, pausedAt, tag} = this.#requests;
		if (hasToken[request] === 0) {
			hasToken[request] = 1;
			this.#listener.firstToken(tag[request]!, at);
		} else if (!Number.isNaN(pausedAt[request]!)) {
			this.#gaps?.add(at - pausedAt[request]!, 1);
			pausedAt[request] = Number.NaN;
		}
	}

	#attribute(request: number): void {
		const {firstStep, lastStep, origin} = this.#requests;
		if (firstStep[request]! <= this.#servedStep) {
			this.#cache.attribute(request, origin[request]! + Math.min(this.#servedStep, lastStep[request]!) + 1);
		}
	}
}
