import {type EngineRequests, never} from './engine-requests.ts';

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
	/** How many of them begin a block in a step, by its number modulo the tokens of a block. */
	readonly demand: Int32Array;
	/** Blocks that such steps have used and no request has been given yet. */
	owed = 0;
	readonly #requests: EngineRequests;

	constructor(requests: EngineRequests, blockTokens: number) {
		this.#requests = requests;
		this.demand = new Int32Array(blockTokens);
	}

	/**
	 * Finds the batch after `step`.
	 *
	 * @param running - the first `count` of it
	 * @param isSettled - whether nobody can be admitted before a request ends
	 */
	lookAhead(step: number, running: Int32Array, count: number, isSettled: boolean): void {
		const {firstStep, lastStep, origin} = this.#requests;
		const {length} = this.demand;
		this.demand.fill(0);
		this.decoders = 0;
		this.context = 0;
		let until = never;
		for (let index = 0; index < count; index++) {
			const request = running[index]!;
			if (lastStep[request]! <= step) {
				continue;
			}

			if (firstStep[request]! > step) {
				until = -1;
				break;
			}

			this.decoders++;
			this.context += origin[request]! + step + 1;
			until = Math.min(until, lastStep[request]!);
			const phase = ((-origin[request]! % length) + length) % length;
			this.demand[phase] = this.demand[phase]! + 1;
		}

		this.until = isSettled && this.decoders > 0 ? until : -1;
	}
}
