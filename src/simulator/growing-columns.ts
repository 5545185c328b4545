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
