/** Values that external.metrics.k8s.io served, each from its time on, in the metric's own unit; NaN: none. */
export type ExternalValues = {
	readonly seconds: Float64Array;
	readonly metric: readonly string[];
	readonly value: Float64Array;
};

/** Longest time between what the autoscaler got and what an observer got who asks every half second [s]. */
const slack = 1.5;

type Served = {readonly from: number; readonly until: number; readonly milli: number};

/** External metrics as the autoscaler got them, from a record of what was served. */
export class ExternalSightings {
	readonly #served = new Map<string, Served[]>();

	constructor({seconds, metric, value}: ExternalValues) {
		for (const [row, name] of metric.entries()) {
			const from = seconds[row]!;
			const all = this.#served.get(name) ?? [];
			const last = all.at(-1);
			if (last !== undefined) {
				all[all.length - 1] = {...last, until: from};
			}

			all.push({from, until: Number.POSITIVE_INFINITY, milli: Math.round(value[row]! * 1000)});
			this.#served.set(name, all);
		}
	}

	/** Values of a metric at about a time, the likeliest first: the one then, and then the others by how near they are. */
	around(name: string, time: number): number[] {
		const distance = ({from, until}: Served) => Math.max(from - time, time - until, 0);
		return (this.#served.get(name) ?? [])
			.filter(served => distance(served) <= slack)
			.sort((a, b) => distance(a) - distance(b) || b.from - a.from)
			.map(({milli}) => milli);
	}

	/**
	 * Value of a metric at a time, in thousandths.
	 *
	 * @param fits - whether a value agrees with what the autoscaler's status says; of several the nearest one counts
	 * @returns undefined where none was served
	 */
	at(name: string, time: number, fits: (milli: number) => boolean = () => true): number | undefined {
		const near = this.around(name, time);
		const found = near.find(fits) ?? near[0];
		return found === undefined || Number.isNaN(found) ? undefined : found;
	}
}
