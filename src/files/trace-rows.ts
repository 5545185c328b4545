import {microseconds, type TraceColumns} from '../experiment/transform-trace.ts';
import type {TraceRow} from './trace-formats.ts';

/** Most requests of a trace that are read. */
export const mostTraceRows = 20_000_000;

/** The requests of a trace as they are read, one growing array a column. */
export class TraceRows {
	#count = 0;
	#isSorted = true;
	#at = new Float64Array(1024);
	#promptTokens = new Int32Array(1024);
	#outputTokens = new Int32Array(1024);

	/** @throws {RangeError} when there are too many */
	add({at, promptTokens, outputTokens}: Readonly<TraceRow>): void {
		if (this.#count === mostTraceRows) {
			throw new RangeError(`more than ${mostTraceRows} requests`);
		}

		if (this.#count === this.#at.length) {
			this.#grow();
		}

		this.#isSorted &&= this.#count === 0 || at >= this.#at[this.#count - 1]!;
		this.#at[this.#count] = at;
		this.#promptTokens[this.#count] = promptTokens;
		this.#outputTokens[this.#count] = outputTokens;
		this.#count++;
	}

	/**
	 * The columns in the order of time.
	 *
	 * @param options - `keepsZero`: whether times stay as they are; else they count from the first request
	 */
	columns({keepsZero}: {readonly keepsZero: boolean}): TraceColumns {
		const [at, promptTokens, outputTokens] = this.#inOrder();
		const start = at[0] ?? 0;
		return {at: keepsZero ? at : at.map(seconds => microseconds(seconds - start)), promptTokens, outputTokens};
	}

	#inOrder(): [Float64Array, Int32Array, Int32Array] {
		const at = this.#at.subarray(0, this.#count);
		const promptTokens = this.#promptTokens.subarray(0, this.#count);
		const outputTokens = this.#outputTokens.subarray(0, this.#count);
		if (this.#isSorted) {
			return [at, promptTokens, outputTokens];
		}

		// Of equal times the one that was read first stays first.
		const order = Uint32Array.from(at.keys()).sort((a, b) => at[a]! - at[b]! || a - b);
		return [
			Float64Array.from(order, row => at[row]!),
			Int32Array.from(order, row => promptTokens[row]!),
			Int32Array.from(order, row => outputTokens[row]!),
		];
	}

	#grow(): void {
		const length = this.#at.length * 2;
		this.#at = withLength(Float64Array, this.#at, length);
		this.#promptTokens = withLength(Int32Array, this.#promptTokens, length);
		this.#outputTokens = withLength(Int32Array, this.#outputTokens, length);
	}
}

function withLength<T extends Float64Array | Int32Array>(
	Kind: new (length: number) => T,
	values: T,
	length: number,
): T {
	const longer = new Kind(length);
	longer.set(values);
	return longer;
}
