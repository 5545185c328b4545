/** Reconcile of the controller. */
export type Sync = {
	readonly index: number;
	/** Most probable time [s]; moved when a later one shows that it was earlier. */
	time: number;
	/** Times between which it lies [s]. */
	readonly from: number;
	readonly to: number;
	/** The status was written; else it left no trace. */
	readonly isWritten: boolean;
	/** It came sooner after the one before than the controller's queue allows: the controller began again. */
	readonly isEarly: boolean;
};

/** The status of an HPA is written and seen this long after the decision, at most, in most cases [s]. */
const usualLateness = 1;
/** From the read of the metrics to the write of the status, in the API server's whole seconds [s]. */
const writing = 1;
/** Least time that a reconcile itself takes [s]: it asks for the scale and for metrics. */
const leastWork = 0.005;
/** Drift of the period that is assumed until it was seen [s]. */
const firstDrift = 0.05;
/** Periods whose drift is remembered. */
const driftCount = 40;
/** Reconciles that are corrected by later ones: those of the longest window, an hour, at the shortest period. */
const chainLength = 720;

/**
 * Times of the controller's reconciles of one HPA. Its queue hands an HPA out again a whole period after the end of the
 * reconcile before, so that two of them are never closer; a status that is seen late is corrected by the next one.
 *
 * @see kubernetes pkg/controller/podautoscaler/horizontal.go, processNextWorkItem, and rate_limiters.go beside it
 */
export class SyncTimes {
	readonly period: number;
	readonly #drifts: number[] = [];
	/** Reconciles since the last time without sight, the newest last. */
	readonly #chain: Sync[] = [];
	#last: Sync;
	/** No reconcile has been seen yet, so that the phase is unknown. */
	#isAnchored = false;

	/** @param began - when the watch began [s] */
	constructor(period: number, began: number) {
		this.period = period;
		this.#last = {index: 0, time: began, from: began, to: began, isWritten: false, isEarly: false};
	}

	/** Time at which the next reconcile is expected [s]. */
	get expected(): number {
		return this.#last.time + this.period + this.#drift;
	}

	/** Reconcile that was seen by its status: `at` [s]; `written`: second in which the API server took it [s]. */
	written(at: number, written?: number): Sync {
		const last = this.#last;
		const isEarly = this.#isAnchored && at - last.from < this.period - writing;
		if (isEarly) {
			this.#chain.length = 0;
		} else {
			this.#correct(at);
		}

		const earliest = this.#isAnchored && !isEarly ? last.time + this.period : Number.NEGATIVE_INFINITY;
		const bySecond = written !== undefined && written <= at && at - written < 5 ? written - writing : at - 5;
		if (this.#isAnchored && last.isWritten && !isEarly) {
			this.#learn(at - last.time - this.period);
		}

		return this.#next({
			time: at,
			from: Math.min(at, Math.max(bySecond, Math.min(earliest, at - usualLateness))),
			to: at,
			isWritten: true,
			isEarly,
		});
	}

	/** Reconcile that left no trace, at its expected time. */
	silent(): Sync {
		const time = this.expected;
		const slack = this.#isAnchored
			? Math.min(this.period / 2, usualLateness + (time - this.#last.to) / 30)
			: this.period / 2;
		return this.#next({time, from: time - slack, to: time + slack, isWritten: false, isEarly: false});
	}

	/** Begins again after a time without sight. */
	restart(at: number): void {
		this.#isAnchored = false;
		this.#chain.length = 0;
		this.#last = {...this.#last, time: at, from: at, to: at, isWritten: false, isEarly: false};
	}

	#next(next: Omit<Sync, 'index'>): Sync {
		this.#isAnchored ||= next.isWritten;
		this.#last = {index: this.#last.index + 1, ...next};
		this.#chain.push(this.#last);
		this.#chain.splice(0, this.#chain.length - chainLength);
		return this.#last;
	}

	/** Moves the reconciles before one at `time` to where they leave a whole period between them [s]. */
	#correct(time: number): void {
		let next = time;
		for (const sync of this.#chain.toReversed()) {
			const latest = next - this.period - leastWork;
			if (sync.time <= latest) {
				return;
			}

			sync.time = Math.max(sync.from, latest);
			next = sync.time;
		}
	}

	#learn(drift: number): void {
		if (drift < this.period / 4) {
			this.#drifts.push(drift);
			this.#drifts.splice(0, this.#drifts.length - driftCount);
		}
	}

	/** Median of what a period takes beyond the controller's flag [s]. */
	get #drift(): number {
		const sorted = this.#drifts.toSorted((a, b) => a - b);
		return sorted[Math.floor(sorted.length / 2)] ?? firstDrift;
	}
}
