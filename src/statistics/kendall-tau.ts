/**
 * Kendall's τ-b of two rankings of the same things: 1 when they agree on every pair, −1 when on none.
 *
 * @param first - a figure of each thing
 * @param second - another figure of each, in the same order
 * @returns NaN for fewer than two things, where one of the figures is the same for all, or where one is NaN
 * @throws {RangeError} when there are not as many of both
 * @see Kendall, The treatment of ties in ranking problems, Biometrika 33(3), 1945
 */
export function kendallTau(first: readonly number[], second: readonly number[]): number {
	if (first.length !== second.length) {
		throw new RangeError(`Expected second to hold ${first.length} figures, got ${second.length}`);
	}

	let [agreement, untiedInFirst, untiedInSecond] = [0, 0, 0];
	for (let i = 0; i < first.length; i++) {
		for (let j = 0; j < i; j++) {
			const [one, other] = [Math.sign(first[i]! - first[j]!), Math.sign(second[i]! - second[j]!)];
			agreement += one * other;
			untiedInFirst += Math.abs(one);
			untiedInSecond += Math.abs(other);
		}
	}

	return agreement / Math.sqrt(untiedInFirst * untiedInSecond);
}
