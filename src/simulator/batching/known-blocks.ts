/** Consecutive blocks of a stream that are written down together. */
export const rowLength = 16;
/** Above the most rows of a context. */
const rowsPerStream = 2 ** 20;

/**
 * Blocks of the prefix cache by their content: block `index` of a stream of tokens. Rows of consecutive blocks are found by open
 * addressing, so that a long prefix is a few searches, and its blocks are neighbours in memory.
 */
export class KnownBlocks {
	/** By cell: the block, 0 for none. A row has `rowLength` cells. */
	blocks = new Int32Array(8 * rowLength);
	/** By row: what it holds. */
	#keys = new Float64Array(8);
	/** By row: blocks in it. */
	#counts = new Int32Array(8);
	/** Rows by their keys, -1 for an empty place. */
	#table = new Int32Array(16).fill(-1);
	#used = 0;
	#spare: number[] = [];

	/** First cell of the row that a block is in; below 0 where none of the row is known. */
	find(stream: number, index: number): number {
		return this.#table[this.#placeOf(keyOf(stream, index))]! * rowLength;
	}

	/** Cell of a block, whether it is known or not; a block has to be written into it where it is empty. */
	cellFor(stream: number, index: number): number {
		const key = keyOf(stream, index);
		let place = this.#placeOf(key);
		if (this.#table[place] === -1) {
			const row = this.#spare.pop() ?? this.#used++;
			if (row === this.#keys.length) {
				this.#grow();
				place = this.#placeOf(key);
			}

			this.#keys[row] = key;
			this.#table[place] = row;
		}

		return this.#table[place]! * rowLength + (index & (rowLength - 1));
	}

	write(cell: number, block: number): void {
		this.blocks[cell] = block;
		this.#counts[(cell / rowLength) | 0]!++;
	}

	/** The block of a cell is known no more. */
	forget(cell: number): void {
		const row = (cell / rowLength) | 0;
		this.blocks[cell] = 0;
		if (--this.#counts[row]! === 0) {
			this.#remove(this.#placeOf(this.#keys[row]!));
			this.#spare.push(row);
		}
	}

	/** Place of a row in the table, or the empty place where it would be. */
	#placeOf(key: number): number {
		const mask = this.#table.length - 1;
		let place = hashOf(key) & mask;
		for (;;) {
			const row = this.#table[place]!;
			if (row === -1 || this.#keys[row] === key) {
				return place;
			}

			place = (place + 1) & mask;
		}
	}

	/** Takes a row out of the table and moves those behind it up, so that no gap hides them. */
	#remove(from: number): void {
		const mask = this.#table.length - 1;
		let gap = from;
		this.#table[gap] = -1;
		for (let place = (gap + 1) & mask; this.#table[place] !== -1; place = (place + 1) & mask) {
			const moved = this.#table[place]!;
			const home = hashOf(this.#keys[moved]!) & mask;
			if (((place - home) & mask) >= ((place - gap) & mask)) {
				this.#table[gap] = moved;
				this.#table[place] = -1;
				gap = place;
			}
		}
	}

	/** Twice the rows; the table has always two places a row. */
	#grow(): void {
		const rows = this.#keys.length;
		const [blocks, keys, counts] = [this.blocks, this.#keys, this.#counts];
		this.blocks = new Int32Array(2 * blocks.length);
		this.blocks.set(blocks);
		this.#keys = new Float64Array(2 * rows);
		this.#keys.set(keys);
		this.#counts = new Int32Array(2 * rows);
		this.#counts.set(counts);
		this.#table = new Int32Array(4 * rows).fill(-1);
		for (let row = 0; row < rows; row++) {
			this.#table[this.#placeOf(keys[row]!)] = row;
		}
	}
}

function keyOf(stream: number, index: number): number {
	return stream * rowsPerStream + Math.floor(index / rowLength);
}

function hashOf(key: number): number {
	const low = key | 0; // its lowest 32 bits
	const high = (key / 4_294_967_296) | 0;
	let hash = Math.imul(low ^ (low >>> 15), 0x2c_1b_3c_6d) + Math.imul(high, 0x29_7a_2d_39);
	hash = Math.imul(hash ^ (hash >>> 12), 0x1b_87_35_93);
	return hash ^ (hash >>> 15);
}
