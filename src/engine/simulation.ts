import {EventQueue} from './event-queue.ts';

/** Handler of an event: called with the subject and stamp that the event was scheduled with. */
type EventHandler = (subject: number, stamp: number) => void;

/**
 * A virtual clock and the run loop over an event queue.
 *
 * Each kind of event has a priority (the lower fires first among events of one instant) and one handler.
 * A handler that schedules an event and later changes its mind keeps a stamp and ignores events with an older one:
 * nothing is ever searched in the queue.
 */
export class Simulation {
	/** The current time [s]. It never goes back. */
	now: number;
	/** Events fired so far. */
	eventCount = 0;
	readonly #queue = new EventQueue();
	readonly #handlers: EventHandler[] = [];
	readonly #priorities: number[] = [];
	/** The one event beside the queue: its time, its place among those of its instant, and its kind. */
	#besideAt = Number.POSITIVE_INFINITY;
	#besideOrder = 0;
	#besideKind = 0;

	/** @param startTime - first value of the clock [s] */
	constructor(startTime = 0) {
		this.now = startTime;
	}

	/**
	 * Declares a kind of event.
	 *
	 * @param priority - integer from 0 to 15, the lower fires first among events of one instant
	 * @returns the number to give to `schedule`
	 */
	declare(priority: number, handler: EventHandler): number {
		this.#priorities.push(priority);
		return this.#handlers.push(handler) - 1;
	}

	/**
	 * Makes an event of `kind` fire at time `at` [s]; one at Infinity never does.
	 *
	 * @throws {RangeError} when `at` lies before now or is not a number
	 */
	schedule(at: number, kind: number, subject = 0, stamp = 0): void {
		if (!(at >= this.now)) {
			throw new RangeError(`Expected an event's time to be at least ${this.now}, got ${at}`);
		}

		if (at !== Number.POSITIVE_INFINITY) {
			this.#queue.push(at, this.#priorities[kind]!, kind, subject, stamp);
		}
	}

	/**
	 * As `schedule`, for a stream of events of which one at most is pending, such as the arrivals: it waits beside the queue, and
	 * fires in the very order that it would have in it.
	 *
	 * @throws {RangeError} also when such an event is pending
	 */
	scheduleBeside(at: number, kind: number): void {
		if (!(at >= this.now) || this.#besideAt !== Number.POSITIVE_INFINITY) {
			throw new RangeError(`Expected one event beside the queue, at ${this.now} or later, got another at ${at}`);
		}

		this.#besideAt = at;
		this.#besideOrder = this.#queue.takeOrder(this.#priorities[kind]!);
		this.#besideKind = kind;
	}

	/** Fires all events before `until` [s] in order (one at `until` itself does not fire), then sets the clock to it. */
	run(until: number): void {
		const queue = this.#queue;
		const handlers = this.#handlers;
		for (;;) {
			const next = queue.nextTime();
			const beside = this.#besideAt;
			if (beside < next || (beside === next && this.#besideOrder < queue.nextOrder())) {
				if (!(beside < until)) {
					break;
				}

				this.now = beside;
				this.eventCount++;
				this.#besideAt = Number.POSITIVE_INFINITY;
				handlers[this.#besideKind]!(0, 0);
				continue;
			}

			if (!(next < until)) {
				break;
			}

			queue.pop();
			this.now = next;
			this.eventCount++;
			handlers[queue.kind]!(queue.subject, queue.stamp);
		}

		if (until > this.now) {
			this.now = until;
		}
	}
}
