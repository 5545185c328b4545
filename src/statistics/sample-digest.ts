import {quantileOfSorted} from './typed-arrays.ts';

const exactLimit = 200_000;
const relativeError = 0.0005;
const logGamma = Math.log((1 + relativeError) / (1 - relativeError));
const gamma = Math.exp(logGamma);
/** Bin 0 starts here [s]: what is shorter counts as 0. */
const smallest = 1e-6;
const binCount = Math.ceil(Math.log(1e13) / logGamma);

/**
 * Mean and quantiles of a stream of times in bounded memory.
 *
 * Up to 200,000 values are kept, and quantiles are exact; beyond that they fall into bins of equal ratio, and a quantile
 * is off by at most 0.05 % of itself (values from 1 µs to 10^7 s). The mean is always exact.
 * @see Masson, Rim and Lee, DDSketch, PVLDB 12(12), 2019
 */
export class SampleDigest {
	count = 0;
	#sum = 0;
	#largest = 0;
	#kept = new Float64Array(256);
	#isSorted = false;
	#bins: Float64Array | undefined;

	/** @param value - [s], at least 0; NaN is left out */
	add(value: number): void {
		if (Number.isNaN(value)) {
			return;
		}

		this.#sum += value;
		if (value > this.#largest) {
			this.#largest = value;
		}

		if (this.#bins === undefined) {
			this.#keep(value);
		} else {
			this.#bins[binOf(value)]!++;
		}

		this.count++;
	}

	/** NaN when empty. */
	mean(): number {
		return this.#sum / this.count;
	}

	/** NaN when empty. */
	quantile(probability: number): number {
		if (this.count === 0) {
			return Number.NaN;
		}

		return this.#bins === undefined ? quantileOfSorted(this.#sorted(), probability) : this.#binned(probability);
	}

	/** Takes in all of another digest's values. */
	merge(other: SampleDigest): void {
		if (other.#bins === undefined) {
			for (let index = 0; index < other.count; index++) {
				this.add(other.#kept[index]!);
			}

			return;
		}

		this.#spill();
		for (let bin = 0; bin < binCount; bin++) {
			this.#bins![bin]! += other.#bins[bin]!;
		}

		this.count += other.count;
		this.#sum += other.#sum;
		this.#largest = Math.max(this.#largest, other.#largest);
	}

	#keep(value: number): void {
		if (this.count === exactLimit) {
			this.#spill();
			this.#bins![binOf(value)]!++;
			return;
		}

		if (this.count === this.#kept.length) {
			const larger = new Float64Array(this.#kept.length * 2);
			larger.set(this.#kept);
			this.#kept = larger;
		}

		this.#kept[this.count] = value;
		this.#isSorted = false;
	}

	#spill(): void {
		if (this.#bins !== undefined) {
			return;
		}

		this.#bins = new Float64Array(binCount);
		for (let index = 0; index < this.count; index++) {
			this.#bins[binOf(this.#kept[index]!)]!++;
		}

		this.#kept = new Float64Array(0);
	}

	#sorted(): Float64Array {
		const values = this.#kept.subarray(0, this.count);
		if (!this.#isSorted) {
			values.sort();
			this.#isSorted = true;
		}

		return values;
	}

	#binned(probability: number): number {
		const rank = probability * this.count;
		let seen = 0;
		for (let bin = 0; bin < binCount; bin++) {
			seen += this.#bins![bin]!;
			if (seen >= rank) {
				return bin === 0 ? 0 : Math.min(this.#largest, (2 * smallest * Math.exp(logGamma * bin)) / (1 + gamma));
			}
		}

		return this.#largest;
	}
}

/** Bin `i` holds the values from `smallest * gamma^(i−1)` to `smallest * gamma^i`. */
function binOf(value: number): number {
	return value <= smallest ? 0 : Math.min(binCount - 1, Math.ceil(Math.log(value / smallest) / logGamma));
}
