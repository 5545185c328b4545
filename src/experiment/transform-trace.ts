import {RandomStream} from '../engine/random-stream.ts';
import type {TraceArrivals} from './experiment.ts';
import type {TraceTransform} from './workload-schema.ts';

/** The requests of a trace, one array a column: seconds in ascending order, tokens as integers. */
export type TraceColumns = {
	readonly at: Float64Array;
	readonly promptTokens: Int32Array;
	readonly outputTokens: Int32Array;
};

/** Most requests of a trace that an experiment plays. */
export const mostTraceRequests = 5_000_000;

/**
 * The requests of a trace, bent as the transform says: a part of it, thinned, stretched, tokens scaled and cut.
 *
 * @throws {RangeError} when none are left, or more than `mostTraceRequests`
 */
export function transformTrace(columns: TraceColumns, transform: TraceTransform): TraceArrivals {
	const {from, to = Number.POSITIVE_INFINITY, timeScale, tokenScale} = transform;
	const {maxPromptTokens = Number.POSITIVE_INFINITY, maxOutputTokens = Number.POSITIVE_INFINITY} = transform;
	const scaled = (tokens: number, most: number) => Math.min(most, Math.max(1, Math.round(tokens * tokenScale)));
	const isKept = thinning(transform);
	const at: number[] = [];
	const promptTokens: number[] = [];
	const outputTokens: number[] = [];
	for (const [row, seconds] of columns.at.entries()) {
		if (seconds >= from && seconds < to && isKept()) {
			at.push(microseconds((seconds - from) * timeScale));
			promptTokens.push(scaled(columns.promptTokens[row]!, maxPromptTokens));
			outputTokens.push(scaled(columns.outputTokens[row]!, maxOutputTokens));
		}
	}

	if (at.length === 0) {
		throw new RangeError('no request between from and to');
	}

	if (at.length > mostTraceRequests) {
		throw new RangeError(`${at.length} requests, more than ${mostTraceRequests}: cut it with from and to or rateScale`);
	}

	return {process: 'trace', at, promptTokens, outputTokens};
}

/** Whether the next request stays: evenly spread, or each by itself with a chance of `rateScale`. */
function thinning({rateScale, seed}: TraceTransform): () => boolean {
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
