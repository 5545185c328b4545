/** A straight axis: data in, pixels out. */
export type Scale = {
	readonly low: number;
	readonly high: number;
	readonly at: (value: number) => number;
	/** Round values between the ends, about as many as asked for. */
	readonly ticks: readonly number[];
};

/** An axis from 0 to the first round value that is not below `most`. */
export function scaleFromZero(most: number, pixels: readonly [number, number], count: number): Scale {
	const step = stepOf(most > 0 ? most : 1, count);
	const high = Math.ceil((most > 0 ? most : 1) / step - 1e-9) * step;
	return scale([0, high], pixels, count);
}

/** An axis that ends where the data do. */
export function scale(
	[low, high]: readonly [number, number],
	[from, to]: readonly [number, number],
	count: number,
): Scale {
	const step = stepOf(high - low, count);
	const first = Math.ceil(low / step - 1e-9);
	const last = Math.floor(high / step + 1e-9);
	return {
		low,
		high,
		at: value => from + ((value - low) / (high - low)) * (to - from),
		ticks: Array.from({length: last - first + 1}, (_, index) => Number(((first + index) * step).toPrecision(12))),
	};
}

/** 1, 2 or 5 times a power of ten. */
function stepOf(span: number, count: number): number {
	const rough = span / count;
	const power = Number(`1e${Math.floor(Math.log10(rough))}`);
	return power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : rough / power > 1 ? 2 : 1);
}
