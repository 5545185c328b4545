/** The chats that wait or run now, in the order of their arrival, in which they are served. */
export class InFlight {
	readonly #tenants = new Map<symbol, string>();
	readonly #parallel: number;
	#whenEmpty: (() => void) | undefined;

	/** @param parallel - requests that Ollama works on at once; the rest waits */
	constructor(parallel: number) {
		this.#parallel = parallel;
	}

	get size(): number {
		return this.#tenants.size;
	}

	/** @returns what to call, once, when the chat has ended */
	enter(tenant: string): () => void {
		const key = Symbol(tenant);
		this.#tenants.set(key, tenant);
		return () => {
			this.#tenants.delete(key);
			if (this.size === 0) {
				this.#whenEmpty?.();
			}
		};
	}

	/** Tenant and whether it still waits, for each chat. */
	*[Symbol.iterator](): Generator<{tenant: string; waits: boolean}> {
		let position = 0;
		for (const tenant of this.#tenants.values()) {
			yield {tenant, waits: position >= this.#parallel};
			position += 1;
		}
	}

	/** Resolves once no chat is left. */
	empty(): Promise<void> {
		return this.size === 0 ? Promise.resolve() : new Promise(resolve => (this.#whenEmpty = resolve));
	}
}
