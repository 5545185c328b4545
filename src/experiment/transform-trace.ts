import {RandomStream} from '../engine/random-stream.ts';
import type {TraceArrivals} from './experiment.ts';
import {type PromptPrefixes, selectPrefixes} from './serving/prompt-prefixes.ts';
import type {WorkKind} from './serving/work-kind.ts';
import type {TraceTransform} from './workload-schema.ts';

/** The requests of a trace, one array a column: seconds in ascending order, tokens as integers. */
export type TraceColumns = {
	readonly at: Float64Array;
	/** Empty where the requests bring their own work, as are the output's. */
	readonly promptTokens: Int32Array;
	readonly outputTokens: Int32Array;
	/** Work of the requests where the trace has it instead of tokens. */
	readonly work?: {readonly kind: WorkKind /** [s] */; readonly seconds: Float64Array};
	/** Number of the conversation, where the trace has any. */
	readonly conversation?: Int32Array;
	readonly prefixes?: PromptPrefixes;
	readonly priority?: Int32Array;
};

/** Line of a trace that holds no request, and its fault: the name of a column, or its form. */
export type MalformedLine = {readonly line: number; readonly fault: string};

/** Number of lines of a trace that hold no request, and the first of them. */
export type MalformedLines = {readonly count: number; readonly first: readonly MalformedLine[]};

/** Most requests of a trace in an experiment. */
const mostTraceRequests = 5_000_000;

/** Most conversations of a trace that are distinguished. */
const mostConversations = 1_000_000;

/**
 * Transforms the requests of a trace: a part of it, thinned, stretched, tokens scaled and cut.
 *
 * @throws {RangeError} when none are left, or more than `mostTraceRequests`
 */
export function transformTrace(columns: TraceColumns, transform: TraceTransform): TraceArrivals {
	const isUsed = partOf(transform);
	return scaleTrace(columns, transform, seconds => isUsed(seconds));
}

/** Filter for the requests that `from`, `to` and `rateScale` leave: to be called for each one, in the order of time. */
export function partOf(transform: Omit<TraceTransform, 'timeScale' | 'tokenScale'>): (seconds: number) => boolean {
	const {from, to = Number.POSITIVE_INFINITY} = transform;
	const isKept = thinning(transform);
	return seconds => seconds >= from && seconds < to && isKept();
}

/**
 * Scales the times, the tokens and the work of a trace, of the requests that `isUsed` leaves.
 *
 * @throws {RangeError} when none are left, or more than `mostTraceRequests`
 */
export function scaleTrace(
	columns: TraceColumns,
	transform: TraceTransform,
	isUsed: (seconds: number) => boolean = () => true,
): TraceArrivals {
	const {from, timeScale, tokenScale, workScale} = transform;
	const {maxPromptTokens = Number.POSITIVE_INFINITY, maxOutputTokens = Number.POSITIVE_INFINITY} = transform;
	const scaled = (tokens: number, most: number) => Math.min(most, Math.max(1, Math.round(tokens * tokenScale)));
	const at: number[] = [];
	const promptTokens: number[] = [];
	const outputTokens: number[] = [];
	const conversation: number[] = [];
	const work: number[] = [];
	const priority: number[] = [];
	const rows: number[] = [];
	const numberOf = numbering();
	let count = 0;
	for (let row = 0; row < columns.at.length; row++) {
		const seconds = columns.at[row]!;
		if (isUsed(seconds) && ++count <= mostTraceRequests) {
			at.push(microseconds((seconds - from) * timeScale));
			if (columns.work === undefined) {
				promptTokens.push(scaled(columns.promptTokens[row]!, maxPromptTokens));
				outputTokens.push(scaled(columns.outputTokens[row]!, maxOutputTokens));
			} else {
				work.push(columns.work.seconds[row]! * workScale);
			}

			if (columns.conversation !== undefined) {
				conversation.push(numberOf(columns.conversation[row]!));
			}

			if (columns.priority !== undefined) {
				priority.push(columns.priority[row]!);
			}

			if (columns.prefixes !== undefined) {
				rows.push(row);
			}
		}
	}

	if (at.length === 0) {
		throw new RangeError('no request between from and to');
	}

	if (count > mostTraceRequests) {
		throw new RangeError(`${count} requests, more than ${mostTraceRequests}: cut it with from and to or rateScale`);
	}

	return {
		process: 'trace',
		...{at, promptTokens, outputTokens},
		...(columns.work && {work: {kind: columns.work.kind, seconds: work}}),
		...(columns.conversation && {conversation}),
		...(columns.prefixes && {prefixes: scaledPrefixes(columns.prefixes, transform, {rows, promptTokens})}),
		...(columns.priority && {priority}),
	};
}

type UsedRows = {readonly rows: readonly number[]; readonly promptTokens: readonly number[]};

/** Beginnings of the prompts that are used; those of prompts that are cut end with them. */
function scaledPrefixes(
	prefixes: PromptPrefixes,
	{tokenScale, maxPromptTokens = Number.POSITIVE_INFINITY}: TraceTransform,
	{rows, promptTokens}: UsedRows,
): PromptPrefixes {
	return selectPrefixes(prefixes, rows, (end, place) => {
		const most = promptTokens[place] === maxPromptTokens ? maxPromptTokens : Number.POSITIVE_INFINITY;
		return Math.min(most, Math.round(end * tokenScale));
	});
}

/** Renumbers conversations from 0 in the order in which they begin. */
function numbering(): (conversation: number) => number {
	const numbers = new Map<number, number>();
	return conversation => {
		const number = numbers.get(conversation) ?? numbers.size % mostConversations;
		numbers.set(conversation, number);
		return number;
	};
}

/** Whether the next request stays: evenly spread, or each by itself with a chance of `rateScale`. */
function thinning({rateScale, seed}: Pick<TraceTransform, 'rateScale' | 'seed'>): () => boolean {
	if (seed !== undefined) {
		const stream = new RandomStream({seed, replication: 0, purpose: 'thinning'});
		return () => stream.uniform() < rateScale;
	}

	let index = 0;
	return () => {
		index++;
		return Math.floor(index * rateScale) > Math.floor((index - 1) * rateScale);
	};
}

/** Rounded to what the published traces resolve. */
export function microseconds(seconds: number): number {
	return Math.round(seconds * 1e6) / 1e6;
}

/** Words such as `3 of its lines hold no request: 6 (ContextTokens), 7 (2 cells, not 3), 9 (TIMESTAMP)`. */
export function malformedWords({count, first}: MalformedLines): string {
	const named = first.map(({line, fault}) => `${line} (${fault})`).join(', ');
	return `${count} of its lines hold no request: ${named}${count > first.length ? ', …' : ''}`;
}
