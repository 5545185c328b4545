import type {RequestColumns} from '../../src/records/request-statistics.ts';

/** Columns with one request of the first tenant, which arrived at a time, started, had its first token [s], and the tokens of its answer. */
export function oneRequest(arrived: number, started: number, firstToken: number, outputTokens: number): RequestColumns {
	return {
		tenant: Uint16Array.of(0),
		arrivedAt: Float64Array.of(arrived),
		startedAt: Float64Array.of(started),
		firstTokenAt: Float64Array.of(firstToken),
		promptTokens: [Number.NaN],
		outputTokens: [outputTokens],
	};
}
