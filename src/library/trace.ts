import {UserError} from '../errors.ts';
import {parseDuration} from '../experiment/duration.ts';
import {syntheticTrace, type TraceModelName, traceModels} from '../experiment/trace-models.ts';
import type {TraceFormat} from '../experiment/workload-schema.ts';
import type {InspectedTrace} from '../report/trace-report.ts';
import {traceStatistics, workStatistics} from '../statistics/trace-statistics.ts';
import {givesWay} from '../store/disk/give-way.ts';
import {UnreadableError} from '../store/disk/read-text.ts';
import {type ReadTraceOptions, readTrace, type Trace} from '../store/traces/read-trace.ts';
import type {TraceClaim} from '../store/traces/trace-lines.ts';
import {mostTraceRows} from '../store/traces/trace-rows.ts';
import {traceText, writeTrace} from '../store/traces/write-trace.ts';
import type {UseCaseOptions} from './use-case.ts';

export {timeUnits, traceFormats} from '../experiment/workload-schema.ts';
export type {InspectedTrace} from '../report/trace-report.ts';

/** Published traces whose statistics a generated one can have. */
export const traceModelNames = Object.keys(traceModels) as readonly TraceModelName[];

export type GenerateTraceOptions = UseCaseOptions & {
	/** Form of the trace; `replicast` when left out. */
	readonly format?: TraceFormat | undefined;
	/** Published trace whose statistics it has; the first when left out. */
	readonly like?: TraceModelName | undefined;
	/** Length such as `30m`; `1h` when left out. */
	readonly duration?: string | undefined;
	/** Mean rate [requests/s]; that of the published trace when left out. */
	readonly rate?: number | undefined;
	/** Root of all random draws; 1 when left out. */
	readonly seed?: number | undefined;
};

/** Highest mean rate of a generated trace [requests/s]. */
export const mostTraceRate = 1e6;

/**
 * Generates a trace like a published one into a file.
 *
 * @throws {UserError} E_USAGE when that would be more requests than can be read again
 * @throws {RangeError} when the rate or the seed is out of bounds
 */
export async function generateTrace(file: string, options: GenerateTraceOptions = {}): Promise<void> {
	await writeTrace(file, rowsOf(options), options.format ?? 'replicast');
}

/**
 * Generates the text of a trace like a published one.
 *
 * @yields one piece after the other, which the event loop runs between
 * @throws {UserError} E_USAGE when that would be more requests than can be read again
 * @throws {RangeError} when the rate or the seed is out of bounds
 */
export async function* generateTraceText(options: GenerateTraceOptions = {}): AsyncGenerator<string, void, void> {
	const giveWay = givesWay();
	for (const piece of traceText(rowsOf(options), options.format ?? 'replicast')) {
		await giveWay();
		yield piece;
	}
}

type Rows = ReturnType<typeof syntheticTrace>;

function rowsOf({like = traceModelNames[0]!, duration = '1h', rate, seed = 1, ...useCase}: GenerateTraceOptions): Rows {
	const model = traceModels[like];
	const seconds = lengthOf(duration);
	const perSecond = rate ?? model.ratePerSecond;
	if (!(perSecond > 0 && perSecond <= mostTraceRate)) {
		throw new RangeError(`Expected rate to be a number above 0 and at most ${mostTraceRate}, got ${rate}`);
	}

	if (!(Number.isSafeInteger(seed) && seed >= 0)) {
		throw new RangeError(`Expected seed to be an integer from 0 to ${Number.MAX_SAFE_INTEGER}, got ${seed}`);
	}

	const expected = seconds * perSecond;
	if (expected > mostTraceRows * 0.9) {
		const most = mostTraceRows * 0.9;
		throw new UserError('E_USAGE', `Expected at most ${most} requests, got about ${expected.toPrecision(2)}`);
	}

	return watched(syntheticTrace(model, {duration: seconds, rate: perSecond, seed}), seconds, useCase);
}

function lengthOf(text: string): number {
	try {
		const duration = parseDuration(text);
		if (duration > 0 && duration <= 366 * 86_400) {
			return duration;
		}
	} catch {
		// Reported below.
	}

	throw new UserError(
		'E_USAGE',
		`Expected --duration to be longer than 0s and at most 366d, got ${JSON.stringify(text)}`,
	);
}

/** Requests between two reports of progress. */
const stride = 10_000;

/** Passes requests on, with the trace's time as progress. */
function* watched(rows: Rows, duration: number, {signal, onProgress = () => {}}: UseCaseOptions): Rows {
	const activity = {doing: 'Generating', total: duration, unit: 'seconds'};
	let count = 0;
	for (const row of rows) {
		if (count++ % stride === 0) {
			signal?.throwIfAborted();
			onProgress({...activity, done: Math.floor(row.at)});
		}

		yield row;
	}

	signal?.throwIfAborted();
	onProgress({...activity, done: duration, isOver: true});
}

export type InspectTraceOptions = TraceClaim & UseCaseOptions;

/**
 * Reads a trace and computes its statistics.
 *
 * @throws {UserError} E_FILE when the file is no trace
 */
export async function inspectTrace(
	file: string,
	{signal, onProgress = () => {}, ...claim}: InspectTraceOptions = {},
): Promise<InspectedTrace> {
	signal?.throwIfAborted();
	const activity = {doing: `Reading ${file}`, total: 100, unit: 'percent'};
	onProgress({...activity, done: 0});
	const onRead = (fraction: number) => onProgress({...activity, done: Math.floor(100 * fraction)});
	const {columns, ...trace} = await read(file, claim, {signal, onRead});
	signal?.throwIfAborted();
	onProgress({...activity, done: 100, isOver: true});
	return {...trace, file, statistics: statisticsOf(columns)};
}

function statisticsOf(columns: Trace['columns']): InspectedTrace['statistics'] {
	const {at, work} = columns;
	if (at.length === 0) {
		return undefined;
	}

	return work === undefined ? traceStatistics(columns) : workStatistics({at, work});
}

async function read(file: string, claim: TraceClaim, options: ReadTraceOptions): Promise<Trace> {
	try {
		return await readTrace(file, claim, options);
	} catch (error) {
		if (error instanceof UnreadableError) {
			throw error.asFault(file, 'a trace');
		}

		if (error instanceof RangeError) {
			throw new UserError('E_FILE', `Expected ${file} to be a trace, got ${error.message}`, {cause: error});
		}

		throw error;
	}
}
