export const RequestState = {free: 0, waiting: 1, running: 2, abandoned: 3, queued: 4, backingOff: 5} as const;

/**
 * The requests that are under way, one array a column: a request is a number, and nothing is allocated for one.
 *
 * `abandoned` is a request whose client left while it waited; its place is free once the queue has passed over it. A
 * request waits in a pod (`waiting`), at a proxy (`queued`) or for its next attempt (`backingOff`).
 */
export class RequestPool {
	/**
	 * Serial of the request in a place: rises with each request of a run, so that a place that was taken again is
	 * noticed.
	 */
	serial = new Float64Array(64);
	state = new Uint8Array(64);
	arrivedAt = new Float64Array(64);
	startedAt = new Float64Array(64);
	/** NaN until the first token. */
	firstTokenAt = new Float64Array(64);
	/** Remaining work of the request in the unit of the service model [CPU s or s]. */
	remaining = new Float64Array(64);
	/** Part of that work after the first token. */
	afterFirstToken = new Float64Array(64);
	/** Factor on the work, or the whole time in service or work itself, drawn when the request came. */
	serviceDraw = new Float64Array(64);
	/** Time in service that is given [s]; NaN where the model says it. */
	serviceTime = new Float64Array(64);
	/** Uniform draw of its luck with the balancer. */
	balancingDraw = new Float64Array(64);
	/** Further attempts that were made. */
	retries = new Uint8Array(64);
	tenant = new Uint16Array(64);
	conversation = new Int32Array(64);
	/** Row of the trace that says more of the request, −1 for none. */
	traceRow = new Int32Array(64);
	promptTokens = new Int32Array(64);
	outputTokens = new Int32Array(64);
	/** User of a closed loop. */
	user = new Int32Array(64);
	/** Ordinal of the pod that holds the request, −1 for none. */
	pod = new Int32Array(64);

	#capacity = 64;
	#used = 0;
	#free = new Int32Array(64);
	#freeCount = 0;
	#nextSerial = 0;

	/** A place for a new request, with its serial set. */
	take(): number {
		const request = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#used++;
		if (request === this.#capacity) {
			this.#grow();
		}

		this.serial[request] = this.#nextSerial++;
		this.firstTokenAt[request] = Number.NaN;
		this.startedAt[request] = Number.NaN;
		this.pod[request] = -1;
		this.retries[request] = 0;
		return request;
	}

	release(request: number): void {
		this.state[request] = RequestState.free;
		this.serial[request] = -1;
		this.#free[this.#freeCount++] = request;
	}

	/** Requests under way, in the order of their serials. */
	live(): number[] {
		const live: number[] = [];
		for (let request = 0; request < this.#used; request++) {
			const state = this.state[request];
			if (state !== RequestState.free && state !== RequestState.abandoned) {
				live.push(request);
			}
		}

		return live.sort((a, b) => this.serial[a]! - this.serial[b]!);
	}

	/** Requests that have come. */
	get takenCount(): number {
		return this.#nextSerial;
	}

	/** Requests in a state. */
	countIn(state: (typeof RequestState)[keyof typeof RequestState]): number {
		let count = 0;
		for (let request = 0; request < this.#used; request++) {
			count += this.state[request] === state ? 1 : 0;
		}

		return count;
	}

	#grow(): void {
		this.#capacity *= 2;
		const larger = <T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(old: T): T => {
			const fresh = new (old.constructor as new (length: number) => T)(this.#capacity);
			fresh.set(old);
			return fresh;
		};
		this.serial = larger(this.serial);
		this.state = larger(this.state);
		this.arrivedAt = larger(this.arrivedAt);
		this.startedAt = larger(this.startedAt);
		this.firstTokenAt = larger(this.firstTokenAt);
		this.remaining = larger(this.remaining);
		this.afterFirstToken = larger(this.afterFirstToken);
		this.serviceDraw = larger(this.serviceDraw);
		this.serviceTime = larger(this.serviceTime);
		this.balancingDraw = larger(this.balancingDraw);
		this.retries = larger(this.retries);
		this.tenant = larger(this.tenant);
		this.conversation = larger(this.conversation);
		this.traceRow = larger(this.traceRow);
		this.promptTokens = larger(this.promptTokens);
		this.outputTokens = larger(this.outputTokens);
		this.user = larger(this.user);
		this.pod = larger(this.pod);
		this.#free = larger(this.#free);
	}
}
