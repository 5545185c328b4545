import type {LatencyHistory} from '../records/history.ts';
import type {GridSeries} from './series-store.ts';

/**
 * Histogram of response times from the rates of its buckets; undefined where no series says the bound of a bucket, or the
 * largest bound is not infinite.
 *
 * @param scale - factor that makes seconds of the unit of the bounds
 * @param seconds - rate of the sum of the times, in the same unit
 */
export function latencyOfBuckets(
	buckets: readonly GridSeries[],
	seconds: Float64Array | undefined,
	{scale, steps}: {readonly scale: number; readonly steps: number},
): LatencyHistory | undefined {
	const rates = new Map<number, Float64Array>();
	for (const {labels, values} of buckets) {
		const bound = boundOf(labels['le']);
		if (!Number.isNaN(bound)) {
			// Clients write one bound in two forms, `1` and `1.0`.
			rates.set(bound, added(rates.get(bound), values));
		}
	}

	const bounds = [...rates.keys()].sort((a, b) => a - b);
	if (bounds.at(-1) !== Number.POSITIVE_INFINITY) {
		return undefined;
	}

	return {
		bounds: bounds.map(bound => Number((bound * scale).toPrecision(12))),
		ratesUpTo: bounds.map(bound => rates.get(bound)!),
		secondsRate: seconds === undefined ? new Float64Array(steps).fill(Number.NaN) : seconds.map(value => value * scale),
	};
}

function boundOf(text: string | undefined): number {
	return text === undefined || text === ''
		? Number.NaN
		: /^\+?Inf$/i.test(text)
			? Number.POSITIVE_INFINITY
			: Number(text);
}

/** Sum of values; a value that is missing in one of the two counts for nothing. */
export function added(sum: Float64Array | undefined, values: Float64Array): Float64Array {
	return sum === undefined
		? values
		: sum.map((value, index) => {
				const other = values[index]!;
				return Number.isNaN(value) ? other : Number.isNaN(other) ? value : value + other;
			});
}
