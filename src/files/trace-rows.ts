import {microseconds, type TraceColumns} from '../experiment/transform-trace.ts';
import {givesWay} from './give-way.ts';
import {orderByTime} from './sort-rows.ts';
import type {TraceRow} from './trace-readers.ts';

/** Most requests of a trace that are kept. */
export const mostTraceRows = 20_000_000;

/** The requests of a trace as they are read, one growing array a column. */
export class TraceRows {
	#count = 0;
	#isSorted = true;
	#at = new Float64Array(1024);
	#promptTokens = new Int32Array(1024);
	#outputTokens = new Int32Array(1024);
	#conversation: Int32Array | undefined;

	/** @throws {RangeError} when there are too many */
	add({at, promptTokens, outputTokens, conversation}: Readonly<TraceRow>): void {
		if (this.#count === mostTraceRows) {
			throw new RangeError(`more than ${mostTraceRows} requests between from and to`);
		}

		if (this.#count === this.#at.length) {
			this.#grow();
		}

		this.#isSorted &&= this.#count === 0 || at >= this.#at[this.#count - 1]!;
		this.#at[this.#count] = at;
		this.#promptTokens[this.#count] = promptTokens;
		this.#outputTokens[this.#count] = outputTokens;
		if (conversation !== undefined) {
			this.#conversation ??= new Int32Array(this.#at.length);
			this.#conversation[this.#count] = conversation;
		}

		this.#count++;
	}

	/** The rows in the order of time, times as they were added; signals are heard while they are sorted. */
	async columns(): Promise<TraceColumns> {
		const upTo = <T extends Float64Array | Int32Array>(column: T) => column.subarray(0, this.#count) as T;
		const at = upTo(this.#at);
		const columns = {
			at,
			promptTokens: upTo(this.#promptTokens),
			outputTokens: upTo(this.#outputTokens),
			...(this.#conversation && {conversation: upTo(this.#conversation)}),
		};
		if (this.#isSorted) {
			return columns;
		}

		const order = await orderByTime(at);
		return {
			at: await inOrder(at, order, new Float64Array(at.length)),
			promptTokens: await inOrder(columns.promptTokens, order, new Int32Array(at.length)),
			outputTokens: await inOrder(columns.outputTokens, order, new Int32Array(at.length)),
			...(columns.conversation && {
				conversation: await inOrder(columns.conversation, order, new Int32Array(at.length)),
			}),
		};
	}

	#grow(): void {
		const length = this.#at.length * 2;
		this.#at = withLength(Float64Array, this.#at, length);
		this.#promptTokens = withLength(Int32Array, this.#promptTokens, length);
		this.#outputTokens = withLength(Int32Array, this.#outputTokens, length);
		this.#conversation &&= withLength(Int32Array, this.#conversation, length);
	}
}

/** Times counted from the first of them, in place. */
export function fromFirst(at: Float64Array): void {
	const start = at[0] ?? 0;
	for (let row = 0; row < at.length; row++) {
		at[row] = microseconds(at[row]! - start);
	}
}

async function inOrder<T extends Float64Array | Int32Array>(values: T, order: Uint32Array, ordered: T): Promise<T> {
	const giveWay = givesWay();
	for (let row = 0; row < order.length; row++) {
		ordered[row] = values[order[row]!]!;
		if (row % 65_536 === 0) {
			await giveWay();
		}
	}

	return ordered;
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
