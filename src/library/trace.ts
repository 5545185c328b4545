import {UserError} from '../errors.ts';
import {syntheticTrace, type TraceModelName, traceModels} from '../experiment/trace-models.ts';
import type {TraceFormat} from '../experiment/workload-schema.ts';
import type {InspectedTrace} from '../report/trace-report.ts';
import {traceStatistics} from '../statistics/trace-statistics.ts';
import {givesWay} from '../store/disk/give-way.ts';
import {UnreadableError} from '../store/disk/read-text.ts';
import {readTrace, type Trace} from '../store/traces/read-trace.ts';
import type {TraceClaim} from '../store/traces/trace-lines.ts';
import {mostTraceRows} from '../store/traces/trace-rows.ts';
import {traceText, writeTrace} from '../store/traces/write-trace.ts';

export type GenerateOptions = {
	/** Form of the trace; `replicast` when left out. */
	readonly format?: TraceFormat | undefined;
	readonly like: TraceModelName;
	/** [s] */
	readonly duration: number;
	/** [requests/s] */
	readonly rate: number;
	readonly seed: number;
};

/**
 * Generates a trace like a published one into a file.
 *
 * @throws {UserError} E_USAGE when that would be more requests than can be read again
 */
export async function generateTrace(file: string, options: GenerateOptions): Promise<void> {
	await writeTrace(file, rowsOf(options), options.format ?? 'replicast');
}

/**
 * Generates the text of a trace like a published one.
 *
 * @yields one piece after the other, which the event loop runs between
 * @throws {UserError} E_USAGE when that would be more requests than can be read again
 */
export async function* generateTraceText(options: GenerateOptions): AsyncGenerator<string, void, void> {
	const giveWay = givesWay();
	for (const piece of traceText(rowsOf(options), options.format ?? 'replicast')) {
		await giveWay();
		yield piece;
	}
}

function rowsOf({like, duration, rate, seed}: GenerateOptions): ReturnType<typeof syntheticTrace> {
	const expected = duration * rate;
	if (expected > mostTraceRows * 0.9) {
		const most = mostTraceRows * 0.9;
		throw new UserError('E_USAGE', `Expected at most ${most} requests, got about ${expected.toPrecision(2)}`);
	}

	return syntheticTrace(traceModels[like], {duration, rate, seed});
}

/**
 * Reads a trace and computes its statistics.
 *
 * @throws {UserError} E_FILE when the file is no trace
 */
export async function inspectTrace(file: string, claim: TraceClaim = {}): Promise<InspectedTrace> {
	const {columns, ...trace} = await read(file, claim);
	return {...trace, file, statistics: columns.at.length === 0 ? undefined : traceStatistics(columns)};
}

async function read(file: string, claim: TraceClaim): Promise<Trace> {
	try {
		return await readTrace(file, claim);
	} catch (error) {
		if (error instanceof UnreadableError || error instanceof RangeError) {
			throw new UserError('E_FILE', `Expected ${file} to be a trace, got ${error.message}`, {cause: error});
		}

		throw error;
	}
}
