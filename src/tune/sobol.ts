import {RandomStream} from '../engine/random-stream.ts';

/*
 * Direction numbers of Sobol sequences with good two-dimensional projections, dimensions 2 to 40 of new-joe-kuo-6.21201:
 * for each dimension the coefficients of its primitive polynomial and the first direction numbers; the degree of the
 * polynomial is how many of these there are.
 *
 * See Joe and Kuo, Constructing Sobol sequences with better two-dimensional projections, SIAM Journal on Scientific
 * Computing 30, 2635-2654 (2008), and Remark on Algorithm 659, ACM TOMS 29, 49-57 (2003); Copyright (c) 2008 Frances Y.
 * Kuo and Stephen Joe, whose licence asks that the names of its authors are kept.
 */
const directions: readonly (readonly [polynomial: number, initial: readonly number[]])[] = [
	[0, [1]],
	[1, [1, 3]],
	[1, [1, 3, 1]],
	[2, [1, 1, 1]],
	[1, [1, 1, 3, 3]],
	[4, [1, 3, 5, 13]],
	[2, [1, 1, 5, 5, 17]],
	[4, [1, 1, 5, 5, 5]],
	[7, [1, 1, 7, 11, 19]],
	[11, [1, 1, 5, 1, 1]],
	[13, [1, 1, 1, 3, 11]],
	[14, [1, 3, 5, 5, 31]],
	[1, [1, 3, 3, 9, 7, 49]],
	[13, [1, 1, 1, 15, 21, 21]],
	[16, [1, 3, 1, 13, 27, 49]],
	[19, [1, 1, 1, 15, 7, 5]],
	[22, [1, 3, 1, 15, 13, 25]],
	[25, [1, 1, 5, 5, 19, 61]],
	[1, [1, 3, 7, 11, 23, 15, 103]],
	[4, [1, 3, 7, 13, 13, 15, 69]],
	[7, [1, 1, 3, 13, 7, 35, 63]],
	[8, [1, 3, 5, 9, 1, 25, 53]],
	[14, [1, 3, 1, 13, 9, 35, 107]],
	[19, [1, 3, 1, 5, 27, 61, 31]],
	[21, [1, 1, 5, 11, 19, 41, 61]],
	[28, [1, 3, 5, 3, 3, 13, 69]],
	[31, [1, 1, 7, 13, 1, 19, 1]],
	[32, [1, 3, 7, 5, 13, 19, 59]],
	[37, [1, 1, 3, 9, 25, 29, 41]],
	[41, [1, 3, 5, 13, 23, 1, 55]],
	[42, [1, 3, 7, 3, 13, 59, 17]],
	[50, [1, 3, 1, 3, 5, 53, 69]],
	[55, [1, 1, 5, 5, 23, 33, 13]],
	[56, [1, 1, 7, 7, 1, 61, 123]],
	[59, [1, 1, 7, 9, 13, 61, 49]],
	[62, [1, 3, 3, 5, 3, 55, 33]],
	[14, [1, 3, 1, 15, 31, 13, 49, 245]],
	[21, [1, 3, 5, 15, 31, 59, 63, 97]],
	[22, [1, 3, 1, 11, 11, 11, 77, 249]],
];

const bits = 32;

/** Most dimensions that a sequence can have. */
export const mostDimensions = directions.length + 1;

/**
 * A Sobol sequence, by points in the order of the Gray code. With a seed each dimension is scrambled as Owen does, by a
 * hash, so that every dyadic interval keeps its share of the points.
 *
 * @see Joe and Kuo, ACM TOMS 29, 49-57 (2003) for the recurrence
 * @see Burley, Practical Hash-based Owen Scrambling, Journal of Computer Graphics Techniques 9(4), 2020
 */
export class SobolSequence {
	readonly #columns: readonly Uint32Array[];
	readonly #scrambles: readonly number[] | undefined;

	/**
	 * @param options - `dimensions`: 1 to 40; `seed`: of the scrambling, none when left out
	 * @throws {RangeError} for another number of dimensions
	 */
	constructor({dimensions, seed}: {readonly dimensions: number; readonly seed?: number}) {
		if (!(Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= mostDimensions)) {
			throw new RangeError(`Expected dimensions to be an integer from 1 to ${mostDimensions}, got ${dimensions}`);
		}

		this.#columns = Array.from({length: dimensions}, (_, dimension) => directionNumbers(dimension));
		this.#scrambles = seed === undefined ? undefined : scrambleSeeds(dimensions, seed);
	}

	/**
	 * A point of the unit cube, each coordinate in [0, 1).
	 *
	 * @param index - from 0 to 2^32 − 1
	 */
	point(index: number): number[] {
		const gray = (index ^ (index >>> 1)) >>> 0;
		return this.#columns.map((column, dimension) => {
			let word = 0;
			for (let bit = 0; bit < bits; bit++) {
				if ((gray >>> bit) & 1) {
					word ^= column[bit]!;
				}
			}

			const seed = this.#scrambles?.[dimension];
			return (seed === undefined ? word >>> 0 : owenScramble(word, seed)) / 2 ** bits;
		});
	}
}

/** One word a bit of the index, the most significant bit being a half. */
function directionNumbers(dimension: number): Uint32Array {
	const words = new Uint32Array(bits);
	const [polynomial, initial] = directions[dimension - 1] ?? [0, []];
	const degree = initial.length;
	for (let bit = 0; bit < bits; bit++) {
		if (degree === 0) {
			words[bit] = 1 << (bits - 1 - bit);
		} else if (bit < degree) {
			words[bit] = initial[bit]! << (bits - 1 - bit);
		} else {
			const before = words[bit - degree]!;
			let word = before ^ (before >>> degree);
			for (let term = 1; term < degree; term++) {
				if ((polynomial >>> (degree - 1 - term)) & 1) {
					word ^= words[bit - term]!;
				}
			}

			words[bit] = word;
		}
	}

	return words;
}

function scrambleSeeds(dimensions: number, seed: number): number[] {
	return Array.from({length: dimensions}, (_, entity) =>
		Math.floor(new RandomStream({seed, replication: 0, purpose: 'sobol', entity}).uniform() * 2 ** bits),
	);
}

/** Flips each bit depending on the bits above it and the seed. */
function owenScramble(word: number, seed: number): number {
	let mixed = (reverse(word) + seed) | 0;
	for (const factor of [0x6c50b47c, 0xb82f1e52, 0xc7afe638, 0x8d22f6e6]) {
		mixed ^= Math.imul(mixed, factor);
	}

	return reverse(mixed);
}

function reverse(word: number): number {
	let mixed = word >>> 0;
	mixed = ((mixed >>> 1) & 0x55555555) | ((mixed & 0x55555555) << 1);
	mixed = ((mixed >>> 2) & 0x33333333) | ((mixed & 0x33333333) << 2);
	mixed = ((mixed >>> 4) & 0x0f0f0f0f) | ((mixed & 0x0f0f0f0f) << 4);
	mixed = ((mixed >>> 8) & 0x00ff00ff) | ((mixed & 0x00ff00ff) << 8);
	return ((mixed >>> 16) | (mixed << 16)) >>> 0;
}
