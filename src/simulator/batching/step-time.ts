import type {StepCosts} from '../../experiment/serving/engine-model.ts';

/** Work of a step. */
export type StepTokens = {
	tokens: number;
	/** Sequences that get a token. */
	sampled: number;
	/** Sequences that get it by decoding. */
	decoding: number;
	/** Tokens of context that decoding reads. */
	context: number;
	/** Pairs of a token of a prompt and a token that it looks at. */
	pairs: number;
};

/** Time of a step, from its tokens. */
export class StepTime {
	readonly #costs: StepCosts;
	readonly #base: number;
	readonly #perToken: number;
	/** Layers, output head and all-reduce of so many decoding sequences [s]; NaN where not computed yet. */
	readonly #decode: Float64Array;

	/** @param mostSequences - in a batch */
	constructor(costs: StepCosts, mostSequences: number) {
		this.#costs = costs;
		this.#base = costs.base + costs.allReduce.perStep;
		this.#perToken = costs.perToken + costs.allReduce.perToken;
		this.#decode = new Float64Array(mostSequences + 1).fill(Number.NaN);
	}

	/** Reading of a token of context in a step of decoding alone [s]. */
	get perKvToken(): number {
		return this.#costs.perKvToken;
	}

	/** Time of a step that decodes so many sequences, but for the reading of their context [s]. */
	decode(sequences: number): number {
		const known = this.#decode[sequences]!;
		if (!Number.isNaN(known)) {
			return known;
		}

		const seconds = this.#layers(sequences) + this.#costs.perSequence * sequences;
		this.#decode[sequences] = seconds;
		return seconds;
	}

	/** Time of a step that contains prefill [s]. */
	withPrefill(step: StepTokens): number {
		const {perSequence, perKvToken, perKvTokenWithPrefill, perSequenceWithPrefill, perAttentionPair} = this.#costs;
		return (
			this.#layers(step.tokens) +
			perSequence * step.sampled +
			perSequenceWithPrefill * step.decoding +
			(perKvToken + perKvTokenWithPrefill) * step.context +
			perAttentionPair * step.pairs
		);
	}

	#layers(tokens: number): number {
		const {measured} = this.#costs;
		return this.#base + this.#perToken * tokens + (measured === undefined ? 0 : between(measured, tokens));
	}
}

/** Measured time at a number of tokens, on straight lines, the last of which goes on. */
function between({tokens, seconds}: NonNullable<StepCosts['measured']>, at: number): number {
	let low = 0;
	let high = tokens.length - 1;
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if (tokens[middle]! <= at) {
			low = middle;
		} else {
			high = middle;
		}
	}

	const share = (at - tokens[low]!) / (tokens[high]! - tokens[low]!);
	return seconds[low]! + share * (seconds[high]! - seconds[low]!);
}
