/** A value, and the span of time within which it began to hold [s]. */
type Held<Value> = {readonly earliest: number; readonly latest: number; readonly value: Value};

/** Values that held one after the other; when exactly each began is known within a span. */
export class SeenValues<Value> {
	readonly #held: Held<Value>[] = [];
	readonly #keeps: number;

	/** @param keeps - values older than that are dropped, but for the one that held then [s] */
	constructor(keeps: number) {
		this.#keeps = keeps;
	}

	/** Adds the value that holds from now on; it began between the two times [s]. */
	add(value: Value, earliest: number, latest: number): void {
		this.#held.push({value, earliest, latest});
		const old = this.#held.findLastIndex(held => held.latest < latest - this.#keeps);
		if (old > 0) {
			this.#held.splice(0, old);
		}
	}

	/** The newest value. */
	get last(): Value | undefined {
		return this.#held.at(-1)?.value;
	}

	/**
	 * Values that may have held at some moment between two times [s].
	 *
	 * @param near - the most probable moment [s]
	 * @returns the value that is known to have held at `near` first, the others by their distance from it
	 */
	during(from: number, to: number, near: number): Value[] {
		const found = this.#held.flatMap(({value, earliest, latest}, index) => {
			const next = this.#held[index + 1];
			const isPossible = earliest <= to && (next === undefined || next.latest >= from);
			return isPossible ? [{value, distance: distanceOf(latest, next?.latest, near)}] : [];
		});
		const known = found.length > 0 ? found : this.#held.slice(0, 1).map(({value}) => ({value, distance: 0}));
		return known.toSorted((a, b) => a.distance - b.distance).map(({value}) => value);
	}
}

/** Distance of a moment from the span in which a value was seen to hold [s]. */
function distanceOf(begin: number, end: number | undefined, moment: number): number {
	if (moment < begin) {
		return begin - moment;
	}

	return end === undefined || moment < end ? 0 : moment - end;
}
