/** Counters of a histogram as Prometheus' clients keep them: each bucket holds all observations up to its bound. */
export class HistogramCounters {
	readonly bounds: readonly number[];
	/** Observations of each bucket alone, +Inf last. */
	readonly #counts: Float64Array;
	sum = 0;
	count = 0;

	constructor(bounds: readonly number[]) {
		this.bounds = bounds;
		this.#counts = new Float64Array(bounds.length + 1);
	}

	/** Counts one observation; one that nobody made (NaN) is passed over. */
	observe(value: number): void {
		if (Number.isNaN(value)) {
			return;
		}

		let bucket = 0;
		while (bucket < this.bounds.length && value > this.bounds[bucket]!) {
			bucket++;
		}

		this.#counts[bucket]! += 1;
		this.sum += value;
		this.count++;
	}

	/** Observations up to each bound, +Inf last. */
	cumulative(): number[] {
		let below = 0;
		return Array.from(this.#counts, count => {
			below += count;
			return below;
		});
	}
}
