import process from 'node:process';
import {UserError} from '../errors.ts';
import {nameOfFormat, type TimeUnit, type TraceFormat, unitOfTime} from '../experiment/trace-format.ts';
import {UnreadableError} from '../files/read-text.ts';
import {readTrace, type Trace} from '../files/read-trace.ts';
import {malformedWords, type TraceClaim} from '../files/trace-lines.ts';
import {formatNumber} from '../statistics/format-estimate.ts';
import {type TokenStatistics, type TraceStatistics, traceStatistics} from '../statistics/trace-statistics.ts';
import {drawTable} from './draw-table.ts';
import {formatDuration} from './format-duration.ts';
import {significant} from './significant.ts';

export type InspectOptions = {
	readonly file: string;
	readonly format?: TraceFormat;
	readonly unit?: TimeUnit;
	readonly json: boolean;
};

/** Prints what a trace is like; the status is 2 where some of its lines hold no request. */
export async function inspectTrace({file, format, unit, json}: InspectOptions): Promise<void> {
	const trace = await read(file, {format, unit});
	const statistics = trace.columns.at.length === 0 ? undefined : traceStatistics(trace.columns);
	process.stdout.write(json ? traceJson(file, trace, statistics) : traceReport(file, trace, statistics));
	if (trace.malformed.count > 0) {
		process.stderr.write(`${file}: ${malformedWords(trace.malformed)}\n`);
		process.exitCode = 2;
	}
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

function traceJson(file: string, trace: Trace, statistics: TraceStatistics | undefined): string {
	const {format, times, sha256, failed, malformed} = trace;
	const unit = times === 'text' ? null : times.unit;
	const told = {file, format, unit, sha256, failed, malformed: {count: malformed.count, first: malformed.first}};
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
		...arrivalLines(statistics, timesWords(trace)).map(line => `${line}\n`),
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

/** `times in seconds, as a BurstGPT trace has them`. */
function timesWords({times, format, column}: Trace): string {
	if (times === 'text') {
		return 'times with dates';
	}

	const how = {
		named: 'as --unit says',
		column: `as ${column} says`,
		form: `as ${nameOfFormat[format]} has them`,
		size: 'by their size',
	}[times.by];
	return `times in ${unitOfTime[times.unit].name}, ${how}`;
}

function arrivalLines(
	{durationSeconds, ratePerSecond, interarrival, perMinute, dispersionPerSecond, tokenCorrelation}: TraceStatistics,
	times: string,
): string[] {
	const rate = ratePerSecond === null ? '' : `, ${significant(ratePerSecond)} requests/s`;
	return [
		`${formatDuration(durationSeconds)}${rate} (${times})`,
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
