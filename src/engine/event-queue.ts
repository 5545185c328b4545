const arity = 4;
const sequencesPerPriority = 2 ** 48;

/**
 * A priority queue of events on typed arrays: nothing is allocated for an event.
 *
 * Events leave in the order of time, then priority (the lower first), then insertion.
 * `pop` puts the event's parts into the fields `time`, `kind`, `subject` and `stamp`.
 */
export class EventQueue {
	/** Time of the event popped last [s]. */
	time = 0;
	kind = 0;
	subject = 0;
	stamp = 0;
	size = 0;

	#capacity = 64;
	#times = new Float64Array(this.#capacity);
	/** Priority and sequence in one double: `priority * 2^48 + sequence`. */
	#orders = new Float64Array(this.#capacity);
	#kinds = new Uint8Array(this.#capacity);
	#subjects = new Int32Array(this.#capacity);
	#stamps = new Int32Array(this.#capacity);
	#sequence = 0;

	/** Time of the next event [s], Infinity when there is none. */
	nextTime(): number {
		return this.size === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!;
	}

	/** Place of the next event among those of its instant; Infinity when there is none. */
	nextOrder(): number {
		return this.size === 0 ? Number.POSITIVE_INFINITY : this.#orders[0]!;
	}

	/** The place among the events of one instant that an event has which is inserted now. */
	takeOrder(priority: number): number {
		return priority * sequencesPerPriority + this.#sequence++;
	}

	push(time: number, priority: number, kind: number, subject: number, stamp: number): void {
		if (this.size === this.#capacity) {
			this.#grow();
		}

		const times = this.#times;
		const orders = this.#orders;
		const order = this.takeOrder(priority);
		let hole = this.size++;
		while (hole > 0) {
			const parent = (hole - 1) >> 2;
			const parentTime = times[parent]!;
			if (parentTime < time || (parentTime === time && orders[parent]! < order)) {
				break;
			}

			this.#move(parent, hole);
			hole = parent;
		}

		this.#put(hole, time, order, kind, subject, stamp);
	}

	/** Takes the first event out. Must not be called on an empty queue. */
	pop(): void {
		const times = this.#times;
		this.time = times[0]!;
		this.kind = this.#kinds[0]!;
		this.subject = this.#subjects[0]!;
		this.stamp = this.#stamps[0]!;
		const last = --this.size;
		if (last > 0) {
			this.#sink(last);
		}
	}

	/** Fills the hole at the root with the element at `last`, which leaves its place. */
	#sink(last: number): void {
		const times = this.#times;
		const orders = this.#orders;
		const time = times[last]!;
		const order = orders[last]!;
		let hole = 0;
		for (;;) {
			const first = hole * arity + 1;
			if (first >= last) {
				break;
			}

			let least = first;
			let leastTime = times[first]!;
			const end = Math.min(first + arity, last);
			for (let child = first + 1; child < end; child++) {
				const childTime = times[child]!;
				if (childTime < leastTime || (childTime === leastTime && orders[child]! < orders[least]!)) {
					least = child;
					leastTime = childTime;
				}
			}

			if (time < leastTime || (time === leastTime && order < orders[least]!)) {
				break;
			}

			this.#move(least, hole);
			hole = least;
		}

		this.#put(hole, time, order, this.#kinds[last]!, this.#subjects[last]!, this.#stamps[last]!);
	}

	#move(from: number, to: number): void {
		this.#times[to] = this.#times[from]!;
		this.#orders[to] = this.#orders[from]!;
		this.#kinds[to] = this.#kinds[from]!;
		this.#subjects[to] = this.#subjects[from]!;
		this.#stamps[to] = this.#stamps[from]!;
	}

	#put(at: number, time: number, order: number, kind: number, subject: number, stamp: number): void {
		this.#times[at] = time;
		this.#orders[at] = order;
		this.#kinds[at] = kind;
		this.#subjects[at] = subject;
		this.#stamps[at] = stamp;
	}

	#grow(): void {
		this.#capacity *= 2;
		const enlarged = <T extends Float64Array | Int32Array | Uint8Array>(old: T, fresh: T): T => {
			fresh.set(old);
			return fresh;
		};
		this.#times = enlarged(this.#times, new Float64Array(this.#capacity));
		this.#orders = enlarged(this.#orders, new Float64Array(this.#capacity));
		this.#kinds = enlarged(this.#kinds, new Uint8Array(this.#capacity));
		this.#subjects = enlarged(this.#subjects, new Int32Array(this.#capacity));
		this.#stamps = enlarged(this.#stamps, new Int32Array(this.#capacity));
	}
}
