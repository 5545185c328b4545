/** Clock that ends a request after a silence, or with the signal of the user. */
export class SilenceWatch {
	readonly #controller = new AbortController();
	readonly #outer: AbortSignal | undefined;
	readonly #timer: NodeJS.Timeout;
	isOver = false;

	constructor(seconds: number, outer: AbortSignal | undefined) {
		this.#outer = outer;
		this.#timer = setTimeout(() => {
			this.isOver = true;
			this.#controller.abort();
		}, seconds * 1000);
		outer?.addEventListener('abort', this.#abort, {once: true});
		if (outer?.aborted === true) {
			this.#abort();
		}
	}

	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	/** Begins the silence again. */
	heard(): void {
		this.#timer.refresh();
	}

	end(): void {
		clearTimeout(this.#timer);
		this.#outer?.removeEventListener('abort', this.#abort);
		this.#controller.abort();
	}

	readonly #abort = () => this.#controller.abort();
}
