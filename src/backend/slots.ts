/**
 * Places for requests at Ollama, given out in order of arrival.
 *
 * Ollama would queue all requests itself, but it prepares each one first and holds megabytes for it: hundreds that
 * wait there exceed a container's memory, where here they cost a few kilobytes each.
 */
export class Slots {
	#free: number;
	readonly #waiters = new Set<() => void>();

	constructor(count: number) {
		this.#free = count;
	}

	/**
	 * Waits for a place.
	 *
	 * @param signal - gives up the wait; its reason is thrown
	 * @returns what gives the place back, once
	 */
	async take(signal: AbortSignal): Promise<() => void> {
		signal.throwIfAborted();
		if (this.#free > 0) {
			this.#free -= 1;
		} else {
			await this.#wait(signal);
		}

		return () => this.#giveBack();
	}

	#wait(signal: AbortSignal): Promise<void> {
		return new Promise((resolve, reject) => {
			const leave = () => {
				this.#waiters.delete(start);
				reject(signal.reason);
			};
			const start = () => {
				signal.removeEventListener('abort', leave);
				resolve();
			};
			this.#waiters.add(start);
			signal.addEventListener('abort', leave, {once: true});
		});
	}

	#giveBack(): void {
		const [next] = this.#waiters;
		if (next) {
			this.#waiters.delete(next);
			next();
		} else {
			this.#free += 1;
		}
	}
}
