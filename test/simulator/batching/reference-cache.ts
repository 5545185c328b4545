import type {EngineSettings} from '../../../src/experiment/serving/engine-model.ts';
import type {SharedContent} from '../../../src/simulator/batching/kv-cache.ts';

type Block = {uses: number; content: string | undefined};

/** What a request holds in a `ReferenceCache`. */
export type Held = {
	readonly own: number;
	readonly content: SharedContent | undefined;
	readonly blocks: Block[];
	published: number;
};

/** KV blocks and prefix cache in the plainest form: each block is an object, and the free ones are a list of them. */
export class ReferenceCache {
	readonly free: Block[];
	readonly #known = new Map<string, Block>();
	readonly #settings: EngineSettings;
	#nextOwn = 0;

	constructor(settings: EngineSettings) {
		this.#settings = settings;
		this.free = Array.from({length: settings.kvBlocks}, () => ({uses: 0, content: undefined}));
	}

	/** Blocks that can be found by their content. */
	get knownCount(): number {
		return this.#known.size;
	}

	begin(content: SharedContent | undefined): Held {
		return {own: this.#nextOwn++, content, blocks: [], published: 0};
	}

	hits(held: Held, tokens: number, wasPreempted: boolean): readonly Block[] {
		const {prefixCaching, blockTokens} = this.#settings;
		const found: Block[] = [];
		if (prefixCaching && (held.content !== undefined || wasPreempted)) {
			for (let index = 0; (index + 1) * blockTokens < tokens; index++) {
				const block = this.#known.get(contentAt(held, index));
				if (block === undefined) {
					break;
				}

				found.push(block);
			}
		}

		return found;
	}

	fits(hits: readonly Block[], tokens: number): boolean {
		const taken = this.#blocksOf(tokens) - hits.filter(({uses}) => uses > 0).length;
		return taken <= this.free.length;
	}

	share(held: Held, hits: readonly Block[]): void {
		for (const block of hits) {
			if (block.uses++ === 0) {
				this.free.splice(this.free.indexOf(block), 1);
			}
		}

		held.blocks.push(...hits);
		held.published = hits.length;
	}

	canExtend(held: Held, tokens: number): boolean {
		return this.#blocksOf(tokens) - held.blocks.length <= this.free.length;
	}

	extend(held: Held, tokens: number): void {
		while (held.blocks.length < this.#blocksOf(tokens)) {
			const block = this.free.shift()!;
			if (block.content !== undefined) {
				this.#known.delete(block.content);
			}

			block.content = undefined;
			block.uses = 1;
			held.blocks.push(block);
		}

		if (this.#settings.prefixCaching) {
			this.#publish(held, Math.floor(Math.min(tokens / this.#settings.blockTokens, held.content?.ends.at(-1) ?? 0)));
		}
	}

	release(held: Held): void {
		for (const block of held.blocks.splice(0).reverse()) {
			if (--block.uses === 0) {
				this.free.push(block);
			}
		}

		held.published = 0;
	}

	preempt(held: Held, computed: number): void {
		if (this.#settings.prefixCaching) {
			this.#publish(held, Math.floor(computed / this.#settings.blockTokens));
		}

		this.release(held);
	}

	#publish(held: Held, full: number): void {
		for (; held.published < Math.min(full, held.blocks.length); held.published++) {
			const content = contentAt(held, held.published);
			const block = held.blocks[held.published]!;
			if (!this.#known.has(content)) {
				block.content = content;
				this.#known.set(content, block);
			}
		}
	}

	#blocksOf(tokens: number): number {
		return Math.ceil(tokens / this.#settings.blockTokens);
	}
}

function contentAt({own, content}: Held, index: number): string {
	const stretch = content === undefined ? -1 : content.ends.findIndex(end => index < end);
	return `${content?.streams[stretch] ?? `own ${own}`} ${index}`;
}
