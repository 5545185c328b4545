const twoToMinus53 = 2 ** -53;
/** A stream that has given as many numbers draws them ahead, that many at a time; most streams give few. */
const batch = 64;

/** Purpose of a stream. Two purposes never share a draw, so a change of one setting leaves all other draws alone. */
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
	/** Numbers drawn ahead; empty for a stream's first ones. */
	#ahead = nothing;
	#next = 0;
	#singleCount = 0;

	constructor({seed, replication, purpose, entity = 0}: StreamKey) {
		this.#state = spread(`${seed}/${replication}/${purpose}/${entity}`);
	}

	/** The next number, uniform in [0, 1) with 53 bits. */
	uniform(): number {
		return this.#next < this.#ahead.length ? this.#ahead[this.#next++]! : this.#draw();
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

	/** The next number of a stream that has none ahead. */
	#draw(): number {
		if (this.#singleCount < batch) {
			this.#singleCount++;
			draw(this.#state, single);
			return single[0]!;
		}

		if (this.#ahead === nothing) {
			this.#ahead = new Float64Array(batch);
		}

		draw(this.#state, this.#ahead);
		this.#next = 1;
		return this.#ahead[0]!;
	}
}

const nothing = new Float64Array(0);
const single = new Float64Array(1);

/** Fills `numbers` from a generator's state, which stays in registers meanwhile: two words make a number of 53 bits. */
function draw(state: Int32Array, numbers: Float64Array): void {
	let s0 = state[0]!;
	let s1 = state[1]!;
	let s2 = state[2]!;
	let s3 = state[3]!;
	for (let index = 0; index < numbers.length; index++) {
		let scaled = Math.imul(s1, 5);
		const high = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 5;
		let shifted = s1 << 9;
		s2 ^= s0;
		s3 ^= s1;
		s1 ^= s2;
		s0 ^= s3;
		s2 ^= shifted;
		s3 = (s3 << 11) | (s3 >>> 21);
		scaled = Math.imul(s1, 5);
		const low = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 6;
		shifted = s1 << 9;
		s2 ^= s0;
		s3 ^= s1;
		s1 ^= s2;
		s0 ^= s3;
		s2 ^= shifted;
		s3 = (s3 << 11) | (s3 >>> 21);
		numbers[index] = (high * 67_108_864 + low) * twoToMinus53;
	}

	state[0] = s0;
	state[1] = s1;
	state[2] = s2;
	state[3] = s3;
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

/** Draws `count` of the items at random, without replacement, or all if there are fewer. */
export function pick<Item>(items: readonly Item[], count: number, stream: RandomStream): Item[] {
	const rest = [...items];
	const picked: Item[] = [];
	while (picked.length < count && rest.length > 0) {
		picked.push(...rest.splice(Math.floor(stream.uniform() * rest.length), 1));
	}

	return picked;
}
