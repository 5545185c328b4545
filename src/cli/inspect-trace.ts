import process from 'node:process';
import {UserError} from '../errors.ts';
import {nameOfFormat, type TraceFormat} from '../experiment/trace-format.ts';
import {UnreadableError} from '../files/read-text.ts';
import {malformedWords, readTrace, type Trace} from '../files/read-trace.ts';
import {formatNumber} from '../statistics/format-estimate.ts';
import {type TokenStatistics, type TraceStatistics, traceStatistics} from '../statistics/trace-statistics.ts';
import {drawTable} from './draw-table.ts';
import {formatDuration} from './format-duration.ts';
import {significant} from './significant.ts';

export type InspectOptions = {readonly file: string; readonly format?: TraceFormat; readonly json: boolean};

/** Prints what a trace is like; the status is 2 where some of its lines hold no request. */
export async function inspectTrace({file, format, json}: InspectOptions): Promise<void> {
	const trace = await read(file, format);
	const statistics = trace.columns.at.length === 0 ? undefined : traceStatistics(trace.columns);
	process.stdout.write(json ? traceJson(file, trace, statistics) : traceReport(file, trace, statistics));
	if (trace.malformed.count > 0) {
		process.stderr.write(`${file}: ${malformedWords(trace.malformed)}\n`);
		process.exitCode = 2;
	}
}

async function read(file: string, format: TraceFormat | undefined): Promise<Trace> {
	try {
		return await readTrace(file, format);
	} catch (error) {
		if (error instanceof UnreadableError || error instanceof RangeError) {
			throw new UserError('E_FILE', `Expected ${file} to be a trace, got ${error.message}`, {cause: error});
		}

		throw error;
	}
}

function traceJson(file: string, trace: Trace, statistics: TraceStatistics | undefined): string {
	const {format, sha256, failed, malformed} = trace;
	const told = {file, format, sha256, failed, malformed: {count: malformed.count, first: malformed.first}};
	return `${JSON.stringify({...told, statistics: statistics ?? null}, undefined, '\t')}\n`;
}

function traceReport(file: string, trace: Trace, statistics: TraceStatistics | undefined): string {
	const failed = trace.failed > 0 ? `, and ${formatNumber(trace.failed)} that failed and are not played` : '';
	const head = `${file}: ${nameOfFormat[trace.format]}, ${formatNumber(statistics?.requests ?? 0)} requests${failed}\n`;
	if (statistics === undefined) {
		return head;
	}

	const {promptTokens, outputTokens, beyondContext} = statistics;
	const beyond = beyondContext.map(
		({contextTokens, share}) => `${formatNumber(contextTokens)} tokens: ${significant(share * 100)} %`,
	);
	return [
		head,
		...arrivalLines(statistics).map(line => `${line}\n`),
		`${drawTable([['tokens', ...columns], tokenRow('prompt', promptTokens), tokenRow('output', outputTokens)])}\n`,
		`Requests that do not fit a context of ${beyond.join(', ')}\n`,
		`SHA-256 ${trace.sha256}\n`,
	].join('');
}

const columns = [
	'mean',
	'cv',
	'least',
	'p50',
	'p90',
	'p95',
	'p99',
	'most',
] as const satisfies (keyof TokenStatistics)[];

function tokenRow(name: string, statistics: TokenStatistics): string[] {
	return [name, ...columns.map(column => significant(statistics[column]))];
}

function arrivalLines({
	durationSeconds,
	ratePerSecond,
	interarrival,
	perMinute,
	dispersionPerSecond,
	tokenCorrelation,
}: TraceStatistics): string[] {
	const rate = ratePerSecond === null ? '' : `, ${significant(ratePerSecond)} requests/s`;
	return [
		`${formatDuration(durationSeconds)}${rate}`,
		...(interarrival === null
			? []
			: [
					`Interarrival times: mean ${significant(interarrival.meanSeconds)} s, coefficient of variation ${significant(interarrival.cv)}, longest ${significant(interarrival.longestSeconds)} s`,
				]),
		...(perMinute === null
			? []
			: [
					`Requests a minute: ${perMinute.least} to ${perMinute.most}, mean ${significant(perMinute.mean)}, coefficient of variation ${significant(perMinute.cv)}`,
				]),
		...(dispersionPerSecond === null ? [] : [`Variance over mean, by the second: ${significant(dispersionPerSecond)}`]),
		...(tokenCorrelation === null ? [] : [`Correlation of prompt and output: ${significant(tokenCorrelation)}`]),
	];
}
