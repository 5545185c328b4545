import {createHash} from 'node:crypto';
import type {TraceFormat} from '../experiment/trace-format.ts';
import {microseconds, partOf, type TraceColumns} from '../experiment/transform-trace.ts';
import type {TraceTransform} from '../experiment/workload-schema.ts';
import type {JudgedUnit} from './judge-times.ts';
import {lineBatches} from './line-batches.ts';
import {isInOrder} from './probe-order.ts';
import {readPieces} from './read-pieces.ts';
import {type Malformed, type TraceClaim, TraceLines} from './trace-lines.ts';
import type {TraceRow} from './trace-readers.ts';
import {fromFirst, TraceRows} from './trace-rows.ts';

/** A trace as it stands in its file, in the order of time. */
export type Trace = {
	readonly format: TraceFormat;
	/** Name of the column of times. */
	readonly column: string;
	/** What the times are: text, or numbers of a unit. */
	readonly times: JudgedUnit | 'text';
	readonly columns: TraceColumns;
	/** Of the file, in hex. */
	readonly sha256: string;
	/** Requests that failed when they were recorded; they have no answer, and are not in the columns. */
	readonly failed: number;
	readonly malformed: Malformed;
};

/**
 * Reads a trace line by line: memory grows with its requests, not with its bytes.
 *
 * @throws {UnreadableError} when the file cannot be read
 * @throws {RangeError} when it has none of the forms, its times fit two units, or it has more requests than are read
 */
export async function readTrace(path: string, claim: TraceClaim = {}): Promise<Trace> {
	const hash = createHash('sha256');
	const rows = new TraceRows();
	const lines = new TraceLines(claim, row => rows.add(row));
	for await (const batch of lineBatches(readPieces(path, bytes => hash.update(bytes)))) {
		for (const line of batch) {
			lines.add(line);
		}
	}

	const {keepsZero, ...found} = lines.end();
	const columns = await rows.columns();
	if (!keepsZero) {
		fromFirst(columns.at);
	}

	return {...found, columns, sha256: hash.digest('hex')};
}

export type TracePart = {
	/** Only the requests that `from`, `to` and `rateScale` leave. */
	readonly columns: TraceColumns;
	/** Lines that hold no request, among those that were read. */
	readonly malformed: Malformed;
	readonly format: TraceFormat;
	readonly times: JudgedUnit | 'text';
};

/**
 * Reads the part of a trace that a transform plays: memory grows with that part. A trace in the order of time is read
 * up to `to`, any other one twice.
 *
 * @throws {UnreadableError} when the file cannot be read
 * @throws {RangeError} as `readTrace`
 */
export async function readTracePart(path: string, claim: TraceClaim, transform: TraceTransform): Promise<TracePart> {
	const part = new OrderedPart(transform);
	const lines: TraceLines = new TraceLines(claim, row => part.add(row, lines.keepsZero));
	let mayStop = true;
	for await (const batch of lineBatches(readPieces(path))) {
		for (const line of batch) {
			lines.add(line);
		}

		if (mayStop && part.isOver) {
			mayStop = await isInOrder(path, claim);
			if (mayStop) {
				break;
			}
		}
	}

	const {keepsZero, format, times, malformed} = lines.end();
	const columns = part.isOrdered
		? await part.columns()
		: await sortedPart(path, claim, {transform, zero: keepsZero ? 0 : part.earliest});
	return {columns, malformed, format, times};
}

/** The part of a trace that comes in the order of time. */
class OrderedPart {
	readonly #isPlayed: (seconds: number) => boolean;
	readonly #to: number;
	readonly #rows = new TraceRows();
	#zero: number | undefined;
	#last = Number.NEGATIVE_INFINITY;
	earliest = Number.POSITIVE_INFINITY;
	/** Whether the requests have come in the order of time so far; the part is that of the transform only then. */
	isOrdered = true;
	/** Whether the end of the part has come. */
	isOver = false;

	constructor(transform: TraceTransform) {
		this.#isPlayed = partOf(transform);
		this.#to = transform.to ?? Number.POSITIVE_INFINITY;
	}

	add(row: Readonly<TraceRow>, keepsZero: boolean): void {
		this.#zero ??= keepsZero ? 0 : row.at;
		this.isOrdered &&= row.at >= this.#last;
		this.#last = row.at;
		this.earliest = Math.min(this.earliest, row.at);
		if (!this.isOrdered) {
			this.isOver = false;
			return;
		}

		const at = keepsZero ? row.at : microseconds(row.at - this.#zero);
		this.isOver = at >= this.#to;
		if (this.#isPlayed(at)) {
			this.#rows.add({...row, at});
		}
	}

	async columns(): Promise<TraceColumns> {
		return this.#rows.columns();
	}
}

type SortedPart = {readonly transform: TraceTransform; readonly zero: number};

/** The part of a trace in another order, whose earliest request is known. */
async function sortedPart(path: string, claim: TraceClaim, {transform, zero}: SortedPart): Promise<TraceColumns> {
	const rows = new TraceRows();
	const isInside = partOf({...transform, rateScale: 1});
	const lines = new TraceLines(claim, row => {
		const at = microseconds(row.at - zero);
		if (isInside(at)) {
			rows.add({...row, at});
		}
	});
	for await (const batch of lineBatches(readPieces(path))) {
		for (const line of batch) {
			lines.add(line);
		}
	}

	lines.end();
	const isPlayed = partOf(transform);
	const {at, promptTokens, outputTokens, conversation} = await rows.columns();
	const keep = Uint8Array.from(at, seconds => Number(isPlayed(seconds)));
	const kept = <T extends Float64Array | Int32Array>(column: T) => column.filter((_, row) => keep[row] === 1) as T;
	return {
		at: kept(at),
		promptTokens: kept(promptTokens),
		outputTokens: kept(outputTokens),
		...(conversation && {conversation: kept(conversation)}),
	};
}
