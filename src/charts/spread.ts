export type SpreadOptions = {
	/** Least distance of two neighbours. */
	readonly gap: number;
	readonly low: number;
	readonly high: number;
};

/** Positions near the wanted ones, in the same order, so that labels there do not touch. */
export function spread(wanted: readonly number[], {gap, low, high}: SpreadOptions): number[] {
	const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]!);
	const placed = new Array<number>(wanted.length);
	let floor = low;
	for (const index of order) {
		placed[index] = Math.max(wanted[index]!, floor);
		floor = placed[index]! + gap;
	}

	let ceiling = high;
	for (const index of order.toReversed()) {
		placed[index] = Math.min(placed[index]!, ceiling);
		ceiling = placed[index]! - gap;
	}

	return placed;
}
