const none: readonly number[] = [];

/** Streams of tokens that answers write and others can begin with, such as the turns of a conversation. */
export class OpenStreams {
	/** By stream: requests whose answers write it. */
	readonly #writers = new Map<number, number>();
	/** By request: the streams that its answer writes. */
	readonly #streams = new Map<number, readonly number[]>();
	/** Streams that more than one writes. */
	#contested = 0;

	/** Notes the streams that a request's answer writes. */
	add(request: number, streams: readonly number[]): void {
		this.#streams.set(request, streams);
		for (const stream of streams) {
			const writers = (this.#writers.get(stream) ?? 0) + 1;
			this.#writers.set(stream, writers);
			this.#contested += writers === 2 ? 1 : 0;
		}
	}

	/** The request writes no more. */
	remove(request: number): void {
		for (const stream of this.#streams.get(request) ?? none) {
			const writers = this.#writers.get(stream)! - 1;
			this.#contested -= writers === 1 ? 1 : 0;
			if (writers === 0) {
				this.#writers.delete(stream);
			} else {
				this.#writers.set(stream, writers);
			}
		}

		this.#streams.delete(request);
	}

	/**
	 * Whether two write one stream, or one writes what a request looks for.
	 *
	 * @param sought - the request's own streams; undefined where none looks for any
	 */
	isContested(request: number, sought: readonly number[] | undefined): boolean {
		if (this.#contested > 0) {
			return true;
		}

		const own = this.#streams.get(request) ?? none;
		return sought?.some(stream => this.#writers.has(stream) && !own.includes(stream)) === true;
	}
}
