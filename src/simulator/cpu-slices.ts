/**
 * CPU quota as the kernel enforces it on one thread that wants to run all the time: it runs until the quota of a period is
 * used up, and again from the next period on. Times are counted from the beginning of the first period [s].
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

	/** The first moment from `time` on at which the thread runs, such as one at which it can look at the clock [s]. */
	endAfter(time: number): number {
		const whole = Math.floor(time / this.#period);
		return time - whole * this.#period <= this.#quota ? time : (whole + 1) * this.#period;
	}

	/** CPU time between two moments [core-s]. */
	useBetween(from: number, to: number): number {
		return this.#useUntil(to) - this.#useUntil(from);
	}

	#useUntil(time: number): number {
		const whole = Math.floor(time / this.#period);
		return whole * this.#quota + Math.min(this.#quota, time - whole * this.#period);
	}
}
