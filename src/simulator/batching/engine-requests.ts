/** Step of a request that has no such step yet. */
export const never = 0x7f_ff_ff_ff;

/** Requests of an engine, one array a column: a request is a number, and nothing is allocated for one. Steps are counted from 0. */
export class EngineRequests {
	/** Number that the owner of the engine gave the request. */
	tag = new Float64Array(64);
	/** The lower comes first, where the engine goes by priority. */
	priority = new Float64Array(64);
	/** Order of arrival. */
	serial = new Float64Array(64);
	prompt = new Int32Array(64);
	output = new Int32Array(64);
	/** Tokens of the answer that a preemption found. */
	generated = new Int32Array(64);
	/** Tokens to compute before the next token of the answer: the prompt, and what was generated before a preemption. */
	target = new Int32Array(64);
	/** How many of these are computed, or planned to be. */
	computed = new Int32Array(64);
	/** Tokens that it gets in the step that was planned last for it. */
	chunk = new Int32Array(64);
	plannedStep = new Int32Array(64);
	/** Step whose end gives the first token since the last preemption. */
	firstStep = new Int32Array(64);
	/** Step whose end gives the last token. */
	lastStep = new Int32Array(64);
	/** Tokens of context in step `n`, less `n`. */
	origin = new Int32Array(64);
	/** Whether the client has had a token. */
	hasToken = new Uint8Array(64);
	wasPreempted = new Uint8Array(64);
	/** Time of the last token before a preemption [s]; NaN once the next has come. */
	pausedAt = new Float64Array(64);
	isRunning = new Uint8Array(64);
	/** Order of admission. */
	turn = new Float64Array(64);
	/** The running request that was admitted before it, and the one after it; -1 for none. */
	before = new Int32Array(64);
	after = new Int32Array(64);
	/** Whether a decoding request fills blocks that others can find. */
	isPublishing = new Uint8Array(64);
	/** Whether the client of a request that waits has left. */
	isGone = new Uint8Array(64);
	#used = 0;
	#capacity = 64;
	#nextSerial = 0;
	readonly #free: number[] = [];

	take(): number {
		const request = this.#free.pop() ?? this.#used++;
		if (request === this.#capacity) {
			this.#grow();
		}

		this.serial[request] = this.#nextSerial++;
		this.generated[request] = 0;
		this.computed[request] = 0;
		this.plannedStep[request] = -1;
		this.firstStep[request] = never;
		this.lastStep[request] = never;
		this.hasToken[request] = 0;
		this.wasPreempted[request] = 0;
		this.isRunning[request] = 0;
		this.pausedAt[request] = Number.NaN;
		this.isGone[request] = 0;
		return request;
	}

	release(request: number): void {
		this.#free.push(request);
	}

	/** Whether one request comes before another by priority: the lower number, or as they came. */
	isBefore(one: number, other: number): boolean {
		const difference = this.priority[one]! - this.priority[other]!;
		return difference < 0 || (difference === 0 && this.serial[one]! < this.serial[other]!);
	}

	#grow(): void {
		this.#capacity *= 2;
		const larger = <T extends Float64Array | Int32Array | Uint8Array>(old: T): T => {
			const fresh = new (old.constructor as new (length: number) => T)(this.#capacity);
			fresh.set(old);
			return fresh;
		};
		this.tag = larger(this.tag);
		this.priority = larger(this.priority);
		this.serial = larger(this.serial);
		this.prompt = larger(this.prompt);
		this.output = larger(this.output);
		this.generated = larger(this.generated);
		this.target = larger(this.target);
		this.computed = larger(this.computed);
		this.chunk = larger(this.chunk);
		this.plannedStep = larger(this.plannedStep);
		this.firstStep = larger(this.firstStep);
		this.lastStep = larger(this.lastStep);
		this.origin = larger(this.origin);
		this.hasToken = larger(this.hasToken);
		this.wasPreempted = larger(this.wasPreempted);
		this.pausedAt = larger(this.pausedAt);
		this.isRunning = larger(this.isRunning);
		this.turn = larger(this.turn);
		this.before = larger(this.before);
		this.after = larger(this.after);
		this.isPublishing = larger(this.isPublishing);
		this.isGone = larger(this.isGone);
	}
}
