import type {MalformedLines} from '../../experiment/transform-trace.ts';
import {type TimeUnit, type TraceFormat, unitOfTime} from '../../experiment/workload-schema.ts';
import {shellWord} from '../../printable.ts';
import type {TraceStatistics, WorkStatistics} from '../../statistics/trace-statistics.ts';
import {counted, formatDuration, formatMean, formatNumber, seconds, significant} from '../text/format.ts';

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
	readonly statistics: TraceStatistics | WorkStatistics | undefined;
};

/** Share of requests beyond a context that a small model has from which the answer names it. */
const noteworthy = 0.01;

/** Answer of a trace's inspection: requests, rate, tokens, what was assumed of the times, and the next command. */
export function traceAnswer(trace: InspectedTrace): string[] {
	const {statistics, failed, file} = trace;
	if (statistics === undefined) {
		return ['The trace has no request that completed, so no experiment can take its requests from it.'];
	}

	const {requests, durationSeconds, ratePerSecond, perMinute} = statistics;
	const rate = ratePerSecond === null ? '' : `: ${significant(ratePerSecond)} a second on average`;
	const peak = perMinute === null ? '' : `, ${significant(perMinute.most / 60)} in the busiest minute`;
	return [
		`${counted(requests, 'request')} in ${formatDuration(durationSeconds)}${rate}${peak}.`,
		'work' in statistics ? workLine(statistics) : tokenLine(statistics),
		...('work' in statistics ? [] : prefixLines(statistics)),
		...assumedLines(trace),
		...(failed === 0
			? []
			: [`${counted(failed, 'request')} that failed when recorded ${failed === 1 ? 'is' : 'are'} left out.`]),
		`Next: forecast with its requests: replicast run EXPERIMENT --set ${shellWord(`workload.arrivals={process: trace, file: ${/^[\w./-]+$/.test(file) ? file : JSON.stringify(file)}}`)}`,
	];
}

function tokenLine({promptTokens, outputTokens, beyondContext}: TraceStatistics): string {
	const beyond = beyondContext.filter(({share}) => share >= noteworthy).at(-1);
	return `A prompt has ${significant(promptTokens.mean)} tokens on average (p95 ${significant(promptTokens.p95)}), an answer ${significant(outputTokens.mean)} (p95 ${significant(outputTokens.p95)}).${beyond === undefined ? '' : ` ${significant(beyond.share * 100)} % do not fit a context of ${formatNumber(beyond.contextTokens)} tokens.`}`;
}

function prefixLines({prefixes}: TraceStatistics): string[] {
	if (prefixes === undefined) {
		return [];
	}

	const {blocks, repeatedBlocks, repeatedTokens} = prefixes;
	return [
		`${significant((100 * repeatedBlocks) / Math.max(1, blocks))} % of the blocks that prompts begin with are in an earlier prompt too (${significant(100 * repeatedTokens)} % of all prompts’ tokens): the most that a prefix cache can save.`,
	];
}

function workLine({work, ratePerSecond}: WorkStatistics): string {
	const brings = work.kind === 'cpuSeconds' ? 'of CPU time' : 'in service';
	const busy =
		ratePerSecond === null
			? ''
			: `; ${significant(work.mean * ratePerSecond)} ${work.kind === 'cpuSeconds' ? 'cores' : 'of them'} are busy on average`;
	return `A request takes ${formatMean(work.mean, seconds)} ${brings} on average (p95 ${formatMean(work.p95, seconds)})${busy}.`;
}

/** Assumptions that decide the load, and that no line of the file gives. */
function assumedLines({times, column}: InspectedTrace): string[] {
	return times !== 'text' && times.by === 'size'
		? [
				`Assumed: ${column} is in ${unitOfTime[times.unit].name}, since no other unit gives a plausible rate; --unit and workload.arrivals.unit set another.`,
			]
		: [];
}
