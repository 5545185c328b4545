import type {SteadyBatch} from './steady-batch.ts';

const relativeError = 0.001;
const logGamma = Math.log((1 + relativeError) / (1 - relativeError));
/** Bin 0 ends here [s]: what is shorter counts as 0. */
const smallest = 1e-6;
const binCount = Math.ceil(Math.log(1e10) / logGamma);

/**
 * Times between the consecutive tokens of answers (inter-token latency), in bins of equal ratio: a quantile is off by at most 0.1 %
 * of itself, from 1 µs to 10,000 s. Only whole numbers are kept, so a steady batch that is leapt over gives the same bits as its steps.
 */
export class TokenGaps {
	readonly #bins = new Float64Array(binCount);
	count = 0;

	/** Adds a gap that several answers had [s]. */
	add(seconds: number, answers: number): void {
		this.#bins[binOf(seconds)]! += answers;
		this.count += answers;
	}

	/**
	 * Adds steps of a steady batch, each of which gives every sequence a token and takes a little longer than the one before.
	 *
	 * @param context - that the first of them reads [tokens]
	 */
	addSteady(batch: SteadyBatch, steps: number, context: number): void {
		const {decoders} = batch;
		const binAt = (step: number) => binOf(batch.secondsOf(context + step * decoders));
		const last = steps > 0 ? binAt(steps - 1) : -1;
		for (let from = 0; from < steps; ) {
			const bin = binAt(from);
			const to = bin === last ? steps : firstBeyond(bin, {from, to: steps - 1, binAt});
			this.#bins[bin]! += (to - from) * decoders;
			from = to;
		}

		this.count += steps * decoders;
	}

	/** Forgets the gaps so far: the warm-up is over. */
	clear(): void {
		this.#bins.fill(0);
		this.count = 0;
	}

	/** [s]; NaN when there was no gap. */
	quantile(probability: number): number {
		if (this.count === 0) {
			return Number.NaN;
		}

		const rank = probability * this.count;
		let seen = 0;
		let bin = -1;
		while (seen < rank || bin === -1) {
			seen += this.#bins[++bin]!;
		}

		return bin === 0 ? 0 : smallest * Math.exp(logGamma * bin) * (1 - relativeError);
	}
}

type Stretch = {readonly from: number; readonly to: number; readonly binAt: (step: number) => number};

/** First step of a stretch in a later bin; the last one is. */
function firstBeyond(bin: number, {from, to, binAt}: Stretch): number {
	let [low, high] = [from, to];
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if (binAt(middle) === bin) {
			low = middle;
		} else {
			high = middle;
		}
	}

	return high;
}

/** Bin `i` holds the values from `smallest * gamma^(i−1)` to `smallest * gamma^i`. */
function binOf(seconds: number): number {
	return seconds <= smallest ? 0 : Math.min(binCount - 1, Math.ceil(Math.log(seconds / smallest) / logGamma));
}
