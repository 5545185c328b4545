/** Quantity that a history shows, with its 95 % interval, or why it cannot be identified from it. */
export type Identification = Identified | {readonly isIdentified: false; readonly reason: string};

/** Value with the ends of its 95 % interval, and what it was found from, as a sentence without its full stop. */
export type Identified = {
	readonly isIdentified: true;
	readonly value: number;
	readonly low: number;
	readonly high: number;
	readonly from: string;
};

export function notIdentified(reason: string): Identification {
	return {isIdentified: false, reason};
}
