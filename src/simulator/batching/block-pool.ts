const noKey = -1;

/**
 * KV blocks of an engine: those in use, and the free ones in the order in which they are taken, least recently used first.
 * A free block keeps what it holds, so that the prefix cache finds it, until it is taken.
 *
 * @see vllm v0.19 vllm/v1/core/block_pool.py and kv_cache_utils.py (FreeKVCacheBlockQueue)
 */
export class BlockPool {
	/** Blocks that can be taken. */
	freeCount: number;
	readonly size: number;
	readonly #next: Int32Array;
	readonly #previous: Int32Array;
	readonly #uses: Int32Array;
	/** Content of each block, -1 for none that another request could find. */
	readonly #keys: Float64Array;
	/** Open addressing: a block's number, -1 for an empty place. */
	readonly #table: Int32Array;
	readonly #mask: number;
	/** Place in the list before the first free block and after the last. */
	readonly #end: number;

	constructor(size: number) {
		this.size = size;
		this.freeCount = size;
		this.#end = size;
		this.#next = new Int32Array(size + 1);
		this.#previous = new Int32Array(size + 1);
		for (let block = 0; block < size; block++) {
			this.#next[block] = block + 1;
			this.#previous[block + 1] = block;
		}

		this.#previous[0] = size;
		this.#uses = new Int32Array(size);
		this.#keys = new Float64Array(size).fill(noKey);
		let places = 16;
		while (places < 2 * size) {
			places *= 2;
		}

		this.#table = new Int32Array(places).fill(-1);
		this.#mask = places - 1;
	}

	/** Takes the free block that was used least recently; there must be one. */
	take(): number {
		const block = this.#next[this.#end]!;
		this.#unlink(block);
		this.#forget(block);
		this.#uses[block] = 1;
		this.freeCount--;
		return block;
	}

	/** Block that holds a content, -1 for none. */
	find(key: number): number {
		return this.#table[this.#placeOf(key)]!;
	}

	/** Whether nobody uses a block. */
	isFree(block: number): boolean {
		return this.#uses[block] === 0;
	}

	/** Uses a block that holds what is wanted. */
	share(block: number): void {
		if (this.#uses[block]! === 0) {
			this.#unlink(block);
			this.freeCount--;
		}

		this.#uses[block]!++;
	}

	/** Ends one use of a block; after the last it is the last of the free ones. */
	release(block: number): void {
		if (--this.#uses[block]! > 0) {
			return;
		}

		const last = this.#previous[this.#end]!;
		this.#next[last] = block;
		this.#previous[block] = last;
		this.#next[block] = this.#end;
		this.#previous[this.#end] = block;
		this.freeCount++;
	}

	/** Lets a full block be found by its content, unless another block has the same or it is known already. */
	publish(block: number, key: number): void {
		if (this.#keys[block] !== noKey) {
			return;
		}

		const place = this.#placeOf(key);
		if (this.#table[place] === -1) {
			this.#table[place] = block;
			this.#keys[block] = key;
		}
	}

	#unlink(block: number): void {
		const next = this.#next[block]!;
		const previous = this.#previous[block]!;
		this.#next[previous] = next;
		this.#previous[next] = previous;
	}

	/** Place of a content in the table, or the empty place where it would be. */
	#placeOf(key: number): number {
		let place = hashOf(key) & this.#mask;
		for (;;) {
			const block = this.#table[place]!;
			if (block === -1 || this.#keys[block] === key) {
				return place;
			}

			place = (place + 1) & this.#mask;
		}
	}

	/** Takes a block's content out of the table and moves those behind it up, so that no gap hides them. */
	#forget(block: number): void {
		const key = this.#keys[block]!;
		if (key === noKey) {
			return;
		}

		let gap = this.#placeOf(key);
		this.#keys[block] = noKey;
		this.#table[gap] = -1;
		for (let place = (gap + 1) & this.#mask; this.#table[place] !== -1; place = (place + 1) & this.#mask) {
			const moved = this.#table[place]!;
			const home = hashOf(this.#keys[moved]!) & this.#mask;
			if (((place - home) & this.#mask) >= ((place - gap) & this.#mask)) {
				this.#table[gap] = moved;
				this.#table[place] = -1;
				gap = place;
			}
		}
	}
}

function hashOf(key: number): number {
	const low = key | 0; // its lowest 32 bits
	const high = (key / 4_294_967_296) | 0;
	let hash = Math.imul(low ^ (low >>> 15), 0x2c_1b_3c_6d) + Math.imul(high, 0x29_7a_2d_39);
	hash = Math.imul(hash ^ (hash >>> 12), 0x1b_87_35_93);
	return hash ^ (hash >>> 15);
}
