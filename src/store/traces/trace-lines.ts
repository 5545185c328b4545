import type {MalformedLine, MalformedLines} from '../../experiment/transform-trace.ts';
import {type TimeUnit, type TraceFormat, unitOfTime} from '../../experiment/workload-schema.ts';
import {type JudgedUnit, judgeTimes} from './judge-times.ts';
import {formOf} from './trace-formats.ts';
import type {TraceRow} from './trace-readers.ts';

/** Form of a trace and unit of its times as the user gives them; found when left out. */
export type TraceClaim = {readonly format?: TraceFormat | undefined; readonly unit?: TimeUnit | undefined};

/** Requests by whose times their unit is judged. */
const judged = 10_000;
/** Later than any clock says [s]. */
const latest = 1e12;
const mostNamed = 10;

/** Makes requests with times in seconds of the lines of a trace, and hands them on in the order of the lines. */
export class TraceLines {
	readonly #claim: TraceClaim;
	readonly #take: (row: Readonly<TraceRow>) => void;
	readonly #row: TraceRow = {at: 0, promptTokens: 0, outputTokens: 0};
	readonly #first: MalformedLine[] = [];
	/** The first requests, until the unit of their times is known. */
	readonly #waiting: (TraceRow & {readonly line: number})[] = [];
	#found: ReturnType<typeof formOf> | undefined;
	#unit: JudgedUnit | 'text' | undefined;
	#perSecond = Number.NaN;
	#line = 0;
	#failed = 0;
	#malformed = 0;

	constructor(claim: TraceClaim, take: (row: Readonly<TraceRow>) => void) {
		this.#claim = claim;
		this.#take = take;
	}

	/**
	 * @param line - undefined for one that is too long
	 * @throws {RangeError} when the trace has none of the forms, or its times fit two units
	 */
	add(line: string | undefined): void {
		this.#line++;
		if (line?.trim() === '') {
			return;
		}

		if (this.#found === undefined) {
			this.#found = formOf(line ?? '', this.#claim.format);
			if (this.#found.form.hasHeader(line ?? '')) {
				return;
			}
		}

		const outcome = line === undefined ? {fault: 'too long'} : this.#found.reader.read(line, this.#row);
		if (outcome === 'request') {
			this.#receive();
		} else if (outcome === 'failed') {
			this.#failed++;
		} else {
			this.#refuse(this.#line, outcome.fault);
		}
	}

	/** Result, once the last line has come. */
	end() {
		this.#found ??= formOf('', this.#claim.format);
		const {form, reader} = this.#found;
		this.#judge();
		return {
			format: form.name,
			keepsZero: form.keepsZero,
			column: reader.column,
			times: this.#unit!,
			work: reader.work,
			failed: this.#failed,
			malformed: {count: this.#malformed, first: this.#first} as MalformedLines,
		};
	}

	/** Whether time 0 is the trace's own; known from the first request on. */
	get keepsZero(): boolean {
		return this.#found!.form.keepsZero;
	}

	#receive(): void {
		if (this.#unit !== undefined) {
			this.#hand(this.#row, this.#line);
			return;
		}

		this.#waiting.push({...this.#row, line: this.#line});
		if (this.#waiting.length === judged) {
			this.#judge();
		}
	}

	#judge(): void {
		if (this.#unit !== undefined) {
			return;
		}

		const {form, reader} = this.#found!;
		const claim = {
			column: reader.column,
			named: this.#claim.unit,
			inName: reader.unit,
			published: form.unit,
			isFormNamed: this.#claim.format !== undefined,
		};
		if (reader.times.isText || (form.name === 'azure' && this.#waiting.length === 0)) {
			this.#unit = 'text';
			this.#perSecond = 1;
		} else {
			this.#unit = judgeTimes(
				this.#waiting.map(({at}) => at),
				claim,
			);
			this.#perSecond = unitOfTime[this.#unit.unit].perSecond;
		}

		for (const row of this.#waiting.splice(0)) {
			this.#hand(row, row.line);
		}
	}

	#hand(row: TraceRow, line: number): void {
		row.at /= this.#perSecond;
		if (row.at <= latest) {
			this.#take(row);
		} else {
			this.#refuse(line, this.#found!.reader.column);
		}
	}

	#refuse(line: number, fault: string): void {
		this.#malformed++;
		if (this.#first.length < mostNamed) {
			this.#first.push({line, fault});
		}
	}
}
