import {createHash} from 'node:crypto';
import {selectPrefixes} from '../../experiment/serving/prompt-prefixes.ts';
import type {WorkKind} from '../../experiment/serving/work-kind.ts';
import {type MalformedLines, microseconds, partOf, type TraceColumns} from '../../experiment/transform-trace.ts';
import type {TraceFormat, TraceTransform} from '../../experiment/workload-schema.ts';
import type {JudgedUnit} from './judge-times.ts';
import {isInOrder} from './probe-order.ts';
import {readPieces} from './read-pieces.ts';
import {type TraceClaim, TraceLines} from './trace-lines.ts';
import type {TraceRow} from './trace-readers.ts';
import {fromFirst, TraceRows} from './trace-rows.ts';

/** A longer line is no line [characters]. */
const longestLine = 1 << 20;

/**
 * The lines of a text that comes in pieces, all that each piece ends, in bounded memory however long the text is.
 *
 * @param pieces - UTF-8; what is none is replaced by U+FFFD
 * @yields lines without their ends; undefined where one has more than 2^20 characters
 */
export async function* lineBatches(
	pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly (string | undefined)[], void, void> {
	const decoder = new TextDecoder();
	const splitter = new LineSplitter();
	for await (const bytes of pieces) {
		yield splitter.add(decoder.decode(bytes, {stream: true}));
	}

	yield splitter.end(decoder.decode());
}

class LineSplitter {
	/** The beginning of a line whose end has not come; undefined once it is too long. */
	#begun: string | undefined = '';

	add(text: string): (string | undefined)[] {
		const lines: (string | undefined)[] = [];
		let start = 0;
		for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
			this.#append(text.slice(start, end));
			lines.push(this.#finished());
			start = end + 1;
		}

		this.#append(text.slice(start));
		return lines;
	}

	/** Lines that are left after the last piece. */
	end(text: string): (string | undefined)[] {
		const lines = this.add(text);
		return this.#begun === '' ? lines : [...lines, this.#finished()];
	}

	#append(text: string): void {
		if (this.#begun !== undefined) {
			this.#begun = this.#begun.length + text.length > longestLine ? undefined : this.#begun + text;
		}
	}

	#finished(): string | undefined {
		const line = this.#begun;
		this.#begun = '';
		return line?.endsWith('\r') ? line.slice(0, -1) : line;
	}
}

/** A trace as it stands in its file, in the order of time. */
export type Trace = {
	readonly format: TraceFormat;
	/** Name of the column of times. */
	readonly column: string;
	/** Form of the times: text, or numbers of a unit. */
	readonly times: JudgedUnit | 'text';
	readonly columns: TraceColumns;
	/** Digest of the file, in hex. */
	readonly sha256: string;
	/** Requests that failed when they were recorded; they have no answer, and are not in the columns. */
	readonly failed: number;
	readonly malformed: MalformedLines;
};

export type ReadTraceOptions = {
	/** Ends the reading with its reason. */
	readonly signal?: AbortSignal | undefined;
	/** Called with the fraction of the file that has been read. */
	readonly onRead?: (fraction: number) => void;
};

/**
 * Reads a trace line by line: memory grows with its requests, not with its bytes.
 *
 * @throws {UnreadableError} when the file cannot be read
 * @throws {RangeError} when it has none of the forms, its times fit two units, or it has more requests than are read
 */
export async function readTrace(
	path: string,
	claim: TraceClaim = {},
	{signal, onRead}: ReadTraceOptions = {},
): Promise<Trace> {
	const hash = createHash('sha256');
	const rows = new TraceRows();
	const lines = new TraceLines(claim, row => rows.add(row));
	const see = (bytes: Uint8Array, fraction: number) => {
		hash.update(bytes);
		onRead?.(fraction);
	};
	for await (const batch of lineBatches(readPieces(path, see))) {
		signal?.throwIfAborted();
		for (const line of batch) {
			lines.add(line);
		}
	}

	const {keepsZero, work, ...found} = lines.end();
	const columns = await rows.columns(work);
	if (!keepsZero) {
		fromFirst(columns.at);
	}

	return {...found, columns, sha256: hash.digest('hex')};
}

type TracePart = {
	/** Only the requests that `from`, `to` and `rateScale` leave. */
	readonly columns: TraceColumns;
	/** Lines that hold no request, among the lines that were read. */
	readonly malformed: MalformedLines;
	readonly format: TraceFormat;
	readonly times: JudgedUnit | 'text';
};

/**
 * Reads the part of a trace that a transform leaves: memory grows with that part. A trace in the order of time is read
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

	const {keepsZero, format, times, work, malformed} = lines.end();
	const columns = part.isOrdered
		? await part.columns(work)
		: await sortedPart(path, claim, {transform, zero: keepsZero ? 0 : part.earliest});
	return {columns, malformed, format, times};
}

/** The part of a trace that comes in the order of time. */
class OrderedPart {
	readonly #isUsed: (seconds: number) => boolean;
	readonly #to: number;
	readonly #rows = new TraceRows();
	#zero: number | undefined;
	#last = Number.NEGATIVE_INFINITY;
	earliest = Number.POSITIVE_INFINITY;
	/** Whether the requests have come in the order of time so far; only then is the part the transform's. */
	isOrdered = true;
	/** Whether the end of the part has come. */
	isOver = false;

	constructor(transform: TraceTransform) {
		this.#isUsed = partOf(transform);
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
		if (this.#isUsed(at)) {
			this.#rows.add({...row, at});
		}
	}

	async columns(work: WorkKind | undefined): Promise<TraceColumns> {
		return this.#rows.columns(work);
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

	const {work: kind} = lines.end();
	const isUsed = partOf(transform);
	const {at, promptTokens, outputTokens, work, conversation, prefixes, priority} = await rows.columns(kind);
	const keep = Uint8Array.from(at, seconds => Number(isUsed(seconds)));
	const kept = <T extends Float64Array | Int32Array>(column: T) => column.filter((_, row) => keep[row] === 1) as T;
	return {
		at: kept(at),
		promptTokens: kept(promptTokens),
		outputTokens: kept(outputTokens),
		...(work && {work: {...work, seconds: kept(work.seconds)}}),
		...(conversation && {conversation: kept(conversation)}),
		...(prefixes && {
			prefixes: selectPrefixes(
				prefixes,
				[...keep.keys()].filter(row => keep[row] === 1),
			),
		}),
		...(priority && {priority: kept(priority)}),
	};
}
