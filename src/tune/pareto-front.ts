/**
 * Which of several vectors no other one dominates: is as small in every part and smaller in one. Of equal ones the first
 * stands for all.
 *
 * @param vectors - of one length
 * @returns one answer a vector, in their order
 */
export function paretoFront(vectors: readonly (readonly number[])[]): boolean[] {
	return vectors.map(
		(vector, index) =>
			!vectors.some((other, place) => dominates(other, vector) || (place < index && equals(other, vector))),
	);
}

function dominates(a: readonly number[], b: readonly number[]): boolean {
	return a.every((value, index) => value <= b[index]!) && a.some((value, index) => value < b[index]!);
}

function equals(a: readonly number[], b: readonly number[]): boolean {
	return a.every((value, index) => value === b[index]);
}
