import {meanOfArray, quantileOfSorted} from './typed-arrays.ts';

type Columns = {
	/** [s], ascending, none NaN: a reader of traces refuses a request without its time */
	readonly at: Float64Array;
	readonly promptTokens: Int32Array;
	readonly outputTokens: Int32Array;
	/** Stretches that prompts begin with: those of row `i` from `starts[i]` to `starts[i + 1]`, the same where their streams are. */
	readonly prefixes?: {
		readonly starts: readonly number[];
		readonly ends: readonly number[];
		readonly streams: readonly number[];
	};
};

/** Beginnings of prompts that an earlier prompt of a trace had too: the most that a prefix cache saves. */
type PrefixStatistics = {
	readonly blocks: number;
	readonly repeatedBlocks: number;
	/** Share of the tokens of all prompts. */
	readonly repeatedTokens: number;
};

/** Tokens of a prompt or of an answer, or seconds of work; `cv` is standard deviation over mean. */
export type TokenStatistics = {
	readonly mean: number;
	readonly cv: number;
	readonly least: number;
	readonly p50: number;
	readonly p90: number;
	readonly p95: number;
	readonly p99: number;
	readonly most: number;
};

/** Statistics of the arrivals of a trace. A figure is null where the trace is too short to have it. */
type ArrivalStatistics = {
	readonly requests: number;
	/** Time from the first request to the last [s]. */
	readonly durationSeconds: number;
	readonly ratePerSecond: number | null;
	readonly interarrival: {readonly meanSeconds: number; readonly cv: number; readonly longestSeconds: number} | null;
	/** Requests in each whole minute. */
	readonly perMinute: {
		readonly least: number;
		readonly mean: number;
		readonly most: number;
		readonly cv: number;
	} | null;
	/** Variance over mean of the requests in each whole second; 1 for a Poisson process. */
	readonly dispersionPerSecond: number | null;
};

/** Statistics of a trace whose requests bring their own work [s]. */
export type WorkStatistics = ArrivalStatistics & {
	readonly work: TokenStatistics & {readonly kind: 'serviceSeconds' | 'cpuSeconds'};
};

/** Statistics of a trace of requests with tokens. */
export type TraceStatistics = ArrivalStatistics & {
	readonly promptTokens: TokenStatistics;
	readonly outputTokens: TokenStatistics;
	/** Pearson's, between the prompt's and the answer's tokens. */
	readonly tokenCorrelation: number | null;
	/** Fraction of the requests whose prompt and answer have more tokens together than a context holds. */
	readonly beyondContext: readonly {readonly contextTokens: number; readonly share: number}[];
	/** Left out where the trace says nothing of what prompts begin with. */
	readonly prefixes?: PrefixStatistics;
};

const contexts = [2048, 4096, 8192, 32_768];

/** @throws {RangeError} when there is no request */
export function traceStatistics({at, promptTokens, outputTokens, prefixes}: Columns): TraceStatistics {
	return {
		...arrivalStatistics(at),
		promptTokens: tokenStatistics(promptTokens),
		outputTokens: tokenStatistics(outputTokens),
		tokenCorrelation: correlationOf(promptTokens, outputTokens),
		beyondContext: contexts.map(contextTokens => ({
			contextTokens,
			share: beyond(contextTokens, promptTokens, outputTokens) / at.length,
		})),
		...(prefixes !== undefined && {prefixes: prefixStatistics(prefixes, promptTokens)}),
	};
}

function prefixStatistics(
	{starts, ends, streams}: NonNullable<Columns['prefixes']>,
	promptTokens: Int32Array,
): PrefixStatistics {
	const known = new Map<number, number>();
	let [repeatedBlocks, tokens] = [0, 0];
	for (let row = 0; row + 1 < starts.length; row++) {
		let from = 0;
		for (let stretch = starts[row]!; stretch < starts[row + 1]!; stretch++) {
			const [end, before] = [ends[stretch]!, known.get(streams[stretch]!) ?? 0];
			repeatedBlocks += before >= end ? 1 : 0;
			tokens += Math.max(0, Math.min(end, before) - from);
			known.set(streams[stretch]!, Math.max(end, before));
			from = end;
		}
	}

	const all = promptTokens.reduce((sum, count) => sum + count, 0);
	return {blocks: ends.length, repeatedBlocks, repeatedTokens: all === 0 ? 0 : tokens / all};
}

type WorkColumns = Pick<Columns, 'at'> & {
	/** [s] */
	readonly work: {readonly kind: WorkStatistics['work']['kind']; readonly seconds: Float64Array};
};

/** @throws {RangeError} when there is no request */
export function workStatistics({at, work}: WorkColumns): WorkStatistics {
	const sorted = work.seconds.slice().sort();
	return {...arrivalStatistics(at), work: {kind: work.kind, ...momentsOf(work.seconds), ...quantilesOf(sorted)}};
}

function arrivalStatistics(at: Float64Array): ArrivalStatistics {
	const requests = at.length;
	if (requests === 0) {
		throw new RangeError('Expected at least one request, got none');
	}

	const durationSeconds = at[requests - 1]! - at[0]!;
	const seconds = countsPer(1, at);
	return {
		requests,
		durationSeconds,
		ratePerSecond: durationSeconds > 0 ? requests / durationSeconds : null,
		interarrival: interarrivalOf(at),
		perMinute: countsPer(60, at) ?? null,
		dispersionPerSecond: seconds === undefined ? null : seconds.cv ** 2 * seconds.mean,
	};
}

function beyond(contextTokens: number, promptTokens: Int32Array, outputTokens: Int32Array): number {
	let count = 0;
	for (let row = 0; row < promptTokens.length; row++) {
		count += promptTokens[row]! + outputTokens[row]! > contextTokens ? 1 : 0;
	}

	return count;
}

function interarrivalOf(at: Float64Array): TraceStatistics['interarrival'] {
	const gaps = at.subarray(1).map((seconds, index) => seconds - at[index]!);
	const moments = gaps.length === 0 ? undefined : momentsOf(gaps);
	return moments === undefined || moments.mean === 0
		? null
		: {meanSeconds: moments.mean, cv: moments.cv, longestSeconds: gaps.reduce((a, b) => Math.max(a, b))};
}

/** Requests in each whole span of so many seconds from the first request on; those without any count too. */
function countsPer(span: number, at: Float64Array) {
	const start = at[0]!;
	const spans = Math.floor((at.at(-1)! - start) / span);
	if (spans < 2) {
		return undefined;
	}

	let [least, most, sum, squares] = [Number.POSITIVE_INFINITY, 0, 0, 0];
	let [current, count, filled] = [0, 0, 0];
	const close = () => {
		least = Math.min(least, count);
		most = Math.max(most, count);
		sum += count;
		squares += count * count;
		filled++;
	};
	for (const seconds of at) {
		const index = Math.floor((seconds - start) / span);
		if (index !== current) {
			close();
			current = index;
			count = 0;
		}

		if (index >= spans) {
			break;
		}

		count++;
	}

	const average = sum / spans;
	const deviation = Math.sqrt(Math.max(0, squares / spans - average ** 2));
	return {least: filled < spans ? 0 : least, mean: average, most, cv: deviation / average};
}

function tokenStatistics(tokens: Int32Array): TokenStatistics {
	return {...momentsOf(tokens), ...quantilesOf(sortedByCounting(tokens))};
}

function quantilesOf(sorted: Int32Array | Float64Array): Omit<TokenStatistics, 'mean' | 'cv'> {
	const at = (probability: number) => quantileOfSorted(sorted, probability);
	return {
		least: sorted[0]!,
		p50: at(0.5),
		p90: at(0.9),
		p95: at(0.95),
		p99: at(0.99),
		most: sorted.at(-1)!,
	};
}

/** Tokens are small integers: to count them takes no longer than to read them, however many there are. */
function sortedByCounting(tokens: Int32Array): Int32Array {
	const counts = new Uint32Array(tokens.reduce((a, b) => Math.max(a, b), 0) + 1);
	for (const count of tokens) {
		counts[count]! += 1;
	}

	const sorted = new Int32Array(tokens.length);
	let next = 0;
	for (let count = 0; count < counts.length; count++) {
		sorted.fill(count, next, next + counts[count]!);
		next += counts[count]!;
	}

	return sorted;
}

function momentsOf(values: Int32Array | Float64Array): {readonly mean: number; readonly cv: number} {
	const average = meanOfArray(values);
	let squares = 0;
	for (const value of values) {
		squares += (value - average) ** 2;
	}

	return {mean: average, cv: Math.sqrt(squares / values.length) / average};
}

function correlationOf(a: Int32Array, b: Int32Array): number | null {
	const [meanA, meanB] = [momentsOf(a).mean, momentsOf(b).mean];
	let [product, squaresA, squaresB] = [0, 0, 0];
	for (let row = 0; row < a.length; row++) {
		const value = a[row]!;
		product += (value - meanA) * (b[row]! - meanB);
		squaresA += (value - meanA) ** 2;
		squaresB += (b[row]! - meanB) ** 2;
	}

	return squaresA > 0 && squaresB > 0 ? product / Math.sqrt(squaresA * squaresB) : null;
}
