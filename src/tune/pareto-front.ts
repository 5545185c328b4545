/**
 * Which of several vectors no other one dominates: is as small in every part and smaller in one. Of equal ones all stay.
 *
 * @param vectors - of one length
 * @returns one answer a vector, in their order
 */
export function paretoFront(vectors: readonly (readonly number[])[]): boolean[] {
	return vectors.map(vector => !vectors.some(other => dominates(other, vector)));
}

function dominates(a: readonly number[], b: readonly number[]): boolean {
	return a.every((value, index) => value <= b[index]!) && a.some((value, index) => value < b[index]!);
}
