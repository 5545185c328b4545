import type {EngineSettings} from '../../experiment/serving/engine-model.ts';
import {BlockPool} from './block-pool.ts';

/**
 * Content of a request's context, where other requests may begin with the same: stretches of whole blocks, each of a stream of
 * tokens that is known by a number. Up to block `ends[i]` the context is that of `streams[i]`, at the same place.
 */
export type SharedContent = {readonly ends: readonly number[]; readonly streams: readonly number[]};

/** Above the most blocks of a context. */
const blocksPerStream = 2 ** 20;
/** Own streams of requests have numbers from here on. */
const firstOwnStream = 2 ** 31;

/**
 * KV blocks of the requests of an engine, and its prefix cache. What no other request can begin with is published only when its
 * request is preempted, since it alone may look for it.
 */
export class KvCache {
	readonly blockTokens: number;
	readonly pool: BlockPool;
	readonly #isCaching: boolean;
	readonly #blocks: Int32Array[] = [];
	#counts = new Int32Array(64);
	#published = new Int32Array(64);
	#owns = new Float64Array(64);
	readonly #contents: (SharedContent | undefined)[] = [];
	/** By request: tokens of its context that another can begin with. */
	#shareable = new Float64Array(64);
	/** By request: tokens up to which it needs no further block, and no further one can be found by others. */
	#quiet = new Float64Array(64);
	#nextOwn = firstOwnStream;
	/** Blocks that the last call of `hits` found. */
	#found = new Int32Array(64);

	constructor({kvBlocks, blockTokens, prefixCaching}: EngineSettings) {
		this.blockTokens = blockTokens;
		this.pool = new BlockPool(kvBlocks);
		this.#isCaching = prefixCaching;
	}

	/** A new request takes a place. */
	begin(request: number, content: SharedContent | undefined): void {
		if (request >= this.#counts.length) {
			this.#grow();
		}

		this.#blocks[request] ??= new Int32Array(64);
		this.#counts[request] = 0;
		this.#published[request] = 0;
		this.#quiet[request] = 0;
		this.#owns[request] = this.#nextOwn++;
		this.#contents[request] = content;
		this.#shareable[request] = this.#isCaching ? (content?.ends.at(-1) ?? 0) * this.blockTokens : 0;
	}

	/** Leading blocks of a context that are in the cache, for `fits` and `shareHits`; the last token is always computed. */
	hits(request: number, tokens: number, wasPreempted: boolean): number {
		if (!this.#isCaching || (this.#contents[request] === undefined && !wasPreempted)) {
			return 0;
		}

		const most = Math.floor((tokens - 1) / this.blockTokens);
		if (this.#found.length < most) {
			this.#found = new Int32Array(2 * most);
		}

		for (let hits = 0; hits < most; hits++) {
			const block = this.pool.find(this.#keyOf(request, hits));
			if (block === -1) {
				return hits;
			}

			this.#found[hits] = block;
		}

		return most;
	}

	/** Whether free blocks hold the context of a request that waits, apart from the blocks that it has just found. */
	fits(hits: number, tokens: number): boolean {
		let taken = this.#blocksOf(tokens) - hits;
		for (let index = 0; index < hits; index++) {
			taken += this.pool.isFree(this.#found[index]!) ? 1 : 0;
		}

		return taken <= this.pool.freeCount;
	}

	/** Gives a request that waits the blocks that it has just found in the cache. */
	shareHits(request: number, hits: number): void {
		for (let index = 0; index < hits; index++) {
			const block = this.#found[index]!;
			this.pool.share(block);
			this.#append(request, block);
		}

		this.#published[request] = hits;
	}

	/** Whether a request holds the blocks for so many tokens, and `extend` would have nothing to do. */
	holds(request: number, tokens: number): boolean {
		return tokens <= this.#quiet[request]!;
	}

	/** Whether a request can be given the blocks for so many tokens. */
	canExtend(request: number, tokens: number): boolean {
		return tokens <= this.#quiet[request]! || this.#blocksOf(tokens) - this.#counts[request]! <= this.pool.freeCount;
	}

	/** Gives a request the blocks for so many tokens, and lets others find the full ones. */
	extend(request: number, tokens: number): void {
		if (tokens <= this.#quiet[request]!) {
			return;
		}

		for (let lacking = this.#blocksOf(tokens) - this.#counts[request]!; lacking > 0; lacking--) {
			this.#append(request, this.pool.take());
		}

		const shareable = this.#shareable[request]!;
		if (shareable > 0) {
			this.#publish(request, Math.min(tokens, shareable));
		}

		const held = this.#counts[request]! * this.blockTokens;
		const found = this.#published[request]! * this.blockTokens;
		this.#quiet[request] = found < shareable ? Math.min(held, found + this.blockTokens - 1) : held;
	}

	/** Frees the blocks of a request, the last first. */
	release(request: number): void {
		const blocks = this.#blocks[request]!;
		for (let index = this.#counts[request]! - 1; index >= 0; index--) {
			this.pool.release(blocks[index]!);
		}

		this.#counts[request] = 0;
		this.#published[request] = 0;
		this.#quiet[request] = 0;
	}

	/** Frees the blocks of a request that will come back for what it had computed. */
	preempt(request: number, computed: number): void {
		if (this.#isCaching) {
			this.#publish(request, computed);
		}

		this.release(request);
	}

	#blocksOf(tokens: number): number {
		return Math.ceil(tokens / this.blockTokens);
	}

	#publish(request: number, tokens: number): void {
		const full = Math.min(this.#counts[request]!, Math.floor(tokens / this.blockTokens));
		const blocks = this.#blocks[request]!;
		for (let index = this.#published[request]!; index < full; index++) {
			this.pool.publish(blocks[index]!, this.#keyOf(request, index));
		}

		this.#published[request] = Math.max(full, this.#published[request]!);
	}

	#keyOf(request: number, index: number): number {
		const content = this.#contents[request];
		let stream = this.#owns[request]!;
		if (content !== undefined) {
			const stretch = stretchOf(content.ends, index);
			stream = content.streams[stretch] ?? stream;
		}

		return stream * blocksPerStream + index;
	}

	#append(request: number, block: number): void {
		const count = this.#counts[request]!++;
		let blocks = this.#blocks[request]!;
		if (count === blocks.length) {
			const larger = new Int32Array(2 * count);
			larger.set(blocks);
			this.#blocks[request] = larger;
			blocks = larger;
		}

		blocks[count] = block;
	}

	#grow(): void {
		const length = 2 * this.#counts.length;
		const larger = <T extends Int32Array | Float64Array>(old: T, fresh: T): T => {
			fresh.set(old);
			return fresh;
		};
		this.#counts = larger(this.#counts, new Int32Array(length));
		this.#published = larger(this.#published, new Int32Array(length));
		this.#owns = larger(this.#owns, new Float64Array(length));
		this.#shareable = larger(this.#shareable, new Float64Array(length));
		this.#quiet = larger(this.#quiet, new Float64Array(length));
	}
}

/** The stretch of a block: the first that ends behind it; as many as there are where none does. */
function stretchOf(ends: readonly number[], block: number): number {
	let [low, high] = [0, ends.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (block < ends[middle]!) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}

	return low;
}
