const twoToMinus53 = 2 ** -53;

/** What a stream is for. Two purposes never share a draw, so a change of one setting leaves all other draws alone. */
export type StreamKey = {
	readonly seed: number;
	readonly replication: number;
	readonly purpose: string;
	/** Number of the pod, user or source that owns the stream. */
	readonly entity?: number;
};

/**
 * An endless sequence of uniform numbers, the same for the same key on every machine.
 *
 * The generator is xoshiro128** (period 2^128 − 1); its state is spread from a hash of the key.
 * @see Blackman and Vigna, Scrambled Linear Pseudorandom Number Generators, ACM TOMS 47(4), 2021
 */
export class RandomStream {
	readonly #state: Int32Array;
	/** The polar method gives two normal numbers at a time; NaN when the second has been used. */
	#spareNormal = Number.NaN;

	constructor({seed, replication, purpose, entity = 0}: StreamKey) {
		this.#state = spread(`${seed}/${replication}/${purpose}/${entity}`);
	}

	/** The next number, uniform in [0, 1) with 53 bits. */
	uniform(): number {
		const high = this.#next() >>> 5;
		const low = this.#next() >>> 6;
		return (high * 67_108_864 + low) * twoToMinus53;
	}

	/** An exponential number with mean 1. */
	exponential(): number {
		return -Math.log(1 - this.uniform());
	}

	/** A normal number with mean 0 and variance 1 (polar method: no sine, so no difference between machines). */
	normal(): number {
		const spare = this.#spareNormal;
		if (!Number.isNaN(spare)) {
			this.#spareNormal = Number.NaN;
			return spare;
		}

		for (;;) {
			const x = 2 * this.uniform() - 1;
			const y = 2 * this.uniform() - 1;
			const square = x * x + y * y;
			if (square > 0 && square < 1) {
				const factor = Math.sqrt((-2 * Math.log(square)) / square);
				this.#spareNormal = y * factor;
				return x * factor;
			}
		}
	}

	#next(): number {
		const s = this.#state;
		const s0 = s[0]!;
		const s1 = s[1]!;
		const s2 = s[2]! ^ s0;
		const s3 = s[3]! ^ s1;
		const scaled = Math.imul(s1, 5);
		s[0] = s0 ^ s3;
		s[1] = s1 ^ s2;
		s[2] = s2 ^ (s1 << 9);
		s[3] = (s3 << 11) | (s3 >>> 21);
		return Math.imul((scaled << 7) | (scaled >>> 25), 9);
	}
}

/** Four words from a text, never all zero: FNV-1a over the characters, then MurmurHash3's finalizer for each word. */
function spread(text: string): Int32Array {
	const words = new Int32Array(4);
	let hash = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) {
		hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
	}

	// A second, independent pass keeps two texts that collide in 32 bits apart.
	let second = 0x9747b28c;
	for (let index = text.length - 1; index >= 0; index--) {
		second = finalize(second ^ Math.imul(text.charCodeAt(index) + index, 0x5bd1e995));
	}

	for (let word = 0; word < 4; word++) {
		words[word] =
			finalize((word % 2 === 0 ? hash : second) + Math.imul(word + 1, 0x9e3779b9)) ^ finalize(second + word);
	}

	if (words.every(word => word === 0)) {
		words[0] = 1;
	}

	return words;
}

function finalize(value: number): number {
	let hash = value | 0;
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return hash ^ (hash >>> 16);
}
