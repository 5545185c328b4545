/**
 * Adds up the pods that an autoscaler keeps although its metrics ask for fewer: what its scale-down window, its
 * policies and its period hold back.
 */
export class HeldReplicas {
	readonly #minReplicas: number;
	readonly #from: number;
	#held = 0;
	#since = 0;
	#podSeconds = 0;

	/** @param from - begin of the time that counts [s] */
	constructor({minReplicas, from}: {readonly minReplicas: number; readonly from: number}) {
		this.#minReplicas = minReplicas;
		this.#from = from;
	}

	/**
	 * A reconcile.
	 *
	 * @param desiredReplicas - what it sets
	 * @param proposals - what each metric asks for; none when all failed
	 */
	decision(at: number, desiredReplicas: number, proposals: readonly number[]): void {
		this.#settle(at);
		const wanted = proposals.length === 0 ? desiredReplicas : Math.max(this.#minReplicas, ...proposals);
		this.#held = Math.max(0, desiredReplicas - wanted);
	}

	/** [pod-seconds] until then. */
	podSeconds(at: number): number {
		this.#settle(at);
		return this.#podSeconds;
	}

	#settle(at: number): void {
		const from = Math.max(this.#since, this.#from);
		if (at > from) {
			this.#podSeconds += this.#held * (at - from);
		}

		this.#since = at;
	}
}
