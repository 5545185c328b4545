import {type EngineRequests, never} from './engine-requests.ts';
import type {StepTime, StepTokens} from './step-time.ts';

/** Tally of the step that is being planned: the tokens that its requests get in it. */
export class StepTally {
	readonly #requests: EngineRequests;
	readonly #total: StepTokens = {tokens: 0, sampled: 0, decoding: 0, context: 0, pairs: 0};

	constructor(requests: EngineRequests) {
		this.#requests = requests;
	}

	get tokens(): number {
		return this.#total.tokens;
	}

	/** Requests that get a further token. */
	get decoding(): number {
		return this.#total.decoding;
	}

	get hasPrefill(): boolean {
		return this.#total.pairs > 0;
	}

	begin(): void {
		const total = this.#total;
		total.tokens = 0;
		total.sampled = 0;
		total.decoding = 0;
		total.context = 0;
		total.pairs = 0;
	}

	/** Time of the step [s]; -1 of one without tokens. */
	seconds(stepTime: StepTime): number {
		const total = this.#total;
		if (total.tokens === 0) {
			return -1;
		}

		return this.hasPrefill
			? stepTime.withPrefill(total)
			: stepTime.decode(total.sampled) + stepTime.perKvToken * total.context;
	}

	/**
	 * Adds a part of a request's prompt to the step.
	 *
	 * @returns whether it is the last one, so that the step gives a token
	 */
	countPrefill(request: number, step: number): boolean {
		const {computed, target, chunk, firstStep, lastStep, origin, output, generated} = this.#requests;
		const total = this.#total;
		const tokens = chunk[request]!;
		total.tokens += tokens;
		total.pairs += tokens * (computed[request]! + (tokens + 1) / 2);
		computed[request] = computed[request]! + tokens;
		if (computed[request] !== target[request]) {
			return false;
		}

		total.sampled++;
		firstStep[request] = step;
		origin[request] = target[request]! - step - 1;
		lastStep[request] = step + output[request]! - generated[request]! - 1;
		return true;
	}

	/** Adds a further token of each of so many requests, which read so many of context together. */
	countDecoding(requests: number, context: number): void {
		const total = this.#total;
		total.tokens += requests;
		total.sampled += requests;
		total.decoding += requests;
		total.context += context;
	}

	/** Takes a request's tokens out of the step again. */
	discount(request: number, step: number): void {
		const {computed, chunk, firstStep, lastStep, origin} = this.#requests;
		const total = this.#total;
		const tokens = chunk[request]!;
		total.tokens -= tokens;
		if (firstStep[request]! < step) {
			total.sampled--;
			total.decoding--;
			total.context -= origin[request]! + step;
			return;
		}

		computed[request] = computed[request]! - tokens;
		total.pairs -= tokens * (computed[request]! + (tokens + 1) / 2);
		if (firstStep[request] === step) {
			total.sampled--;
			firstStep[request] = never;
			lastStep[request] = never;
		}
	}
}
