import {PrefixRows, selectPrefixes} from '../../experiment/serving/prompt-prefixes.ts';
import type {WorkKind} from '../../experiment/serving/work-kind.ts';
import {microseconds, type TraceColumns} from '../../experiment/transform-trace.ts';
import {givesWay} from '../disk/give-way.ts';
import type {TraceRow} from './trace-readers.ts';

/** Rows between two looks at the clock. */
const stride = 1 << 16;

/**
 * The order of rows by time; of equal times the one that was read first stays first. Signals are heard meanwhile.
 *
 * Merges of neighbouring runs, from those of `stride` rows upward.
 */
export async function orderByTime(at: Float64Array): Promise<Uint32Array> {
	const giveWay = givesWay();
	let order = new Uint32Array(at.length);
	for (let row = 0; row < at.length; row++) {
		order[row] = row;
	}

	for (let from = 0; from < at.length; from += stride) {
		order.subarray(from, from + stride).sort((a, b) => at[a]! - at[b]! || a - b);
		await giveWay();
	}

	let merged = new Uint32Array(at.length);
	for (let width = stride; width < at.length; width *= 2) {
		for (let from = 0; from < at.length; from += 2 * width) {
			const merge = merging(at, order, merged, {from, middle: from + width, to: from + 2 * width});
			while (!merge()) {
				await giveWay();
			}
		}

		[order, merged] = [merged, order];
	}

	return order;
}

type Runs = {readonly from: number; readonly middle: number; readonly to: number};

/** Merges two runs, `stride` rows a call; true once it is done. */
function merging(at: Float64Array, order: Uint32Array, merged: Uint32Array, runs: Runs): () => boolean {
	const [middle, to] = [Math.min(runs.middle, at.length), Math.min(runs.to, at.length)];
	let [left, right, next] = [runs.from, middle, runs.from];
	return () => {
		const end = Math.min(to, next + stride);
		for (; next < end; next++) {
			const takesLeft = right === to || (left < middle && at[order[left]!]! <= at[order[right]!]!);
			merged[next] = takesLeft ? order[left++]! : order[right++]!;
		}

		return next === to;
	};
}

/** Most requests of a trace that are kept. */
export const mostTraceRows = 20_000_000;

/** The requests of a trace as they are read, one growing array a column. */
export class TraceRows {
	#count = 0;
	#isSorted = true;
	#at = new Float64Array(1024);
	#promptTokens = new Int32Array(1024);
	#outputTokens = new Int32Array(1024);
	#work: Float64Array | undefined;
	#conversation: Int32Array | undefined;
	#prefixes: PrefixRows | undefined;
	#priority: Int32Array | undefined;

	/** @throws {RangeError} when there are too many */
	add({at, promptTokens, outputTokens, work, conversation, prefix, priority}: Readonly<TraceRow>): void {
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
		if (work !== undefined) {
			this.#work ??= new Float64Array(this.#at.length);
			this.#work[this.#count] = work;
		}

		if (conversation !== undefined) {
			this.#conversation ??= new Int32Array(this.#at.length);
			this.#conversation[this.#count] = conversation;
		}

		if (priority !== undefined) {
			this.#priority ??= new Int32Array(this.#at.length);
			this.#priority[this.#count] = priority;
		}

		if (prefix !== undefined) {
			this.#prefixes ??= new PrefixRows(this.#count);
		}

		this.#prefixes?.add(prefix);

		this.#count++;
	}

	/**
	 * The rows in the order of time, times as they were added; signals are heard while they are sorted.
	 *
	 * @param kind - of the work that they bring along instead of tokens
	 */
	async columns(kind?: WorkKind): Promise<TraceColumns> {
		const upTo = <T extends Float64Array | Int32Array>(column: T) => column.subarray(0, this.#count) as T;
		const at = upTo(this.#at);
		const columns = {
			at,
			promptTokens: kind === undefined ? upTo(this.#promptTokens) : none,
			outputTokens: kind === undefined ? upTo(this.#outputTokens) : none,
			...(kind && {work: {kind, seconds: this.#work === undefined ? new Float64Array(0) : upTo(this.#work)}}),
			...(this.#conversation && {conversation: upTo(this.#conversation)}),
			...(this.#prefixes && {prefixes: this.#prefixes.all}),
			...(this.#priority && {priority: upTo(this.#priority)}),
		};
		if (this.#isSorted) {
			return columns;
		}

		const order = await orderByTime(at);
		return {
			at: await inOrder(at, order),
			promptTokens: await inOrder(columns.promptTokens, order),
			outputTokens: await inOrder(columns.outputTokens, order),
			...(columns.work && {work: {...columns.work, seconds: await inOrder(columns.work.seconds, order)}}),
			...(columns.conversation && {conversation: await inOrder(columns.conversation, order)}),
			...(columns.prefixes && {prefixes: selectPrefixes(columns.prefixes, order)}),
			...(columns.priority && {priority: await inOrder(columns.priority, order)}),
		};
	}

	#grow(): void {
		const length = this.#at.length * 2;
		this.#at = withLength(Float64Array, this.#at, length);
		this.#promptTokens = withLength(Int32Array, this.#promptTokens, length);
		this.#outputTokens = withLength(Int32Array, this.#outputTokens, length);
		this.#work &&= withLength(Float64Array, this.#work, length);
		this.#conversation &&= withLength(Int32Array, this.#conversation, length);
		this.#priority &&= withLength(Int32Array, this.#priority, length);
	}
}

/** Times counted from the first of them, in place. */
export function fromFirst(at: Float64Array): void {
	const start = at[0] ?? 0;
	for (let row = 0; row < at.length; row++) {
		at[row] = microseconds(at[row]! - start);
	}
}

const none = new Int32Array(0);

/** Values in an order; a column without values stays without. */
async function inOrder<T extends Float64Array | Int32Array>(values: T, order: Uint32Array): Promise<T> {
	const ordered = values.slice() as T;
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
