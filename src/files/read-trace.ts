import {createHash, type Hash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import type {TraceFormat} from '../experiment/trace-format.ts';
import type {TraceColumns} from '../experiment/transform-trace.ts';
import {lineBatches} from './line-batches.ts';
import {asUnreadable, refuseUnreadable} from './read-text.ts';
import {formOf, type TraceRow} from './trace-formats.ts';
import {TraceRows} from './trace-rows.ts';

/** A line that holds no request, and what of it does not: the name of a column, or its form. */
export type MalformedLine = {readonly line: number; readonly fault: string};

/** A trace as it stands in its file, in the order of time. */
export type Trace = {
	readonly format: TraceFormat;
	readonly columns: TraceColumns;
	/** Of the file, in hex. */
	readonly sha256: string;
	/** Requests that failed when they were recorded; they have no answer, and are not in the columns. */
	readonly failed: number;
	/** Lines that hold no request: how many, and the first of them. */
	readonly malformed: {readonly count: number; readonly first: readonly MalformedLine[]};
};

const mostNamed = 10;

/**
 * Reads a trace line by line: memory grows with its requests, not with its bytes.
 *
 * @param format - the form it has to have; found by the first line when left out
 * @throws {UnreadableError} when the file cannot be read
 * @throws {RangeError} when it has none of the forms, or more requests than are read
 */
export async function readTrace(path: string, format?: TraceFormat): Promise<Trace> {
	const hash = createHash('sha256');
	const lines = new TraceLines(format);
	for await (const batch of lineBatches(hashed(path, hash))) {
		for (const line of batch) {
			lines.take(line);
		}
	}

	return {...lines.trace(), sha256: hash.digest('hex')};
}

async function* hashed(path: string, hash: Hash): AsyncGenerator<Uint8Array, void, void> {
	await refuseUnreadable(path);
	try {
		for await (const bytes of createReadStream(path, {highWaterMark: 1 << 20}) as AsyncIterable<Uint8Array>) {
			hash.update(bytes);
			yield bytes;
		}
	} catch (error) {
		throw asUnreadable(error);
	}
}

class TraceLines {
	readonly #format: TraceFormat | undefined;
	readonly #rows = new TraceRows();
	readonly #row: TraceRow = {at: 0, promptTokens: 0, outputTokens: 0};
	readonly #first: MalformedLine[] = [];
	#found: ReturnType<typeof formOf> | undefined;
	#line = 0;
	#failed = 0;
	#malformed = 0;

	constructor(format: TraceFormat | undefined) {
		this.#format = format;
	}

	/** @param line - undefined for one that is too long */
	take(line: string | undefined): void {
		this.#line++;
		if (line?.trim() === '') {
			return;
		}

		if (this.#found === undefined) {
			this.#found = formOf(line ?? '', this.#format);
			if (this.#found.form.hasHeader) {
				return;
			}
		}

		const outcome = line === undefined ? {fault: 'too long'} : this.#found.reader(line, this.#row);
		if (outcome === 'request') {
			this.#rows.add(this.#row);
		} else if (outcome === 'failed') {
			this.#failed++;
		} else {
			this.#malformed++;
			if (this.#first.length < mostNamed) {
				this.#first.push({line: this.#line, fault: outcome.fault});
			}
		}
	}

	trace(): Omit<Trace, 'sha256'> {
		const {form} = this.#found ?? formOf('', this.#format);
		return {
			format: form.name,
			columns: this.#rows.columns({keepsZero: form.keepsZero}),
			failed: this.#failed,
			malformed: {count: this.#malformed, first: this.#first},
		};
	}
}

/** `3 of its lines hold no request: 6 (ContextTokens), 7 (2 cells, not 3), 9 (TIMESTAMP)`. */
export function malformedWords({count, first}: Trace['malformed']): string {
	const named = first.map(({line, fault}) => `${line} (${fault})`).join(', ');
	return `${count} of its lines hold no request: ${named}${count > first.length ? ', …' : ''}`;
}
