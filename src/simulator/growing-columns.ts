type Column = Float64Array | Int32Array | Uint8Array;

/** Columns of numbers of one table, on typed arrays that grow together: a long table takes no more than its numbers. */
export class GrowingColumns<Name extends string> {
	length = 0;
	readonly #columns: Record<Name, Column>;
	#capacity = 0;

	/** @param types - of the columns, by name */
	constructor(types: Readonly<Record<Name, new (length: number) => Column>>) {
		this.#columns = Object.fromEntries(
			Object.entries<new (length: number) => Column>(types).map(([name, Type]) => [name, new Type(0)]),
		) as Record<Name, Column>;
	}

	/** The columns, each at least `length` long; valid until a row is added. */
	get columns(): Readonly<Record<Name, Column>> {
		return this.#columns;
	}

	/** Makes room for one more row and says which it is. */
	addRow(): number {
		if (this.length === this.#capacity) {
			this.#resize(Math.max(64, 2 * this.#capacity));
		}

		return this.length++;
	}

	/** Gives all rows up, and their memory. */
	clear(): void {
		this.length = 0;
		this.#resize(0);
	}

	#resize(capacity: number): void {
		this.#capacity = capacity;
		for (const name of Object.keys(this.#columns) as Name[]) {
			const old = this.#columns[name];
			const fresh = new (old.constructor as new (length: number) => Column)(capacity);
			fresh.set(old.subarray(0, this.length));
			this.#columns[name] = fresh;
		}
	}
}

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
