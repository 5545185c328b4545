/** Cumulative count of the observations up to a bound. */
export type Bucket = {readonly bound: number; readonly count: number};

/** Part of a count by which it may differ from the one before and still be taken for it. */
const smallDelta = 1e-12;

/**
 * Quantile of a histogram of buckets, linear inside a bucket; the lowest begins at 0 where its bound is positive.
 *
 * @param buckets - in any order
 * @returns NaN without a bucket of +Inf, with fewer than two buckets, or without observations
 * @see prometheus v3.0 promql/quantile.go, BucketQuantile
 */
export function bucketQuantile(quantile: number, buckets: readonly Bucket[]): number {
	if (Number.isNaN(quantile)) {
		return Number.NaN;
	}

	if (quantile < 0 || quantile > 1) {
		return quantile < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
	}

	const sorted = monotonic(
		coalesced([...buckets].sort((a, b) => (a.bound < b.bound ? -1 : a.bound > b.bound ? 1 : 0))),
	);
	const highest = sorted.at(-1);
	if (highest?.bound !== Number.POSITIVE_INFINITY || sorted.length < 2 || highest.count === 0) {
		return Number.NaN;
	}

	const rank = quantile * highest.count;
	const index = sorted.findIndex(({count}) => count >= rank);
	if (index === -1 || index === sorted.length - 1) {
		return sorted.at(-2)!.bound;
	}

	const {bound, count} = sorted[index]!;
	const below = sorted[index - 1];
	if (below === undefined) {
		return bound <= 0 ? bound : bound * (rank / count);
	}

	return below.bound + (bound - below.bound) * ((rank - below.count) / (count - below.count));
}

/** Counts of equal bounds are added. */
function coalesced(buckets: readonly Bucket[]): Bucket[] {
	const merged: Bucket[] = [];
	for (const bucket of buckets) {
		const last = merged.at(-1);
		if (last !== undefined && last.bound === bucket.bound) {
			merged[merged.length - 1] = {bound: last.bound, count: last.count + bucket.count};
		} else {
			merged.push(bucket);
		}
	}

	return merged;
}

/** Counts that never fall: a lower one, or one that differs by rounding, becomes the one before. */
function monotonic(buckets: readonly Bucket[]): Bucket[] {
	let before = Number.NaN;
	return buckets.map(({bound, count}) => {
		const isSame = Math.abs(count - before) / count <= smallDelta;
		before = isSame || count < before ? before : count;
		return {bound, count: before};
	});
}
