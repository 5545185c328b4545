/** Memory that one owner holds of a budget. */
export type Hold = {
	/** Holds more; false, and no more held, when there is no room. */
	readonly grow: (bytes: number) => boolean;
	/** Gives all of it back; a second call does nothing. */
	readonly release: () => void;
};

/** Limit on the bytes that are held at once; first come, first served. */
export class MemoryBudget {
	readonly #limit: number;
	#held = 0;

	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Bytes of all holds together. */
	get held(): number {
		return this.#held;
	}

	/** @returns the hold, to be released once; `undefined` when there is no room */
	take(bytes: number): Hold | undefined {
		let own = 0;
		const grow = (more: number) => {
			const fits = this.#held + more <= this.#limit;
			this.#held += fits ? more : 0;
			own += fits ? more : 0;
			return fits;
		};
		const release = () => {
			this.#held -= own;
			own = 0;
		};
		return grow(bytes) ? {grow, release} : undefined;
	}
}

const widest = /[\u0100-\uffff]/;

/** Memory that V8 needs for a text: a byte a character, two of them all once one is beyond Latin-1. */
export function textBytes(text: string): number {
	return widest.test(text) ? 2 * text.length : text.length;
}
