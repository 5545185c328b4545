// Go's integers, where they differ from doubles.

const lowestInt32 = -(2 ** 31);
const highestInt32 = 2 ** 31 - 1;

/**
 * A double cut to an int32 as Go does it on amd64.
 *
 * @returns the integer part; the lowest int32 when it does not fit or is not a number
 */
export function toInt32(value: number): number {
	const integer = Math.trunc(value);
	return integer >= lowestInt32 && integer <= highestInt32 ? integer + 0 : lowestInt32;
}

/** `value * factor / divisor` in 64-bit integers, cut towards zero. All three are integers, `divisor` is not 0. */
export function multiplyDivide(value: number, factor: number, divisor: number): number {
	const product = value * factor;
	return Number.isSafeInteger(product)
		? Math.trunc(product / divisor)
		: Number(BigInt.asIntN(64, BigInt(value) * BigInt(factor)) / BigInt(divisor));
}

/**
 * How long ago `time` was. Seconds in doubles carry noise in their last digits, which would move an instant across the
 * edge of a window: the difference is taken to whole microseconds.
 *
 * @returns [s]
 */
export function age(now: number, time: number): number {
	return Math.round((now - time) * 1e6) / 1e6;
}
