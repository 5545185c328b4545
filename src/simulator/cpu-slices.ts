/** Stretch of time in which a thread wants to run without a pause, on the clock of the quota’s periods. */
export type BusyStretch = {
	/** Its beginning [s]. */
	readonly since: number;
	/** CPU time that was left of the quota of the period in which it began [core-s]. */
	readonly left: number;
};

/**
 * CPU quota as the kernel enforces it on one thread that wants to run: it runs until the quota of the period is used up,
 * and again from the next period on. Periods follow each other whether or not anything runs, and what a period leaves
 * unused is lost, so a request that an idle pod gets runs at once, with the whole quota of a period that has partly
 * passed. Times are counted from the beginning of any period [s].
 *
 * @see Linux 6.12 Documentation/scheduler/sched-bwc.rst
 */
export class CpuSlices {
	readonly #period: number;
	readonly #quota: number;

	/** @param quota - CPU time in each period, less than the period [s] */
	constructor(period: number, quota: number) {
		this.#period = period;
		this.#quota = quota;
	}

	/**
	 * The stretch that begins now.
	 *
	 * @param last - the stretch before, if any, and when it ended
	 */
	begin(now: number, last?: {readonly stretch: BusyStretch; readonly end: number}): BusyStretch {
		const start = this.#startOf(now);
		if (last === undefined || last.end <= start) {
			return {since: now, left: this.#quota};
		}

		const {stretch, end} = last;
		const given = stretch.since > start ? stretch.left : this.#quota;
		return {since: now, left: Math.max(0, given - this.useBetween(stretch, Math.max(stretch.since, start), end))};
	}

	/** The first moment from `time` on at which the thread runs, such as one at which it can look at the clock [s]. */
	endAfter(stretch: BusyStretch, time: number): number {
		const start = this.#startOf(time);
		const isFirst = stretch.since >= start;
		const used = isFirst ? time - stretch.since : time - start;
		return used <= (isFirst ? stretch.left : this.#quota) ? time : start + this.#period;
	}

	/** CPU time that the thread uses between two moments of its stretch [core-s]. */
	useBetween(stretch: BusyStretch, from: number, to: number): number {
		return this.#useUntil(stretch, to) - this.#useUntil(stretch, from);
	}

	#useUntil({since, left}: BusyStretch, time: number): number {
		const second = this.#startOf(since) + this.#period;
		if (time <= second) {
			return Math.min(left, time - since);
		}

		const whole = Math.floor((time - second) / this.#period);
		const rest = time - second - whole * this.#period;
		return Math.min(left, second - since) + whole * this.#quota + Math.min(this.#quota, rest);
	}

	#startOf(time: number): number {
		return Math.floor(time / this.#period) * this.#period;
	}
}
