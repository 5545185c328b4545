import {type MalformedLines, malformedWords} from '../experiment/transform-trace.ts';
import {nameOfFormat, type TimeUnit, type TraceFormat, unitOfTime} from '../experiment/workload-schema.ts';
import type {TokenStatistics, TraceStatistics} from '../statistics/trace-statistics.ts';
import {formatDuration, formatMean, formatNumber, seconds, significant} from './text/format.ts';
import {usualWidth} from './text/report.ts';
import {drawTable} from './text/terminal-table.ts';

/** Properties of a trace of requests that was read. */
export type InspectedTrace = {
	readonly file: string;
	readonly format: TraceFormat;
	/** Name of the column of times. */
	readonly column: string;
	/** Form of the times: text, or numbers of a unit that was found in one of these ways. */
	readonly times: {readonly unit: TimeUnit; readonly by: 'named' | 'column' | 'form' | 'size'} | 'text';
	/** Digest of the file, in hex. */
	readonly sha256: string;
	/** Requests that failed when they were recorded. */
	readonly failed: number;
	readonly malformed: MalformedLines;
	/** undefined when the trace has no request. */
	readonly statistics: TraceStatistics | undefined;
};

/** Document of a trace's inspection, as JSON. */
export function traceJson({file, format, times, sha256, failed, malformed, statistics}: InspectedTrace): string {
	const unit = times === 'text' ? null : times.unit;
	const facts = {file, format, unit, sha256, failed, malformed: {count: malformed.count, first: malformed.first}};
	return `${JSON.stringify({...facts, statistics: statistics ?? null}, undefined, '\t')}\n`;
}

/** Warning about the lines of a trace that hold no request; empty where all do. */
export function malformedWarning({file, malformed}: InspectedTrace): string {
	return malformed.count === 0 ? '' : `${file}: ${malformedWords(malformed)}\n`;
}

/** Report of a trace's inspection for a terminal. */
export function traceReport(trace: InspectedTrace): string {
	const {file, statistics} = trace;
	const failed = trace.failed > 0 ? `, and ${formatNumber(trace.failed)} that failed and are left out` : '';
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
		`${drawTable([['tokens', ...columns], tokenRow('prompt', promptTokens), tokenRow('output', outputTokens)], usualWidth)}\n`,
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
function timesWords({times, format, column}: InspectedTrace): string {
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
					`Interarrival times: mean ${formatMean(interarrival.meanSeconds, seconds)}, coefficient of variation ${significant(interarrival.cv)}, longest ${formatMean(interarrival.longestSeconds, seconds)}`,
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
