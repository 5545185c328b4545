import {KnownBlocks} from './known-blocks.ts';

/** Place in the list before the first free block and after the last. */
const end = 0;
/** A block that nobody can look for. */
export const plain = 0;

/**
 * KV blocks of an engine: those in use, and the free ones in the order in which they are taken, least recently used first.
 * A free block keeps what it holds, so that the prefix cache finds it, until it is taken. Blocks that hold what nobody can look
 * for are all alike: they are counted, and free ones that are neighbours in the list are one entry of it.
 *
 * @see vllm v0.19 vllm/v1/core/block_pool.py and kv_cache_utils.py (FreeKVCacheBlockQueue)
 */
export class BlockPool {
	/** Blocks that can be taken. */
	freeCount: number;
	/** The blocks that can be found by their content. */
	readonly known = new KnownBlocks();
	#next = new Int32Array(64);
	#previous = new Int32Array(64);
	/** By entry: its blocks that nobody can look for; 0 of a known block. */
	#plain = new Int32Array(64);
	#uses = new Int32Array(64);
	/** By known block: where its content is written down. */
	#cell = new Int32Array(64);
	#used = 1;
	/** First of the entries that can be used again, linked by `#next`; 0 for none. */
	#spare = 0;

	constructor(size: number) {
		this.freeCount = size;
		this.#append(this.#newEntry(size));
	}

	/** Takes the free blocks that were used least recently; there must be as many. */
	take(count: number): void {
		this.freeCount -= count;
		for (let left = count; left > 0; ) {
			const entry = this.#next[end]!;
			const alike = this.#plain[entry]!;
			if (alike > left) {
				this.#plain[entry] = alike - left;
				return;
			}

			this.#unlink(entry);
			if (alike === 0) {
				this.known.forget(this.#cell[entry]!);
			}

			this.#next[entry] = this.#spare;
			this.#spare = entry;
			left -= Math.max(1, alike);
		}
	}

	/** Whether nobody uses a known block. */
	isFree(block: number): boolean {
		return this.#uses[block] === 0;
	}

	/** Uses a known block. */
	share(block: number): void {
		if (this.#uses[block]! === 0) {
			this.#unlink(block);
			this.freeCount--;
		}

		this.#uses[block]!++;
	}

	/** Ends one use of a known block; after the last it is the last of the free ones. */
	release(block: number): void {
		if (--this.#uses[block]! === 0) {
			this.#append(block);
			this.freeCount++;
		}
	}

	/** Frees blocks that nobody can look for: they are the last of the free ones. */
	releasePlain(count: number): void {
		if (count === 0) {
			return;
		}

		this.freeCount += count;
		const last = this.#previous[end]!;
		if (last !== end && this.#plain[last]! > 0) {
			this.#plain[last]! += count;
		} else {
			this.#append(this.#newEntry(count));
		}
	}

	/**
	 * Lets a block in use be found by its content, unless another block has the same.
	 *
	 * @returns its number; `plain` where another has the same
	 */
	publish(stream: number, index: number): number {
		const cell = this.known.cellFor(stream, index);
		if (this.known.blocks[cell] !== plain) {
			return plain;
		}

		const block = this.#newEntry(0);
		this.#uses[block] = 1;
		this.#cell[block] = cell;
		this.known.write(cell, block);
		return block;
	}

	#newEntry(alike: number): number {
		let entry = this.#spare;
		if (entry === 0) {
			entry = this.#used++;
			if (entry === this.#next.length) {
				this.#grow();
			}
		} else {
			this.#spare = this.#next[entry]!;
		}

		this.#plain[entry] = alike;
		return entry;
	}

	#append(entry: number): void {
		const last = this.#previous[end]!;
		this.#next[last] = entry;
		this.#previous[entry] = last;
		this.#next[entry] = end;
		this.#previous[end] = entry;
	}

	#unlink(entry: number): void {
		const next = this.#next[entry]!;
		const previous = this.#previous[entry]!;
		this.#next[previous] = next;
		this.#previous[next] = previous;
	}

	#grow(): void {
		const larger = (old: Int32Array) => {
			const fresh = new Int32Array(2 * old.length);
			fresh.set(old);
			return fresh;
		};
		this.#next = larger(this.#next);
		this.#previous = larger(this.#previous);
		this.#plain = larger(this.#plain);
		this.#uses = larger(this.#uses);
		this.#cell = larger(this.#cell);
	}
}
