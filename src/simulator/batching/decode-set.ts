import {type EngineRequests, never} from './engine-requests.ts';

/**
 * Requests that decode: each gets one token in each step. What a step needs to know of all of them is kept as they come and
 * go, so that a step costs the same for one and for a thousand. All of it are whole numbers: the order of the sums does not matter.
 */
export class DecodeSet {
	count = 0;
	/** How many begin a block in a step, by its number modulo the tokens of a block. */
	readonly demand: Int32Array;
	/** How many of them fill blocks that others can find. */
	publishing = 0;
	/** Sum of their contexts in step 0, before which none began [tokens]. */
	#origins = 0;
	readonly #requests: EngineRequests;
	/** Binary heap: the one whose last token comes first is at the head, and of several the one that was admitted first. */
	readonly #heap: Int32Array;

	/**
	 * @param most - requests in it
	 * @param blockTokens - tokens of a block
	 */
	constructor(requests: EngineRequests, most: number, blockTokens: number) {
		this.#requests = requests;
		this.#heap = new Int32Array(most);
		this.demand = new Int32Array(blockTokens);
	}

	/** Tokens of context that they read in a step. */
	contextIn(step: number): number {
		return this.#origins + this.count * step;
	}

	/** How many of them begin a block in a step. */
	demandIn(step: number): number {
		return this.demand[step % this.demand.length]!;
	}

	/** The step that gives one of them its last token, before any other does; `never` where there are none. */
	get nextLast(): number {
		return this.count === 0 ? never : this.#requests.lastStep[this.#heap[0]!]!;
	}

	/** Adds a request, from the step after its first token on. */
	add(request: number, isPublishing: boolean): void {
		this.#requests.isPublishing[request] = isPublishing ? 1 : 0;
		this.#sum(request, 1);
		this.#rise(this.count - 1, request);
	}

	/** Takes out the request whose last token comes first. */
	shift(): number {
		const request = this.#heap[0]!;
		this.#removeAt(0);
		return request;
	}

	/** Takes a request out, if it is one of them. */
	remove(request: number): void {
		const place = this.#heap.subarray(0, this.count).indexOf(request);
		if (place >= 0) {
			this.#removeAt(place);
		}
	}

	#sum(request: number, sign: number): void {
		const {length} = this.demand;
		const origin = this.#requests.origin[request]!;
		const phase = ((-origin % length) + length) % length;
		this.count += sign;
		this.#origins += sign * origin;
		this.demand[phase]! += sign;
		this.publishing += sign * this.#requests.isPublishing[request]!;
	}

	#removeAt(place: number): void {
		this.#sum(this.#heap[place]!, -1);
		if (place === this.count) {
			return;
		}

		const moved = this.#heap[this.count]!;
		const parent = (place - 1) >> 1;
		if (place > 0 && this.#isBefore(moved, this.#heap[parent]!)) {
			this.#rise(place, moved);
		} else {
			this.#sink(place, moved);
		}
	}

	#rise(from: number, request: number): void {
		const heap = this.#heap;
		let place = from;
		while (place > 0) {
			const parent = (place - 1) >> 1;
			if (!this.#isBefore(request, heap[parent]!)) {
				break;
			}

			heap[place] = heap[parent]!;
			place = parent;
		}

		heap[place] = request;
	}

	#sink(from: number, request: number): void {
		const heap = this.#heap;
		let place = from;
		for (;;) {
			let child = 2 * place + 1;
			if (child >= this.count) {
				break;
			}

			if (child + 1 < this.count && this.#isBefore(heap[child + 1]!, heap[child]!)) {
				child++;
			}

			if (!this.#isBefore(heap[child]!, request)) {
				break;
			}

			heap[place] = heap[child]!;
			place = child;
		}

		heap[place] = request;
	}

	#isBefore(one: number, other: number): boolean {
		const {lastStep, turn} = this.#requests;
		const difference = lastStep[one]! - lastStep[other]!;
		return difference < 0 || (difference === 0 && turn[one]! < turn[other]!);
	}
}
