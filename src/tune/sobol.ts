import {RandomStream} from '../engine/random-stream.ts';
import {directions} from './sobol-directions.ts';

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
