/** The kubelet's longest back-off [s]. */
const longest = 300;

/**
 * How long the kubelet waits before it starts a container again: not at all the first time, then twice as long each time,
 * and from the beginning again when the container had run for twice the longest wait.
 * @see kubernetes v1.34 client-go/util/flowcontrol/backoff.go
 */
export class CrashBackoff {
	#next = 0;
	#startedAt = Number.NEGATIVE_INFINITY;

	/**
	 * The container died now.
	 *
	 * @param first - the first wait that is not 0 [s]
	 * @returns the wait [s]
	 */
	after(now: number, first: number): number {
		const isForgotten = now - this.#startedAt > 2 * longest;
		const wait = isForgotten ? 0 : this.#next;
		this.#next = Math.min(longest, isForgotten ? first : 2 * this.#next);
		this.#startedAt = now + wait;
		return wait;
	}
}
