import type {Figures} from '../../tune/figures.ts';

/** Tells of results in the order of their numbers, as soon as all before them are there. */
export class InOrder {
	readonly results: Figures[] = [];
	readonly #tell: (index: number, figures: Figures) => void;
	readonly #untold = new Map<number, Figures>();
	#next = 0;

	constructor(tell: (index: number, figures: Figures) => void) {
		this.#tell = tell;
	}

	has(index: number): boolean {
		return this.results[index] !== undefined;
	}

	add(index: number, figures: Figures): void {
		this.results[index] = figures;
		this.#untold.set(index, figures);
		for (let next = this.#untold.get(this.#next); next !== undefined; next = this.#untold.get(this.#next)) {
			this.#untold.delete(this.#next);
			this.#tell(this.#next++, next);
		}
	}

	/** Tells of the rest. */
	flush(): void {
		for (const [index, figures] of [...this.#untold].sort(([a], [b]) => a - b)) {
			this.#tell(index, figures);
		}

		this.#untold.clear();
	}
}
