/** The label values that tenants can make, bounded: the first `limit` names keep theirs, later ones share `other`. */
export class TenantLabels {
	readonly #limit: number;
	readonly #labels = new Set<string>();

	constructor(limit: number) {
		this.#limit = limit;
	}

	/** @returns the label of a tenant, the same one whenever it is asked for */
	of(tenant: string): string {
		const label = this.#labels.has(tenant) || this.#labels.size < this.#limit ? tenant : 'other';
		this.#labels.add(label);
		return label;
	}

	/** Every label that was given out. */
	given(): Iterable<string> {
		return this.#labels;
	}
}
