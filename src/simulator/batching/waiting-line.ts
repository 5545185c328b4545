/** Queue of an engine's requests, first come first served, or the lower priority first; a preempted one goes back to its head. */
export class WaitingLine {
	#ring = new Int32Array(16);
	#head = 0;
	length = 0;
	readonly #isBefore: ((one: number, other: number) => boolean) | undefined;

	/** @param isBefore - order of two requests; left out: first come first served */
	constructor(isBefore?: (one: number, other: number) => boolean) {
		this.#isBefore = isBefore;
	}

	/** The request whose turn it is; there must be one. */
	peek(): number {
		return this.#ring[this.#head]!;
	}

	shift(): number {
		const request = this.#ring[this.#head]!;
		this.#head = (this.#head + 1) & (this.#ring.length - 1);
		this.length--;
		return request;
	}

	push(request: number): void {
		this.#makeRoom();
		let place = this.length++;
		if (this.#isBefore !== undefined) {
			for (; place > 0 && this.#isBefore(request, this.at(place - 1)); place--) {
				this.#set(place, this.at(place - 1));
			}
		}

		this.#set(place, request);
	}

	/** Takes a request out of the line, if it is in it. */
	remove(request: number): void {
		let kept = 0;
		for (let place = 0; place < this.length; place++) {
			const other = this.at(place);
			if (other !== request) {
				this.#set(kept++, other);
			}
		}

		this.length = kept;
	}

	/** A preempted request comes back: to the head, or to where its priority says. */
	putBack(request: number): void {
		if (this.#isBefore !== undefined) {
			this.push(request);
			return;
		}

		this.#makeRoom();
		this.#head = (this.#head - 1) & (this.#ring.length - 1);
		this.length++;
		this.#ring[this.#head] = request;
	}

	/** The request at a place of the line. */
	at(place: number): number {
		return this.#ring[(this.#head + place) & (this.#ring.length - 1)]!;
	}

	#set(place: number, request: number): void {
		this.#ring[(this.#head + place) & (this.#ring.length - 1)] = request;
	}

	#makeRoom(): void {
		if (this.length < this.#ring.length) {
			return;
		}

		const larger = new Int32Array(2 * this.#ring.length);
		for (let place = 0; place < this.length; place++) {
			larger[place] = this.at(place);
		}

		this.#ring = larger;
		this.#head = 0;
	}
}
