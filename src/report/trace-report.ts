import {malformedWords} from '../experiment/transform-trace.ts';
import {nameOfFormat, unitOfTime} from '../experiment/workload-schema.ts';
import type {TokenStatistics, TraceStatistics, WorkStatistics} from '../statistics/trace-statistics.ts';
import {type InspectedTrace, traceAnswer} from './answers/trace-answer.ts';
import {formatDuration, formatMean, formatNumber, seconds, significant} from './text/format.ts';
import type {Report} from './text/report.ts';

export type {InspectedTrace} from './answers/trace-answer.ts';

/** Document of a trace's inspection, as JSON. */
export function traceJson(trace: InspectedTrace): string {
	const {file, format, times, sha256, failed, malformed, statistics} = trace;
	const unit = times === 'text' ? null : times.unit;
	const facts = {
		answer: traceAnswer(trace),
		file,
		format,
		unit,
		sha256,
		failed,
		malformed: {count: malformed.count, first: malformed.first},
	};
	return `${JSON.stringify({...facts, statistics: statistics ?? null}, undefined, '\t')}\n`;
}

/** Warning about the lines of a trace that hold no request; empty where all do. */
export function malformedWarning({file, malformed}: InspectedTrace): string {
	return malformed.count === 0 ? '' : `${file}: ${malformedWords(malformed)}\n`;
}

/** Inspection of a trace as a report, the answer first. */
export function traceReport(trace: InspectedTrace): Report {
	const {file, statistics} = trace;
	const title = `${file}: ${nameOfFormat[trace.format]}`;
	if (statistics === undefined) {
		return {title, answer: traceAnswer(trace), sections: []};
	}

	if ('work' in statistics) {
		const name = statistics.work.kind === 'cpuSeconds' ? 'CPU time' : 'time in service';
		const rows = [['seconds', ...columns], tokenRow(name, statistics.work)];
		const notes = [...arrivalLines(statistics, timesWords(trace)), `SHA-256 ${trace.sha256}`];
		const untitledIn = ['terminal'] as const;
		return {title, answer: traceAnswer(trace), sections: [{heading: 'Work', rows, notes, untitledIn}]};
	}

	const {promptTokens, outputTokens, beyondContext} = statistics;
	const beyond = beyondContext.map(
		({contextTokens, share}) => `${formatNumber(contextTokens)} tokens: ${significant(share * 100)} %`,
	);
	return {
		title,
		answer: traceAnswer(trace),
		sections: [
			{
				heading: 'Tokens',
				rows: [['tokens', ...columns], tokenRow('prompt', promptTokens), tokenRow('output', outputTokens)],
				notes: [
					...arrivalLines(statistics, timesWords(trace)),
					`Requests that do not fit a context of ${beyond.join(', ')}`,
					`SHA-256 ${trace.sha256}`,
				],
				untitledIn: ['terminal'],
			},
		],
	};
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

function arrivalLines(statistics: TraceStatistics | WorkStatistics, times: string): string[] {
	const {durationSeconds, ratePerSecond, interarrival, perMinute, dispersionPerSecond} = statistics;
	const tokenCorrelation = 'work' in statistics ? null : statistics.tokenCorrelation;
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
