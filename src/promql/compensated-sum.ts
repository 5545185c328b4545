/**
 * Sum that carries what rounding loses, as Prometheus adds.
 *
 * @see prometheus v3.0 promql/functions.go, kahanSumInc (Neumaier's variant)
 */
export class CompensatedSum {
	#sum = 0;
	#lost = 0;

	add(value: number): void {
		const sum = this.#sum + value;
		if (!Number.isFinite(sum)) {
			this.#lost = 0;
		} else if (Math.abs(this.#sum) >= Math.abs(value)) {
			this.#lost += this.#sum - sum + value;
		} else {
			this.#lost += value - sum + this.#sum;
		}

		this.#sum = sum;
	}

	get value(): number {
		return this.#sum + this.#lost;
	}
}
