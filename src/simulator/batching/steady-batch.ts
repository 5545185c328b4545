import type {EngineSettings} from '../../experiment/serving/engine-model.ts';
import type {DecodeSet} from './decode-set.ts';
import type {StepTime} from './step-time.ts';

/** Place of an engine among its steps: the one that runs or ended last, its end [s], and the time of the one after it [s], -1 where that is not planned. */
export type StepPlace = {step: number; end: number; next: number};

type LeapLimits = {
	/** Time before which steps end [s]. */
	readonly before: number;
	/** First step that may not be leapt over. */
	readonly outcome: number;
	readonly freeBlocks: number;
};

/**
 * The batch of the steps after the one planned last, as long as nothing changes: every sequence decodes, none ends, none comes.
 */
export class SteadyBatch {
	/** Sequences that decode. */
	decoders = 0;
	/** Tokens of context that they read in the next step. */
	context = 0;
	/** Last step that can be planned like that; -1 where none can. */
	until = -1;
	/** Blocks that such steps have used and no request has been given yet. */
	owed = 0;
	/** Time of a step, but for the reading of context [s]. */
	#seconds = 0;
	readonly #decoding: DecodeSet;
	readonly #stepTime: StepTime;
	readonly #isAsync: boolean;

	constructor(decoding: DecodeSet, {asyncScheduling}: EngineSettings, stepTime: StepTime) {
		this.#decoding = decoding;
		this.#stepTime = stepTime;
		this.#isAsync = asyncScheduling;
	}

	/** Time of a step that reads so much context [s]. */
	secondsOf(context: number): number {
		return this.#seconds + this.#stepTime.perKvToken * context;
	}

	/**
	 * Finds the batch after `step`.
	 *
	 * @param isSettled - whether no prompt is being computed and nobody can be admitted before a request ends
	 */
	lookAhead(step: number, isSettled: boolean): void {
		const {count, nextLast} = this.#decoding;
		this.until = -1;
		if (isSettled && count > 0) {
			this.decoders = count;
			this.context = this.#decoding.contextIn(step + 1);
			this.until = nextLast;
			this.#seconds = this.#stepTime.decode(count);
		}
	}

	/** Lets steps of the batch end from a place on, up to the first that needs a decision, and moves the place on. */
	leap(place: StepPlace, {before, outcome, freeBlocks}: LeapLimits): void {
		const {decoders} = this;
		const {demand} = this.#decoding;
		const isAsync = this.#isAsync;
		const {perKvToken} = this.#stepTime;
		const batchSeconds = this.#seconds;
		const blocks = demand.length;
		const lead = isAsync ? 2 : 1;
		const last = Math.min(outcome - 1, this.until - lead);
		let {context, owed} = this;
		let {step, end, next} = place;
		while (end < before && step <= last) {
			const needed = demand[(step + lead) % blocks]!;
			if (owed + needed > freeBlocks || (isAsync && next < 0)) {
				break;
			}

			owed += needed;
			const seconds = batchSeconds + perKvToken * context;
			end += isAsync ? next : seconds;
			next = isAsync ? seconds : -1;
			context += decoders;
			step++;
		}

		place.step = step;
		place.end = end;
		place.next = next;
		this.context = context;
		this.owed = owed;
	}
}
