/** The values that are there: all but NaN, in their order. */
export function presentValues(values: ArrayLike<number>): ArrayLike<number> {
	const list = Array.from(values);
	return list.some(Number.isNaN) ? list.filter(value => !Number.isNaN(value)) : values;
}
