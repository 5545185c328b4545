/** A first-in, first-out queue of numbers on a typed array that grows. */
export class NumberRing {
	length = 0;
	#items = new Float64Array(16);
	#head = 0;

	push(item: number): void {
		if (this.length === this.#items.length) {
			this.#grow();
		}

		this.#items[(this.#head + this.length++) & (this.#items.length - 1)] = item;
	}

	/** The item put in first. Must not be called on an empty ring. */
	peek(): number {
		return this.#items[this.#head]!;
	}

	/** Takes the item put in first. Must not be called on an empty ring. */
	shift(): number {
		const item = this.#items[this.#head]!;
		this.#head = (this.#head + 1) & (this.#items.length - 1);
		this.length--;
		return item;
	}

	#grow(): void {
		const larger = new Float64Array(this.#items.length * 2);
		for (let index = 0; index < this.length; index++) {
			larger[index] = this.#items[(this.#head + index) & (this.#items.length - 1)]!;
		}

		this.#items = larger;
		this.#head = 0;
	}
}
