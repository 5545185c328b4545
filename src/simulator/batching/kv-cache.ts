import type {EngineSettings} from '../../experiment/serving/engine-model.ts';
import {BlockPool, plain} from './block-pool.ts';
import {rowLength} from './known-blocks.ts';
import {OpenStreams} from './open-streams.ts';

/**
 * Content of a request's context, where other requests may begin with the same: stretches of whole blocks, each of a stream of
 * tokens that is known by a number. Up to block `ends[i]` the context is that of `streams[i]`, at the same place.
 */
export type SharedContent = {readonly ends: readonly number[]; readonly streams: readonly number[]};

/** Own streams of requests have numbers from here on. */
const firstOwnStream = 2 ** 31;
const noBlocks = new Int32Array(0);

/**
 * KV blocks of the requests of an engine, and its prefix cache. What no other request can begin with is published only when its
 * request is preempted, since it alone may look for it.
 */
export class KvCache {
	readonly blockTokens: number;
	readonly pool: BlockPool;
	readonly #isCaching: boolean;
	/** By request: the blocks that it shares or has published, `plain` for one whose content another block was known by. */
	readonly #blocks: Int32Array[] = [];
	/** By request: how many these are, its first ones. */
	#published = new Int32Array(64);
	#counts = new Int32Array(64);
	#owns = new Float64Array(64);
	readonly #contents: (SharedContent | undefined)[] = [];
	/** By request: tokens of its context that another can begin with. */
	#shareable = new Float64Array(64);
	/** By request: tokens up to which it needs no further block, and no further one can be found by others. */
	#quiet = new Float64Array(64);
	#nextOwn = firstOwnStream;
	readonly #open = new OpenStreams();
	/** Blocks that the last call of `hits` found. */
	#found = new Int32Array(64);

	constructor({kvBlocks, blockTokens, prefixCaching}: EngineSettings) {
		this.blockTokens = blockTokens;
		this.pool = new BlockPool(kvBlocks);
		this.#isCaching = prefixCaching;
	}

	/**
	 * A new request takes a place.
	 *
	 * @param prompt - its tokens, to which it adds those of its answer
	 */
	begin(request: number, content: SharedContent | undefined, prompt: number): void {
		if (request >= this.#counts.length) {
			this.#grow();
		}

		this.#blocks[request] ??= noBlocks;
		this.#counts[request] = 0;
		this.#published[request] = 0;
		this.#quiet[request] = 0;
		this.#owns[request] = this.#nextOwn++;
		this.#contents[request] = content;
		this.#shareable[request] = this.#isCaching ? (content?.ends.at(-1) ?? 0) * this.blockTokens : 0;
		if (content !== undefined && prompt < this.#shareable[request]!) {
			this.#open.add(request, content.streams.slice(stretchOf(content.ends, Math.floor(prompt / this.blockTokens))));
		}
	}

	/** A request is done or gone for good. */
	forget(request: number): void {
		this.#open.remove(request);
	}

	/**
	 * Whether an answer under way writes what another writes, too, or what the request looks for whose turn it is.
	 *
	 * @param first - the first request that waits; -1 where none does
	 */
	isContested(first: number): boolean {
		return this.#open.isContested(first, first === -1 ? undefined : this.#contents[first]?.streams);
	}

	/** Leading blocks of a context that are in the cache, for `fits` and `shareHits`; the last token is always computed. */
	hits(request: number, tokens: number, wasPreempted: boolean): number {
		const content = this.#contents[request];
		if (!this.#isCaching || (content === undefined && !wasPreempted)) {
			return 0;
		}

		const most = Math.floor((tokens - 1) / this.blockTokens);
		if (this.#found.length < most) {
			this.#found = new Int32Array(2 * most);
		}

		const {known} = this.pool;
		const {blocks} = known;
		const found = this.#found;
		for (let hits = 0; hits < most; ) {
			const stretch = content === undefined ? 0 : stretchOf(content.ends, hits);
			const row = known.find(content?.streams[stretch] ?? this.#owns[request]!, hits);
			if (row < 0) {
				return hits;
			}

			const from = hits & ~(rowLength - 1);
			const to = Math.min(most, content?.ends[stretch] ?? most, from + rowLength);
			for (; hits < to; hits++) {
				const block = blocks[row + hits - from]!;
				if (block === plain) {
					return hits;
				}

				found[hits] = block;
			}
		}

		return most;
	}

	/** Whether free blocks hold the context of a request that waits, apart from the blocks that it has just found. */
	fits(hits: number, tokens: number): boolean {
		const {pool} = this;
		const found = this.#found;
		let taken = this.#blocksOf(tokens) - hits;
		for (let index = 0; index < hits; index++) {
			taken += pool.isFree(found[index]!) ? 1 : 0;
		}

		return taken <= pool.freeCount;
	}

	/** Gives a request that waits the blocks that it has just found in the cache. */
	shareHits(request: number, hits: number): void {
		const {pool} = this;
		const found = this.#found;
		const blocks = this.#roomFor(request, hits);
		for (let index = 0; index < hits; index++) {
			const block = found[index]!;
			pool.share(block);
			blocks[index] = block;
		}

		this.#counts[request] = hits;
		this.#published[request] = hits;
	}

	/** Whether a request holds the blocks for so many tokens, and `extend` would have nothing to do. */
	holds(request: number, tokens: number): boolean {
		return tokens <= this.#quiet[request]!;
	}

	/** Whether others can find blocks of a request that it has yet to fill. */
	isPublishing(request: number): boolean {
		return this.#published[request]! * this.blockTokens < this.#shareable[request]!;
	}

	/** Blocks that a request lacks for so many tokens. */
	lackedBy(request: number, tokens: number): number {
		return this.#blocksOf(tokens) - this.#counts[request]!;
	}

	/** Whether a request can be given the blocks for so many tokens. */
	canExtend(request: number, tokens: number): boolean {
		return tokens <= this.#quiet[request]! || this.lackedBy(request, tokens) <= this.pool.freeCount;
	}

	/** Gives a request the blocks for so many tokens, and lets others find the full ones. */
	extend(request: number, tokens: number): void {
		if (tokens <= this.#quiet[request]!) {
			return;
		}

		const lacking = this.lackedBy(request, tokens);
		if (lacking > 0) {
			this.pool.take(lacking);
			this.#counts[request]! += lacking;
		}

		const shareable = this.#shareable[request]!;
		if (shareable > 0) {
			this.#publish(request, Math.min(tokens, shareable));
		}

		this.#noteQuiet(request);
	}

	/** Notes that a request has the blocks for so many tokens, which have been taken from the pool for it. */
	attribute(request: number, tokens: number): void {
		this.#counts[request] = this.#blocksOf(tokens);
		this.#noteQuiet(request);
	}

	/** Frees the blocks of a request, the last first. */
	release(request: number): void {
		const {pool} = this;
		const blocks = this.#blocks[request]!;
		const published = this.#published[request]!;
		let alike = this.#counts[request]! - published;
		for (let index = published - 1; index >= 0; index--) {
			const block = blocks[index]!;
			if (block === plain) {
				alike++;
				continue;
			}

			pool.releasePlain(alike);
			alike = 0;
			pool.release(block);
		}

		pool.releasePlain(alike);
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

	#noteQuiet(request: number): void {
		const held = this.#counts[request]! * this.blockTokens;
		const found = this.#published[request]! * this.blockTokens;
		this.#quiet[request] = found < this.#shareable[request]! ? Math.min(held, found + this.blockTokens - 1) : held;
	}

	#publish(request: number, tokens: number): void {
		const full = Math.min(this.#counts[request]!, Math.floor(tokens / this.blockTokens));
		const published = this.#published[request]!;
		if (full <= published) {
			return;
		}

		const blocks = this.#roomFor(request, full);
		for (let index = published; index < full; index++) {
			blocks[index] = this.pool.publish(this.#streamOf(request, index), index);
		}

		this.#published[request] = full;
	}

	#streamOf(request: number, index: number): number {
		const content = this.#contents[request];
		return content?.streams[stretchOf(content.ends, index)] ?? this.#owns[request]!;
	}

	/** The list of a request's published blocks, with room for so many. */
	#roomFor(request: number, count: number): Int32Array {
		const blocks = this.#blocks[request]!;
		if (count <= blocks.length) {
			return blocks;
		}

		const larger = new Int32Array(Math.max(64, 2 * blocks.length, count));
		larger.set(blocks);
		this.#blocks[request] = larger;
		return larger;
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
